"""The compliance matrix."""
