"""Changing the mapping: a draft, what it would change for whom, and publishing it."""
