"""Which duty is whose: the mapping, its versions, what agencies answer, copies for other levels."""
