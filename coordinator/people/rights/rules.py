"""How long a right may be given, and who is found. Pure."""

from datetime import date, timedelta

EARLIEST_START = timedelta(days=31)  # before the day on which a right is given
MOST_FOUND = 20


def last_possible_day(from_on: date) -> date:
    """Return the last day that a right beginning on `from_on` may have: a year later."""
    try:
        return from_on.replace(year=from_on.year + 1)
    except ValueError:  # 29 February
        return date(from_on.year + 1, 2, 28)


def is_meant(asked: str, *names: str) -> bool:
    """Return whether every word that was asked for is in one of the names; case does not count."""
    words = asked.casefold().split()
    text = " ".join(names).casefold()
    return bool(words) and all(word in text for word in words)
