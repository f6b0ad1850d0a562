"""What the ladder will send, day by day, computed with the reminders' own code. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coordinator.clock import today
from coordinator.oversight.reminders import queries
from coordinator.oversight.reminders.digest import Digest
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
    steps sent on one day of the simulation are not sent again on the next.
    """
    owed = sorted([*queries.due_reports(task_force), *extra], key=lambda item: item.last_day)
    sent = {
        key: set(steps)
        for key, steps in queries.sent_reminders(
            {item.obligation_id for item in owed}, today(task_force.zone)
        ).items()
    }
    days_off = directory.days_off()
    ladder = queries.steps(task_force.id)
    first = next_sending(task_force).date()
    steps = {
        step_on(last_day, offset, days_off)
        for last_day, subject in {(item.last_day, item.subject) for item in owed}
        for offset in ladder[subject]
    }
    found = []
    for on in sorted({first} | {day for day in steps if day > first}):
        if until is not None and on > until:
            break
        leaving = digests(task_force, on, owed=owed, sent=sent)
        for digest in leaving:
            by_id = {item.obligation_id: item for item in digest.items}
            for obligation_id, offsets in digest.steps.items():
                item = by_id[obligation_id]
                key = (obligation_id, item.subject, item.last_day, digest.account.id)
                sent.setdefault(key, set()).update(offsets)
        if leaving:
            found.append(Sending(on, leaving))
    return found
