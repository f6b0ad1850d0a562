"""Words of answers and rulings. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum, auto

from coordinator.people.directory.rules import add_working_days, working_days_between


def due_to_rule(answered_on: date, days_off: Collection[date], *, days: int) -> date:
    """Return the day by which a question must be ruled on: `days` working days after it was asked.

    The term is the installation's own (RULING_DAYS); no regulation sets one.
    """
    return add_working_days(answered_on, days, days_off)


def working_days_late(due_on: date, on: date, days_off: Collection[date]) -> int:
    """Return by how many working days `on` is past a question's due day; 0 until then."""
    return working_days_between(due_on, on, days_off)


class Answer(StrEnum):
    """What an agency says of a duty."""

    ACCEPTED = auto()
    NEEDS_EXPLANATION = auto()
    NOT_OURS = auto()


class Outcome(StrEnum):
    """How the secretariat rules on a question or refusal."""

    STAYS = auto()
    MOVED = auto()
    SHARED = auto()
    REWORDED = auto()
