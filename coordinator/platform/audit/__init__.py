"""Who changed what, append-only, in the transaction of the change; sealed into a hash chain."""
