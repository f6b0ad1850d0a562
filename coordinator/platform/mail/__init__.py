"""The outbox: the only way a mail leaves."""
