"""Terms of a ruling, in working days. Pure."""

# Working days. The receiver of a moved duty gets this much time at least (docs/glossary.md).
DAYS_FOR_RECEIVER = 10
# What an agency gets that could not be reminded while its duty was in dispute.
DAYS_AFTER_DISPUTE = 5
