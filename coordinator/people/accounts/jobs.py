"""Housekeeping of the limiter and of ended sessions."""

from coordinator.people.accounts import limiter


def forget_old_counters() -> str:
    """Delete the limiter's counters of yesterday and sessions that ended a month ago."""
    return f"{limiter.forget_old_counters()} baris dihapus"
