"""Reporting periods: their windows, their reopenings and extensions, and a year of them."""
