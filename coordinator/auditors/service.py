"""Telling the inspectors once a week how far the audit trail goes."""

from datetime import date, timedelta
from pathlib import Path

from coordinator.audit.service import keep_head
from coordinator.auditors import emails
from coordinator.auditors.queries import auditors
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory import queries as directory
from coordinator.directory.models import TaskForce
from coordinator.directory.rules import is_working_day
from coordinator.mail.queries import accounts_told
from coordinator.mail.service import queue_email
from coordinator.operations.head import BadHead, Mark, read_head
from coordinator.reminders.service import send_time


def is_time(task_force: TaskForce) -> bool:
    """Tell whether 08.00 of the week's first working day is past; a week without any has none."""
    on, off = today(task_force.zone), directory.days_off()
    monday = on - timedelta(days=on.weekday())
    days = (monday + timedelta(days=number) for number in range(on.weekday() + 1))
    first: date | None = next((day for day in days if is_working_day(day, off)), None)
    return first is not None and now() >= send_time(task_force, first)


def tell_auditors(task_force_id: int, *, data_dir: Path, secret_key: str) -> int:
    """Queue this week's mail on the head of the trail to each inspector; return how many.

    Once a week and person, whenever the week's first 08.00 is past. Nothing is told before there
    is a head; one that the table no longer goes on from is told as such.
    """
    goes_on = keep_head(data_dir, secret_key)
    try:
        head = read_head(data_dir)
    except BadHead:
        head = None
    if head is None or not head.mark.hash:
        return 0
    return _queue(task_force_id, head.mark, goes_on=goes_on)


@transactional
def _queue(task_force_id: int, mark: Mark, *, goes_on: bool) -> int:
    task_force = db.session.get_one(TaskForce, task_force_id)
    if not is_time(task_force):
        return 0
    on = today(task_force.zone)
    year, week, _day = on.isocalendar()
    occasion = ("audit-head", f"{year}-W{week:02}")
    # One mail a week: the head of the next tick is another, and would be another mail.
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
