"""A report as its readers see it: rows of a few prepared statements, never entities."""
