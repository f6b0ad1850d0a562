"""Views a person saved: a page with its filters, under a name."""
