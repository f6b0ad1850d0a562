"""The steps that a task force's ladder still takes if nobody reports, each with who is notified."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from coordinator.oversight.reminders import queries
from coordinator.oversight.reminders.escalating import Escalation, escalations, next_day
from coordinator.oversight.reminders.escalation import EscalationState, EscalationWay
from coordinator.oversight.reminders.queries import DueReport, Ladder
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.people.directory.models import TaskForce


class StepReceiver(StrEnum):
    """Whom a step tells, and whether it waits for something."""

    CONTACTS = auto()
    HEAD = auto()
    LETTER = auto()  # to the head, for signature
    LETTER_NOW = auto()
    HEAD_WAITS = auto()  # until the agency's people have been told
    LEADERSHIP = auto()
    LEADERSHIP_NOW = auto()
    LEADERSHIP_WAITS = auto()


MAILED = (StepReceiver.CONTACTS, StepReceiver.HEAD)
TOLD_BY = {
    EscalationWay.MAIL: StepReceiver.HEAD,
    EscalationWay.LETTER: StepReceiver.LETTER,
    EscalationWay.LIST: StepReceiver.LEADERSHIP,
}


@dataclass(frozen=True, slots=True)
class ComingStep:
    """One step about one report. `on` is None where nobody knows yet."""

    on: date | None
    offset: int
    item: DueReport
    receiver: StepReceiver


@dataclass(frozen=True, slots=True)
class StepGroup:
    """The same step of one agency on one day, with the reports that it is about."""

    on: date | None
    agency: str
    subject: ReminderSubject
    offset: int
    receiver: StepReceiver
    reports: tuple[DueReport, ...]


def grouped(steps: Iterable[ComingStep]) -> list[StepGroup]:
    """Return steps by day, agency and step, in the order in which each is first met."""
    found: dict[tuple[date | None, str, ReminderSubject, int, StepReceiver], list[DueReport]] = {}
    for one in steps:
        key = (one.on, one.item.agency, one.item.subject, one.offset, one.receiver)
        found.setdefault(key, []).append(one.item)
    return [StepGroup(*key, tuple(items)) for key, items in found.items()]


def coming_steps(
    task_force: TaskForce,
    owed: Sequence[DueReport],
    ladder: Ladder,
    *,
    on: date,
    sending_on: date,
    until: date,
) -> tuple[list[ComingStep], list[Escalation]]:
    """Return the steps about reports that the caller may see, from today to a day, what waits
    first; and how far each is on its way up. `sending_on` is the next day with mails."""
    days_off = directory.days_off()
    climbing = escalations(
        task_force,
        owed,
        ladder.higher,
        on,
        days_off=days_off,
        sent=queries.sent_reminders({item.obligation_id for item in owed}, on),
    )
    found = [
        ComingStep(step_on(item.last_day, offset, days_off), offset, item, StepReceiver.CONTACTS)
        for item in owed
        for offset in ladder.contacts[item.subject]
    ]
    for one in climbing:
        step = _coming(one, task_force, on, sending_on, days_off)
        if step is not None:
            found.append(step)
    found = [step for step in found if step.on is None or on <= step.on <= until]
    return sorted(
        found, key=lambda one: (one.on or date.min, one.item.agency, one.item.obligation_id)
    ), climbing


def _coming(
    one: Escalation, task_force: TaskForce, on: date, sending_on: date, days_off: frozenset[date]
) -> ComingStep | None:
    if one.state in (EscalationState.PASSED, EscalationState.DONE):
        return None
    is_list = one.way is EscalationWay.LIST
    if one.state is EscalationState.UNTOLD and one.told_at is None:
        receiver = StepReceiver.LEADERSHIP_WAITS if is_list else StepReceiver.HEAD_WAITS
        return ComingStep(None, one.step.offset, one.item, receiver)
    if one.state is EscalationState.DUE and one.way is not EscalationWay.MAIL:
        receiver = StepReceiver.LEADERSHIP_NOW if is_list else StepReceiver.LETTER_NOW
        return ComingStep(on, one.step.offset, one.item, receiver)
    day = (
        sending_on if one.state is EscalationState.DUE else next_day(one, task_force, on, days_off)
    )
    return ComingStep(day, one.step.offset, one.item, TOLD_BY[one.way])
