"""Rights that the secretariat gives to a person for a time, besides their access."""
