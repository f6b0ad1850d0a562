"""Task forces, agencies, accounts and access, and taking people in."""
