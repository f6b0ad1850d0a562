"""Atas nama: the secretariat types a report from paper; the agency confirms or objects."""
