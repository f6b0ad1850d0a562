"""Getting agencies aboard: list import, letters, contact pages, and who cannot be reached."""
