"""Ruling on a disputed duty: the mapping, the open obligations and both agencies at once."""
