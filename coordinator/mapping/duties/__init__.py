"""Pokja, duties, legal bases and the agencies' answers; the YAML mapping."""
