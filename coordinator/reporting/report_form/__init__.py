"""The form an agency writes its report in: pages, and an address for each button."""
