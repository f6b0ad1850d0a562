"""Reading one report."""
