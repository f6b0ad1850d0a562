"""Pages of a file beside a report: its download, what may be said of it, its review."""
