"""Opening and closing a reporting period, step by step."""
