"""What every room stands on: audit, mail, documents, files, long work, spreadsheets, operations."""
