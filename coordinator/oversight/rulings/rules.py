"""Terms of a ruling, in working days. Pure."""

# The time for an agency that could not be reminded while its duty was in dispute.
DAYS_AFTER_DISPUTE = 5
