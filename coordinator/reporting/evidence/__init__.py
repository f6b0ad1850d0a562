"""Uses of a file as proof for an obligation: reasons, ticks, withdrawals, reviews."""
