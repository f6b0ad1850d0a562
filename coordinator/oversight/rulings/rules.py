"""Terms of a ruling, in working days. Pure."""

# What an agency gets that could not be reminded while its duty was in dispute.
DAYS_AFTER_DISPUTE = 5
