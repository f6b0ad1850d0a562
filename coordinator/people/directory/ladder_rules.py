"""When the steps of a ladder of reminders fall due. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum, auto

from coordinator.people.directory.rules import working_day_on_or_after, working_day_on_or_before


class NoticeOutcome(StrEnum):
    """Sent with a mail, or passed over because the server was off that day."""

    SENT = auto()
    SKIPPED = auto()


def step_on(due_on: date, offset_days: int, days_off: Collection[date]) -> date:
    """Return the working day on which a step is sent.

    A step before or on the last day that falls on a day off goes out the working day before, one
    after it the working day after.
    """
    day = due_on + timedelta(days=offset_days)
    if offset_days <= 0:
        return working_day_on_or_before(day, days_off)
    return working_day_on_or_after(day, days_off)


def steps_due(
    due_on: date,
    offsets: Collection[int],
    *,
    on: date,
    since: date,
    sent: Collection[int],
    days_off: Collection[date],
) -> list[int]:
    """Return the steps (offsets, earliest first) that are due on the day `on`.

    A step is due when its day has come and it is not in `sent`. Steps whose day was before `since`
    (the day the obligation began) were never owed. The last of the list is sent; the earlier ones
    were missed and are recorded as passed over.
    """
    return [
        offset
        for offset in sorted(offsets)
        if offset not in sent and since <= step_on(due_on, offset, days_off) <= on
    ]
