"""Comparing the duties with the texts of law that they cite: texts, verdicts, findings."""
