"""The receipt of a report: a page and a PDF."""
