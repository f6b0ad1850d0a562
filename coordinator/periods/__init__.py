"""Reporting periods, extensions, and the obligations they create."""
