"""Taking back that a mail was cancelled."""

from coordinator.clock import now
from coordinator.db import transactional
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import GRACE, all_on_occasion


@transactional
def requeue_emails_of(occasion: tuple[object, ...]) -> int:
    """Queue again what was cancelled on an occasion, with time to undo; return how many."""
    rows = all_on_occasion(occasion, MailState.CANCELLED)
    for row in rows:
        row.state = MailState.QUEUED
        row.not_before = now() + GRACE
    return len(rows)
