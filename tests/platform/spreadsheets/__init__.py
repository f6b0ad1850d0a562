"""The shared reading of spreadsheets and CSV."""
