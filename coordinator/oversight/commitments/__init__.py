"""The list of assignments: who has what, how far its report is, what of the year is verified."""
