"""What the queue is narrowed to, what a verifier decides, and what a verdict may hold. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum, auto

from coordinator.formatting import parse_number
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.rules import (
    ReportState,
    ReturnReason,
    ShortfallReason,
    Verdict,
)

REVISE_WITHIN = 3  # working days
LONGEST_REVISION = 90  # days; a later date is taken for a typing error
UNDO_WITHIN = timedelta(seconds=60)  # less than the grace of the mails about it


class Flag(StrEnum):
    """What the queue can be narrowed to; the values are used in addresses."""

    ON_BEHALF = "atas-nama"
    REUSED_FILE = "dipakai-ulang"
    NO_EVIDENCE = "tanpa-bukti"
    NOT_MINE = "verifikator-lain"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which part of the queue is asked for; empty is all of it."""

    working_group: str = ""
    agency: str = ""
    flag: Flag | None = None


ALL_REPORTS = QueueFilter()


@dataclass(frozen=True, slots=True)
class VerifyInput:
    """What a verifier accepts of the submission they saw."""

    revision_number: int
    identity_checked: bool = False
    # Public ids of the files a person has looked at for victims' identity. Such a tick speaks of
    # the report's texts too, so that nobody ticks the same thing twice.
    checked_files: Collection[str] = frozenset()
    # The accepted value by indicator id, as typed; an indicator left out is accepted as reported.
    values: Mapping[int, str] = field(default_factory=dict)
    # The unlikely texts among them that the verifier confirmed, by indicator id.
    confirmed: Mapping[int, str] = field(default_factory=dict)
    shortfall_reason: ShortfallReason | None = None


@dataclass(frozen=True, slots=True)
class ReturnInput:
    """Why a verifier sends back the submission they saw, and by when it is to be revised."""

    revision_number: int
    return_reason: ReturnReason | None = None
    remark: str = ""
    revise_by_on: date | None = None
    # Kept with the verdict, never required: only what is accepted must be free of identities.
    identity_checked: bool = False


class ValueProblem(StrEnum):
    """Why a typed value cannot be accepted; the service has the words."""

    NOT_A_NUMBER = auto()
    MORE_THAN_REPORTED = auto()


def accepted_value(
    typed: str | None, reported: Decimal, kind: IndicatorKind
) -> Decimal | ValueProblem:
    """Return the value that a verifier accepts, or what keeps it from being accepted.

    Without input it is the reported value. Yes and no are 1 and 0.
    """
    if typed is not None and kind is IndicatorKind.PERCENT:
        typed = typed.strip().removesuffix("%")
    value = reported if typed is None else parse_number(typed)
    if value is None:
        return ValueProblem.NOT_A_NUMBER
    is_choice = kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
    if value > reported or (is_choice and value not in (0, 1)):
        return ValueProblem.MORE_THAN_REPORTED
    return value


class ReviseByProblem(StrEnum):
    """Why a report cannot be asked back by a day; the service has the words."""

    NOT_LATER = auto()
    TOO_FAR = auto()


def revise_by_problem(revise_by_on: date | None, on: date) -> ReviseByProblem | None:
    """Return what is wrong with the day by which a report must be revised, as of the day `on`.

    It must be later, and at most LONGEST_REVISION days away.
    """
    if revise_by_on is None or revise_by_on <= on:
        return ReviseByProblem.NOT_LATER
    if (revise_by_on - on).days > LONGEST_REVISION:
        return ReviseByProblem.TOO_FAR
    return None


def may_undo(
    verdict: Verdict,
    state: ReportState,
    *,
    decided_at: datetime,
    saved_at: datetime,
    is_new: bool,
) -> bool:
    """Return whether its verifier can still undo a verdict: it is new, and the report stayed as it
    left it. `saved_at` is when the report's draft was last saved.
    """
    return is_new and state.value == verdict.value and saved_at <= decided_at
