"""Which secretariats of other task forces were notified of which version of a plan."""

from collections import defaultdict

import sqlalchemy as sa

from coordinator.db import db
from coordinator.plans.versions.queries import mail_thread
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState

ELSEWHERE_KIND = "plan_changed_elsewhere"


def all_told_elsewhere(key: str) -> dict[tuple[int, int], set[MailState]]:
    """Return how far the mails to secretariats of other task forces are, by version of a plan and
    task force."""
    start = mail_thread(key, 0).removesuffix("0")
    rows = db.session.execute(
        sa.select(OutgoingEmail.thread, OutgoingEmail.task_force_id, OutgoingEmail.state)
        .where(
            OutgoingEmail.kind == ELSEWHERE_KIND,
            OutgoingEmail.thread.startswith(start, autoescape=True),
        )
        .distinct()
    )
    found: dict[tuple[int, int], set[MailState]] = defaultdict(set)
    for row in rows:
        if row.task_force_id is not None:
            found[int(row.thread.removeprefix(start)), row.task_force_id].add(row.state)
    return dict(found)
