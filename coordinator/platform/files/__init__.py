"""Bytes that people hand in: read and cleaned, stored under their hash, shown small, handed out."""
