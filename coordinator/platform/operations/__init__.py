"""Keeping the installation alive: start, backup, restore, doctor, job records."""
