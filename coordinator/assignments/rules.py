"""Words and arithmetic of assignments. Pure."""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum, auto

MOST_PARTS = 6  # of one action item; more is a plan of its own
BUDGET_CODE = re.compile(r"\d{1,2}(?:\.\d{1,4}){1,7}")
AMOUNT = re.compile(r"(?:rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:00|-))?")
LARGEST_AMOUNT = 999_999_999_999_999  # rupiah


class BasisKind(StrEnum):
    """Where an assignment was born: a letter, or a meeting."""

    LETTER = auto()
    MEETING = auto()


class ReportedIn(StrEnum):
    """In which periods an assignment is reported: in each, in the one that holds its due date, or
    in those that end in chosen months. The first and the last go on after the due date: what is
    overdue is asked until somebody closes it."""

    EVERY = auto()
    LAST = auto()
    MONTHS = auto()


class BudgetState(StrEnum):
    """What is known of the money: nobody said, said to have none yet, or a line of the budget."""

    UNSTATED = auto()
    NONE = auto()
    STATED = auto()


class CloseKind(StrEnum):
    """Why an assignment was closed."""

    DONE = auto()
    DISCONTINUED = auto()
    MISTAKEN = auto()
    OTHER = auto()


class ChangeKind(StrEnum):
    """What happened to an assignment after it was given."""

    REASSIGNED = auto()
    SUPPORT_ADDED = auto()
    SUPPORT_REMOVED = auto()
    SPLIT = auto()
    DUE_MOVED = auto()
    AMENDED = auto()
    CLOSED = auto()


def months_mask(months: Collection[int]) -> int:
    """Return months (1 to 12) as one number, a bit a month."""
    return sum(1 << (month - 1) for month in set(months))


def months_of(mask: int | None) -> tuple[int, ...]:
    """Return the months that `months_mask` put into a number, in order."""
    return tuple(month for month in range(1, 13) if (mask or 0) & (1 << (month - 1)))


def is_reported_in(
    reported_in: ReportedIn,
    months: int | None,
    due_on: date,
    *,
    covers_from: date,
    covers_until: date,
) -> bool:
    """Return whether an assignment is reported in the period from `covers_from` to `covers_until`.

    An open assignment is still reported after its due date. `months` is a `months_mask`.
    """
    if reported_in is ReportedIn.LAST:
        return covers_from <= due_on <= covers_until
    if reported_in is ReportedIn.MONTHS:
        return covers_until.month in months_of(months)
    return True


def is_budget_code(text: str) -> bool:
    """Return whether a text looks like a kode sub-kegiatan, such as 2.08.03.2.01.0002.

    That is groups of digits with dots. Which codes exist is not checked: Kepmendagri nomenklatur
    changes.
    """
    return BUDGET_CODE.fullmatch(text) is not None


def parse_rupiah(text: str) -> int | None:
    """Read whole rupiah as people write them ("Rp 12.500.000", "12500000", "12.500.000,00");
    None for anything else."""
    found = AMOUNT.fullmatch(text.strip().casefold().replace("\u00a0", " "))
    if found is None:
        return None
    value = int(found[1].replace(".", ""))
    return value if value <= LARGEST_AMOUNT else None
