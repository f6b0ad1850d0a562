"""An agency's open reports as one sheet: filled offline, checked, applied as a whole."""
