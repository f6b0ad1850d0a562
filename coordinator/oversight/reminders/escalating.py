"""How far each late report is on its way to the head of its agency, and to the leadership."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from zoneinfo import ZoneInfo

from coordinator.oversight.reminders import escalation_queries, queries
from coordinator.oversight.reminders.escalation import (
    EscalationState,
    EscalationWay,
    HigherStep,
    Late,
    first_day,
    state_of,
    way_to_head,
)
from coordinator.oversight.reminders.escalation_queries import HeadOfAgency, leaving_at
from coordinator.oversight.reminders.queries import DueReport, NoticeKey
from coordinator.oversight.reminders.rules import (
    SEND_HOUR,
    SOONEST_ABOVE,
    Audience,
    ReminderSubject,
)
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.people.directory.models import TaskForce

# The steps sent so far, by obligation, subject, last day and person.
Sent = Mapping[tuple[int, ReminderSubject, date, int], Collection[int]]


@dataclass(frozen=True, slots=True)
class Escalation:
    """A step of one report to somebody above. `day` is the step's own."""

    item: DueReport
    step: HigherStep
    day: date
    state: EscalationState
    way: EscalationWay
    told_at: datetime | None
    head: HeadOfAgency

    @property
    def needs_letter(self) -> bool:
        """Whether the secretariat has a letter to prepare."""
        return self.state is EscalationState.DUE and self.way is EscalationWay.LETTER


def escalations(
    task_force: TaskForce,
    owed: Iterable[DueReport],
    steps: Sequence[HigherStep],
    on: date,
    *,
    days_off: Collection[date],
    sent: Sent,
    told: Mapping[NoticeKey, datetime] | None = None,
) -> list[Escalation]:
    """Return each step to somebody above of each report, in the order of `owed`, at 08.00 of a day;
    the caller has checked access to the reports, or acts for the scheduler.

    `told` (when somebody of the agency was first told of a report) is read from the database unless
    a simulation passes its own.
    """
    climbing = [
        (item, step, step_on(item.last_day, step.offset, days_off))
        for item in owed
        for step in steps
        if step.subject is item.subject
    ]
    if not climbing:
        return []
    come = {item.obligation_id for item, _step, day in climbing if day <= on}
    letters: dict[NoticeKey, date] = {}
    lost: set[tuple[NoticeKey, int]] = set()
    if come:
        if told is None:
            told = escalation_queries.all_told(come, steps, task_force.zone)
        letters = escalation_queries.all_letters(come)
        lost = escalation_queries.all_lost(come)
    told = told or {}
    mailed = {(key[:3], offset) for key, offsets in sent.items() for offset in offsets}
    heads = escalation_queries.all_heads({item.agency_id for item, _step, _day in climbing}, on)
    at = datetime.combine(on, day_time(SEND_HOUR), ZoneInfo(task_force.zone))
    found = []
    for item, step, day in climbing:
        head = heads[item.agency_id]
        is_for_head = step.audience is Audience.HEAD
        is_lost = (item.key, step.offset) in lost
        is_mailed = (item.key, step.offset) in mailed and not is_lost
        state = state_of(
            Late(item.last_day, item.subject, item.since),
            step,
            told_at=told.get(item.key),
            is_done=is_for_head and (is_mailed or letters.get(item.key, date.min) >= day),
            at=at,
            on=on,
            days_off=days_off,
        )
        found.append(
            Escalation(item, step, day, state, _way(step, head, is_lost), told.get(item.key), head)
        )
    return found


def _way(step: HigherStep, head: HeadOfAgency, is_lost: bool) -> EscalationWay:
    if step.audience is Audience.LEADERSHIP:
        return EscalationWay.LIST
    # A mail that came back is followed by a letter, not by a second mail.
    return way_to_head(head.kind, is_reachable=head.is_reachable and not is_lost)


@dataclass(frozen=True, slots=True)
class LetterDue:
    """An agency whose head is to get a letter about late reports, the longest late first."""

    slug: str
    abbreviation: str
    reports: tuple[DueReport, ...]


def letters_due(climbing: Iterable[Escalation]) -> list[LetterDue]:
    """Return the letters to prepare, that of the longest late first."""
    found: dict[str, list[DueReport]] = {}
    for one in climbing:
        if one.needs_letter:
            found.setdefault(one.head.slug, []).append(one.item)
    letters = [
        LetterDue(slug, items[0].agency, tuple(sorted(items, key=lambda item: item.last_day)))
        for slug, items in found.items()
    ]
    return sorted(letters, key=lambda one: (one.reports[0].last_day, one.abbreviation))


def all_come(
    task_force: TaskForce, late: Sequence[DueReport], on: date, audience: Audience
) -> list[Escalation]:
    """Return the steps to somebody above whose day has come, of late reports that the caller may
    see."""
    near = [item for item in late if item.last_day + timedelta(days=SOONEST_ABOVE) <= on]
    if not near:
        return []  # most days nothing is as late as that, and no ladder need be read
    steps = [step for step in queries.all_steps(task_force.id).higher if step.audience is audience]
    found = escalations(
        task_force,
        near,
        steps,
        on,
        days_off=directory.days_off(),
        sent=queries.sent_reminders({item.obligation_id for item in near}, on),
    )
    return [one for one in found if one.state in (EscalationState.DUE, EscalationState.DONE)]


def next_day(
    one: Escalation, task_force: TaskForce, on: date, days_off: Collection[date]
) -> date | None:
    """Return the day on which a step comes if nobody reports, and the agency is notified
    today where nobody told it before; None where it has come, or never does."""
    if one.state is EscalationState.AHEAD:
        base = one.day
    elif one.state is EscalationState.UNTOLD:
        base = on
    else:
        return None
    return first_day(
        base,
        one.told_at or leaving_at(on, task_force.zone),
        send_hour=day_time(SEND_HOUR),
        zone=ZoneInfo(task_force.zone),
        days_off=days_off,
    )
