"""Putting mails in the outbox and taking them out. See docs/decisions/0004-outbox.md."""

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.mail.models import OutgoingEmail
from coordinator.mail.rules import MOST_ATTEMPTS, MailState, one_line, retry_after

LEASE = timedelta(seconds=90)  # more than twice the longest SMTP conversation (30 s)
GRACE = timedelta(minutes=2)  # time to undo before an event's mail leaves


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered mail: subject, plain text, HTML. Links are placeholders (mail.rules)."""

    subject: str
    text: str
    html: str


def queue_email(
    email: Email,
    *,
    key: str,
    kind: str,
    to_address: str,
    account_id: int | None = None,
    task_force_id: int | None = None,
    thread: str = "",
    not_before: datetime | None = None,
) -> OutgoingEmail | None:
    """Add a mail to the running transaction; None where `key` is already in the outbox.

    `key` names the occasion and the receiver, so that the same occasion never makes two mails.
    The Message-ID is derived from it and fixed now: a repeat after a crash can be recognised.
    `thread` groups mails on one subject (References); `not_before` delays the sending.
    """
    exists = db.session.scalar(sa.select(OutgoingEmail.id).where(OutgoingEmail.key == key))
    if exists:
        return None
    stamp = now()
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    row = OutgoingEmail(
        key=key,
        message_id=f"<{digest}@koordinator-tppo>",
        thread=thread,
        kind=kind,
        task_force_id=task_force_id,
        account_id=account_id,
        to_address=to_address,
        subject=one_line(email.subject),
        text=email.text,
        html=email.html,
        state=MailState.QUEUED,
        attempts=0,
        queued_at=stamp,
        not_before=not_before or stamp,
        answer="",
    )
    db.session.add(row)
    db.session.flush()
    return row


@transactional
def claim_next(owner: str) -> OutgoingEmail | None:
    """Lease the oldest mail that is due to `owner`; None when there is none.

    A lease that ran out (its sender died) is taken over: the mail may then have left already,
    which is the one repeat SMTP cannot exclude.
    """
    stamp = now()
    due = sa.or_(
        sa.and_(OutgoingEmail.state == MailState.QUEUED, OutgoingEmail.not_before <= stamp),
        sa.and_(OutgoingEmail.state == MailState.SENDING, OutgoingEmail.lease_until < stamp),
    )
    row = db.session.scalar(
        sa.select(OutgoingEmail)
        .where(due)
        .order_by(OutgoingEmail.not_before, OutgoingEmail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.state = MailState.SENDING
    row.lease_by = owner
    row.lease_until = stamp + LEASE
    row.attempts += 1
    return row


def _leased(email_id: int, owner: str) -> OutgoingEmail | None:
    row = db.session.get(OutgoingEmail, email_id)
    if row is None or row.state is not MailState.SENDING or row.lease_by != owner:
        return None
    row.lease_by = None
    row.lease_until = None
    return row


@transactional
def mark_sent(email_id: int, owner: str, *, answer: str) -> bool:
    """Mark a leased mail as sent with the server's `answer`; False where the lease was lost."""
    row = _leased(email_id, owner)
    if row is None:
        return False
    row.state = MailState.SENT
    row.sent_at = now()
    row.answer = answer[:300]
    return True


@transactional
def mark_failed(email_id: int, owner: str, *, answer: str, permanent: bool) -> bool:
    """Note a try that did not succeed: queued again with back-off, or failed for good."""
    row = _leased(email_id, owner)
    if row is None:
        return False
    row.answer = answer[:300]
    if permanent or row.attempts >= MOST_ATTEMPTS:
        row.state = MailState.FAILED
    else:
        row.state = MailState.QUEUED
        jitter = 1 + random.uniform(0, 0.2)  # noqa: S311 spreads retries, no secret
        row.not_before = now() + retry_after(row.attempts) * jitter
    return True


@transactional
def send_again(email_id: int) -> bool:
    """Queue a failed mail again at once; False where it is not failed."""
    row = db.session.get(OutgoingEmail, email_id)
    if row is None or row.state is not MailState.FAILED:
        return False
    row.state = MailState.QUEUED
    row.attempts = 0
    row.not_before = now()
    return True


@transactional
def cancel_emails(*, thread: str, kinds: frozenset[str]) -> int:
    """Cancel what is still queued of a thread; return how many."""
    rows = list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(
                OutgoingEmail.thread == thread,
                OutgoingEmail.kind.in_(kinds),
                OutgoingEmail.state == MailState.QUEUED,
            )
        )
    )
    for row in rows:
        row.state = MailState.CANCELLED
    return len(rows)
