"""Task forces, agencies with their aliases, and working days."""
