"""Pages of a file attached to a report: its download, what may be said of it, its review."""
