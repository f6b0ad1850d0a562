"""The head's approval, where an agency wants it."""
