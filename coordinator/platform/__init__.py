"""What every room builds on: audit, mail, documents, files, long work, spreadsheets, operations."""
