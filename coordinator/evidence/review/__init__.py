"""A file that somebody takes back for identity while others use it: hidden, then decided."""
