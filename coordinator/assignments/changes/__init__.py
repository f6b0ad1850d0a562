"""Giving work on screen, singly and in bulk; moving, splitting and closing it."""
