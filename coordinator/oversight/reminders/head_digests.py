"""The reminders of late reports that go to the heads of agencies, and what a late agency reads in
advance of who hears next."""

from collections.abc import Collection, Iterable
from datetime import date

from coordinator.clock import local
from coordinator.oversight.reminders.digest import Digest, NextStep
from coordinator.oversight.reminders.escalating import Escalation, next_day
from coordinator.oversight.reminders.escalation import EscalationState, EscalationWay
from coordinator.people.directory.models import TaskForce


def add_heads(
    by_person: dict[int, Digest], climbing: Iterable[Escalation], task_force: TaskForce
) -> None:
    """Add to the digests of a day what goes to the heads of agencies on it."""
    for one in climbing:
        head = one.head.grant
        if (
            one.state is not EscalationState.DUE
            or one.way is not EscalationWay.MAIL
            or head is None
        ):
            continue
        digest = by_person.setdefault(
            head.account_id,
            Digest(head.account, one.item.agency_id, one.item.agency, [], {}, {}, is_head=True),
        )
        digest.add_items([one.item])
        digest.escalated[one.item.obligation_id] = one.step.offset
        # Who is the agency's focal point too has told themselves nothing.
        if one.told_at is not None and one.item.obligation_id not in digest.grants:
            day = local(one.told_at, task_force.zone).date()
            digest.told_on[one.item.obligation_id] = day


def add_next_steps(
    digests: Collection[Digest],
    climbing: Iterable[Escalation],
    task_force: TaskForce,
    on: date,
    days_off: Collection[date],
) -> None:
    """Add to each digest about late reports who hears of the first of them next, and when."""
    coming: dict[int, list[tuple[date, int, Escalation]]] = {}
    for one in climbing:
        day = next_day(one, task_force, on, days_off) if one.item.last_day < on else None
        if day is not None:
            coming.setdefault(one.item.obligation_id, []).append((day, one.step.offset, one))
    for digest in digests:
        found = [step for item in digest.items for step in coming.get(item.obligation_id, ())]
        if found:
            day, _offset, first = min(found, key=lambda step: step[:2])
            digest.next_step = NextStep(day, first.way, first.item.agency)
