"""Onboarding of agencies: list import, letters, contact pages, and who cannot be reached."""
