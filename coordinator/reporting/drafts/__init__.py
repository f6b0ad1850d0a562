"""A report being written: its text, its files, and whether it can still be written in."""
