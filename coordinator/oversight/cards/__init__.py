"""Kartu Peran: one page per agency made from the mapping; published, printed, taken along."""
