"""The auditor's random sample of verified reports, and what was found."""
