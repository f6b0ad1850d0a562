"""A list of people from a spreadsheet: read in a child, shown, then applied as a whole."""
