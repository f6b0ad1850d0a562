"""The reminder job."""

from coordinator.oversight.reminders import service
from coordinator.people.directory.queries import active_task_forces


def queue_todays_reminders() -> str:
    """Queue what is due today in every task force whose 08.00 has come; once a day each.

    A task force that became active while we run gets the usual ladder here: without one nobody
    there would ever be reminded.
    """
    ids = [force.id for force in active_task_forces()]
    for task_force_id in ids:
        service.ensure_ladder(task_force_id)
    counts = [service.queue_reminders(task_force_id) for task_force_id in ids]
    done = [count for count in counts if count is not None]
    return f"{sum(done)} email diantrekan" if done else "tidak ada yang baru"
