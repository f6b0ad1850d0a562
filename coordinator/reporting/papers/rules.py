"""What an agency may say of a report typed for it. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum, auto

from coordinator.people.directory.rules import working_days_between

CONFIRM_WITHIN = 10  # working days


class AgencyAnswer(StrEnum):
    """The agency's word about what was typed for it."""

    CONFIRMED = auto()
    OBJECTED = auto()


def is_unconfirmed_long(typed_on: date, on: date, days_off: Collection[date]) -> bool:
    """Tell whether the agency has been silent about it for more than ten working days: the report
    is then counted apart."""
    return working_days_between(typed_on, on, days_off) > CONFIRM_WITHIN
