"""What an agency may say of a report typed for it. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum, auto

from coordinator.people.directory.rules import working_days_between

CONFIRM_WITHIN = 10  # working days


class AgencyAnswer(StrEnum):
    """The agency's answer about what was typed for it."""

    CONFIRMED = auto()
    OBJECTED = auto()


def is_unconfirmed_long(typed_on: date, on: date, days_off: Collection[date]) -> bool:
    """Return whether the agency has not answered for more than ten working days.

    The report is then counted separately.
    """
    return working_days_between(typed_on, on, days_off) > CONFIRM_WITHIN
