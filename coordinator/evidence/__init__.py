"""Files that prove a report: received, cleaned, stored under their hash."""
