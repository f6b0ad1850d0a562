"""Links in mails: one report of one agency and period, without a password."""
