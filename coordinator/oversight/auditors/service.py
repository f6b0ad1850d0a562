"""Notify the inspectors once a week how far the audit trail goes."""

from pathlib import Path

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.oversight.auditors import emails
from coordinator.oversight.auditors.queries import auditors
from coordinator.oversight.reminders.service import send_time
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import is_working_day
from coordinator.platform.audit.service import keep_head
from coordinator.platform.mail.queries import accounts_told
from coordinator.platform.mail.service import queue_email
from coordinator.platform.operations.head import BadHead, Mark, read_head


def is_time(task_force: TaskForce) -> bool:
    """Return whether it is a working day of the task force and past 08.00 local time."""
    on = today(task_force.zone)
    return is_working_day(on, directory.days_off()) and now() >= send_time(task_force, on)


def notify_auditors(task_force_id: int, *, data_dir: Path, secret_key: str) -> int:
    """Queue this week's mail on the head of the trail to each inspector; return how many.

    Each person gets one mail a week, on the first working day on which they have the access.
    No mail is sent before anything is sealed. A trail that no longer continues from its head, or
    whose head cannot be read, is reported even in a week that already had its normal mail.
    """
    goes_on = keep_head(data_dir, secret_key)
    try:
        head = read_head(data_dir)
    except BadHead:
        head = None
    mark = head.mark if head is not None and head.mark.hash else None
    if goes_on and mark is None:
        return 0
    return _queue(task_force_id, mark, goes_on=goes_on)


@transactional
def _queue(task_force_id: int, mark: Mark | None, *, goes_on: bool) -> int:
    task_force = db.session.get_one(TaskForce, task_force_id)
    if not is_time(task_force):
        return 0
    on = today(task_force.zone)
    year, week, _day = on.isocalendar()
    # The alarm is a separate occasion: this week's normal mail does not replace it.
    occasion = ("audit-head" if goes_on else "audit-head-lost", f"{year}-W{week:02}")
    # One mail a week: the head differs at the next tick, and would be sent again.
    told = accounts_told(occasion, task_force.id)
    new = [account for account in auditors(task_force_id, on) if account.id not in told]
    for account in new:
        queue_email(
            emails.head_of_trail(
                account=account,
                task_force=task_force,
                mark=mark,
                goes_on=goes_on,
                sample_data=account.is_sample,
            ),
            occasion=occasion,
            kind="audit_head",
            to_address=account.mail_address,
            account_id=account.id,
            task_force_id=task_force.id,
            thread=f"audit-head-{account.public_id}",
        )
    return len(new)
