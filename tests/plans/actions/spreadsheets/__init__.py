"""Sixty and more files as offices make them, and as nobody should: each with what reading finds."""
