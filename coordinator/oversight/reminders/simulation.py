"""What the ladder will send, day by day, computed with the reminders' own code. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as day_time
from zoneinfo import ZoneInfo

from coordinator.clock import today
from coordinator.oversight.reminders import queries
from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.escalation import first_day
from coordinator.oversight.reminders.escalation_queries import all_told, leaving_at
from coordinator.oversight.reminders.rules import SEND_HOUR, ReminderSubject
from coordinator.oversight.reminders.service import digests, next_sending
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.people.directory.models import TaskForce


@dataclass(frozen=True, slots=True)
class Sending:
    """One day's digests."""

    on: date
    digests: list[Digest]


def simulate(
    task_force: TaskForce, *, extra: Sequence[queries.DueReport] = (), until: date | None = None
) -> list[Sending]:
    """Return the days on which something leaves, from the next sending on, if nobody reports.

    `extra` is owed in addition to what is in the database (a period that is not opened yet). The
    steps sent on one day of the simulation are not sent again on the next, and every mail arrives.
    """
    owed = sorted([*queries.due_reports(task_force), *extra], key=lambda item: item.last_day)
    sent = {
        key: set(steps)
        for key, steps in queries.sent_reminders(
            {item.obligation_id for item in owed}, today(task_force.zone)
        ).items()
    }
    days_off = directory.days_off()
    ladder = queries.all_steps(task_force.id)
    ids = {item.obligation_id for item in owed}
    told = all_told(ids, ladder.higher, task_force.zone, with_waiting=True)
    first = next_sending(task_force).date()
    days = {first}
    for item in owed:
        higher = [step.offset for step in ladder.higher if step.subject is item.subject]
        offsets = [*ladder.contacts[item.subject], *higher]
        days |= {step_on(item.last_day, offset, days_off) for offset in offsets}
    # Steps to the heads may wait until a day after somebody was notified.
    days |= {_day_after(at, task_force, days_off) for at in told.values()}
    found = []
    on: date | None = first
    while on is not None and (until is None or on <= until):
        leaving = digests(task_force, on, owed=owed, sent=sent, told=told)
        for digest in leaving:
            _take_as_sent(digest, sent)
            by_id = {item.obligation_id: item for item in digest.items}
            at = leaving_at(on, task_force.zone)
            for obligation_id in digest.steps:
                told.setdefault(by_id[obligation_id].key, at)
            days.add(_day_after(at, task_force, days_off))
        if leaving:
            found.append(Sending(on, leaving))
        on = min((day for day in days if day > on), default=None)
    return found


def _take_as_sent(
    digest: Digest, sent: dict[tuple[int, ReminderSubject, date, int], set[int]]
) -> None:
    by_id = {item.obligation_id: item for item in digest.items}
    steps = [*digest.steps.items(), *((key, [offset]) for key, offset in digest.escalated.items())]
    for obligation_id, offsets in steps:
        key = (*by_id[obligation_id].key, digest.account.id)
        sent.setdefault(key, set()).update(offsets)


def _day_after(at: datetime, task_force: TaskForce, days_off: frozenset[date]) -> date:
    """Return the first day whose reminders leave a day after an instant or later."""
    return first_day(
        date.min,
        at,
        send_hour=day_time(SEND_HOUR),
        zone=ZoneInfo(task_force.zone),
        days_off=days_off,
    )
