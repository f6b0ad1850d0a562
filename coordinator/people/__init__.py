"""Task forces, agencies, accounts, access, and onboarding."""
