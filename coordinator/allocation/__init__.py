"""Giving work, alone and in bulk; moving, splitting and closing it; letters of assignment."""
