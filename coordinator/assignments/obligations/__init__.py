"""Who has to report in which period: obligations, more time for them, and what is in dispute."""
