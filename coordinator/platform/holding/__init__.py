"""Letting mail go that was held: somebody says that the clock, or this place, is right."""
