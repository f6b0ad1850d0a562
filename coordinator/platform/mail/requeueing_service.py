"""Taking back that a mail was cancelled."""

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState, occasion_prefix
from coordinator.platform.mail.service import GRACE


@transactional
def requeue_emails_of(occasion: tuple[object, ...]) -> int:
    """Queue again what was cancelled on an occasion, with time to undo; return how many."""
    rows = list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(
                OutgoingEmail.key.startswith(occasion_prefix(occasion), autoescape=True),
                OutgoingEmail.state == MailState.CANCELLED,
            )
        )
    )
    for row in rows:
        row.state = MailState.QUEUED
        row.not_before = now() + GRACE
    return len(rows)
