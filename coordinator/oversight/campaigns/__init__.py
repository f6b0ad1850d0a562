"""The campaign: the secretariat asks agencies to answer their duties by a day."""
