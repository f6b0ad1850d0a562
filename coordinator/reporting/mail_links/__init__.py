"""The links without a password in mails about reports: their tokens, and what each opens."""
