"""From which day a version may hold."""

from datetime import date

from coordinator.errors import InvalidInput
from coordinator.formatting import plain_date
from coordinator.mapping.duties.queries import current_version
from coordinator.periods.queries import newest_closed_end
from coordinator.translation import gettext as _


def refuse_early(effective_on: date, task_force_id: int, on: date) -> None:
    """Refuse a day before the end of the newest closed period, or before the version in force
    begins. Raises InvalidInput."""
    closed = newest_closed_end(task_force_id, on)
    if closed is not None and effective_on < closed:
        message = _(
            "Paling awal %(day)s: sampai hari itu periode yang sudah ditutup memakai pemetaan "
            "sebelumnya.",
            day=plain_date(closed),
        )
        raise InvalidInput({"effective_on": message})
    newest = current_version(task_force_id)
    start = newest.earliest_next if newest is not None else None
    if start is not None and effective_on < start:
        message = _(
            "Paling awal %(day)s: sejak hari itu berlaku versi sebelumnya.", day=plain_date(start)
        )
        raise InvalidInput({"effective_on": message})
