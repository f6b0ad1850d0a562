"""When a late report goes to the head of an agency, and then to the leadership. Pure.

Nobody above hears what those who must act have not heard before: a step to a superior is due only
if a notice to the agency's people was accepted by a mail server, or given by hand, a day earlier.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as day_time
from enum import StrEnum, auto

from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.people.directory.ladder_rules import step_on
from coordinator.people.directory.rules import AgencyKind, working_day_on_or_after

NOTICE_AHEAD = timedelta(hours=24)
# The government's own: only their heads are written to without a signature.
MAILED_KINDS = frozenset({AgencyKind.PERANGKAT_DAERAH})


class EscalationWay(StrEnum):
    """How somebody above is notified."""

    MAIL = auto()  # to the head of the agency
    LETTER = auto()  # to the head, for signature
    LIST = auto()  # on the leadership's first page


class EscalationState(StrEnum):
    """How far a step to somebody above is."""

    AHEAD = auto()  # its day has not come
    PASSED = auto()  # its day was before the step was there, or before the report was owed
    UNTOLD = auto()  # its day has come, and nobody of the agency was notified a day before
    DUE = auto()
    DONE = auto()  # the head got a mail, or a letter was noted


@dataclass(frozen=True, slots=True)
class HigherStep:
    """A step of the ladder for the head or the leadership.

    `since` is the day it was added: what was late before is not escalated all at once.
    """

    subject: ReminderSubject
    offset: int  # calendar days from the last day
    audience: Audience
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Late:
    """What the rule knows of one report that is owed. `began_on` is the day from which it was."""

    last_day: date
    subject: ReminderSubject
    began_on: date


def state_of(
    late: Late,
    step: HigherStep,
    *,
    told_at: datetime | None,
    is_done: bool,
    at: datetime,
    on: date,
    days_off: Collection[date],
) -> EscalationState:
    """Return how far a step is at the instant `at` of the day `on`.

    `told_at` is when somebody of the agency was first told of the report, None if nobody was.
    """
    if is_done:
        return EscalationState.DONE
    day = step_on(late.last_day, step.offset, days_off)
    if day < max(step.since, late.began_on):
        return EscalationState.PASSED
    if day > on:
        return EscalationState.AHEAD
    if told_at is None or told_at > at - NOTICE_AHEAD:
        return EscalationState.UNTOLD
    return EscalationState.DUE


def way_to_head(kind: AgencyKind, *, is_reachable: bool) -> EscalationWay:
    """Return how the head of an agency is notified: by mail in the own government where they have a
    mailbox that takes mail, else by a letter for signature."""
    return EscalationWay.MAIL if kind in MAILED_KINDS and is_reachable else EscalationWay.LETTER


def first_day(
    day: date, told_at: datetime, *, send_hour: day_time, zone: tzinfo, days_off: Collection[date]
) -> date:
    """Return the working day on which a step goes up if nobody reports: its own, or the first whose
    hour of sending is a day after somebody of the agency was notified."""
    soonest = (told_at + NOTICE_AHEAD).astimezone(zone)
    later = soonest.date() + timedelta(days=soonest.time() > send_hour)
    return working_day_on_or_after(max(day, later), days_off)


def told_by_hand(noted_at: datetime, end_of_day: datetime) -> datetime:
    """Return the instant at which a contact counts as a notice: when it was noted, or the end of
    its day if that was earlier."""
    return min(noted_at, end_of_day)
