"""Surat penugasan: what an agency was given, on the task force's paper, as PDF and DOCX."""
