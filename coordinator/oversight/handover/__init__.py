"""Handover: one person leaves, another takes over, and a page documents it."""
