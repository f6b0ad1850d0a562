"""Putting mails in the outbox and taking them out: docs/decisions/0004-outbox.md (no library)."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.platform.mail import queries
from coordinator.platform.mail.links import MailLink, fill
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail
from coordinator.platform.mail.rules import (
    LONGEST_RETRY,
    MOST_ATTEMPTS,
    NO_ADDRESS,
    UNREACHABLE,
    BounceKind,
    MailState,
    mail_key,
    occasion_prefix,
    one_line,
    retry_after,
)
from coordinator.platform.mail.verdicts import verdict

LEASE = timedelta(seconds=90)  # more than twice the longest SMTP conversation (30 s)
LONGEST_WAIT = 2 * LONGEST_RETRY
GRACE = timedelta(minutes=2)  # time to undo before an event's mail leaves
BY_KEY = sa.select(OutgoingEmail).where(OutgoingEmail.key == sa.bindparam("key"))


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered mail: subject, plain text, HTML, and the links whose marks are in them."""

    subject: str
    text: str
    html: str
    links: tuple[MailLink, ...] = ()


def queue_email(
    email: Email,
    *,
    occasion: tuple[object, ...],
    kind: str,
    to_address: str,
    account_id: int | None = None,
    task_force_id: int | None = None,
    thread: str = "",
    not_before: datetime | None = None,
) -> OutgoingEmail:
    """Add a mail to the running transaction; return it, or the same mail where it is there already.

    `occasion` names what happened, e.g. ("ruling", id): the key is made of it, the task force and
    the receiver, so that the same occasion never makes the same mail twice. A mail that says
    something else under the same key is another mail: it is queued too, never dropped.
    The Message-ID is derived from the key and fixed now: a repeat after a crash can be recognised.
    `thread` groups mails on one subject (References); `not_before` delays the sending.
    `to_address` is the person's `mail_address`; where it is empty, the row says that it failed for
    want of one: "sudah diberi tahu?" must not stay unanswered.
    """
    key = mail_key(
        occasion, task_force_id=task_force_id, account_id=account_id, to_address=to_address
    )
    known = _by_key(key)
    if known is not None and not _says_the_same(known, email):
        key = f"{key}:{_content_hash(email.subject, email.text, email.links)[:12]}"
        known = _by_key(key)
    if known is not None:
        return known
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
        links=[link.to_json() for link in email.links],
        state=MailState.QUEUED if to_address else MailState.FAILED,
        attempts=0,
        queued_at=stamp,
        not_before=not_before or stamp,
        answer="" if to_address else NO_ADDRESS,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _by_key(key: str) -> OutgoingEmail | None:
    return db.session.scalar(BY_KEY, {"key": key})


def _says_the_same(row: OutgoingEmail, email: Email) -> bool:
    return _content_hash(row.subject, row.text, row.mail_links) == _content_hash(
        email.subject, email.text, email.links
    )


def _content_hash(subject: str, text: str, links: Iterable[MailLink]) -> str:
    # Marks differ each time; where they lead does not.
    content = f"{one_line(subject)}\n{fill(text, links, base_url='', secret_key='')}"
    return hashlib.sha256(content.encode()).hexdigest()


@transactional
def claim_next(owner: str) -> OutgoingEmail | None:
    """Lease the oldest mail that is due to `owner`; None when there is none.

    A lease that ran out (its sender died) is taken over: the mail may then have left already,
    which is the one repeat SMTP cannot exclude. Mail to an address that takes none fails here,
    with the reason as its answer, before a server is troubled with it.
    """
    while (row := _next_due()) is not None:
        if not queries.unreachable({row.to_address}, now()):
            row.state = MailState.SENDING
            row.lease_by = owner
            row.lease_until = now() + LEASE
            row.attempts += 1
            return row
        row.state = MailState.FAILED
        row.lease_by = row.lease_until = None
        row.answer = UNREACHABLE
        db.session.flush()
    return None


def _next_due() -> OutgoingEmail | None:
    stamp = now()
    # By a clock that is right no mail waits, and no lease lasts, longer than this.
    impossible = stamp + LONGEST_WAIT
    wait, lease = OutgoingEmail.not_before, OutgoingEmail.lease_until
    due = sa.or_(
        sa.and_(OutgoingEmail.state == MailState.QUEUED, sa.or_(wait <= stamp, wait > impossible)),
        sa.and_(
            OutgoingEmail.state == MailState.SENDING, sa.or_(lease < stamp, lease > impossible)
        ),
    )
    return db.session.scalar(
        sa.select(OutgoingEmail)
        .where(due)
        .order_by(OutgoingEmail.not_before, OutgoingEmail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _leased(email_id: int, owner: str) -> OutgoingEmail | None:
    row = db.session.get(OutgoingEmail, email_id)
    if row is None or row.state is not MailState.SENDING or row.lease_by != owner:
        return None
    row.lease_by = row.lease_until = None
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
def mark_failed(
    email_id: int, owner: str, *, answer: str, permanent: bool, recipient: bool = False
) -> bool:
    """Note a try that did not succeed: queued again with back-off, or failed for good.

    `recipient`: it was the receiver that the server refused. An answer that says there is no such
    mailbox stops all mail to it at once.
    """
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
    if recipient and verdict(answer) is BounceKind.HARD:
        note_bounce(row.to_address, BounceKind.HARD, answer=answer)
    return True


@transactional
def send_again(email_id: int) -> bool:
    """Queue a failed mail again at once; False where it is not failed."""
    row = db.session.get(OutgoingEmail, email_id)
    if row is None or row.state is not MailState.FAILED or not row.to_address:
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


def was_told(*, thread: str, kinds: frozenset[str]) -> bool:
    """Return whether a mail of a thread has reached somebody, or may be on its way.
    A mail that failed has reached nobody."""
    query = sa.select(OutgoingEmail.id).where(
        OutgoingEmail.thread == thread,
        OutgoingEmail.kind.in_(kinds),
        OutgoingEmail.state.in_((MailState.SENT, MailState.SENDING)),
    )
    return db.session.scalar(query.limit(1)) is not None


@transactional
def cancel_emails_of(occasion: tuple[object, ...]) -> int:
    """Cancel what is still queued on an occasion; return how many."""
    rows = all_on_occasion(occasion, MailState.QUEUED)
    for row in rows:
        row.state = MailState.CANCELLED
    return len(rows)


def all_on_occasion(occasion: tuple[object, ...], state: MailState) -> list[OutgoingEmail]:
    """Return the mails on an occasion that are in a state."""
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(
                OutgoingEmail.key.startswith(occasion_prefix(occasion), autoescape=True),
                OutgoingEmail.state == state,
            )
        )
    )


@transactional
def note_bounce(
    address: str, kind: BounceKind, *, answer: str = "", email_id: int | None = None
) -> None:
    """Note that mail to an address came back; see `queries.unreachable` for what follows.

    `email_id`: the mail that was sent and came back; none where a server refused it at sending.
    """
    db.session.add(
        AddressBounce(
            address=address.strip().casefold(),
            kind=kind,
            at=now(),
            answer=answer[:300],
            email_id=email_id,
        )
    )
    db.session.flush()


@transactional
def clear_bounces(address: str) -> int:
    """Allow mail to an address again after its mailbox was fixed.
    Return how many bounces were cleared."""
    rows = list(
        db.session.scalars(
            sa.select(AddressBounce).where(
                AddressBounce.address == address.casefold(), AddressBounce.cleared_at.is_(None)
            )
        )
    )
    for row in rows:
        row.cleared_at = now()
    return len(rows)


@transactional
def pass_on_emails(
    account_id: int,
    task_force_id: int,
    *,
    to_account_id: int,
    to_address: str,
    threads: frozenset[str] | None = None,
) -> tuple[int, int]:
    """Give a person's unsent mails of a task force (or of some of its `threads`) to another;
    return (given, cancelled).

    A mail that holds a link without password is cancelled: it was for one person.
    """
    query = sa.select(OutgoingEmail).where(
        OutgoingEmail.account_id == account_id,
        OutgoingEmail.task_force_id == task_force_id,
        OutgoingEmail.state == MailState.QUEUED,
    )
    if threads is not None:
        query = query.where(OutgoingEmail.thread.in_(threads))
    rows = list(db.session.scalars(query))
    given = 0
    for row in rows:
        if to_address and not row.holds_secret:
            row.account_id, row.to_address = to_account_id, to_address
            given += 1
        else:
            row.state = MailState.CANCELLED
    return given, len(rows) - given


@transactional
def cancel_emails_to(account_id: int) -> int:
    """Cancel every unsent mail to a person whose account is closed; return how many."""
    rows = list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(
                OutgoingEmail.account_id == account_id, OutgoingEmail.state == MailState.QUEUED
            )
        )
    )
    for row in rows:
        row.state = MailState.CANCELLED
    return len(rows)


@transactional
def readdress_emails(account_id: int, to_address: str) -> int:
    """Send a person's unsent mails to their new mailbox; return how many. Without one they fail."""
    rows = list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(
                OutgoingEmail.account_id == account_id, OutgoingEmail.state == MailState.QUEUED
            )
        )
    )
    for row in rows:
        row.to_address = to_address
        if not to_address:
            row.state, row.answer = MailState.FAILED, NO_ADDRESS
    return len(rows)
