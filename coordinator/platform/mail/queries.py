"""Reading the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from coordinator.clock import TOLERANCE, latest
from coordinator.db import db
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail, UnclearAnswer
from coordinator.platform.mail.rules import (
    SOFT_BOUNCES,
    SOFT_WINDOW,
    BounceKind,
    MailState,
    occasion_prefix,
)

RETURNED = "returned"  # a mail that was sent and came back; its row stays as it was sent


@dataclass(frozen=True, slots=True)
class Returned:
    """What a server said when a mail came back. `kind` None: it is unclear."""

    kind: BounceKind | None
    at: datetime
    answer: str


def all_returned_ids() -> sa.Select[int]:
    """Return the ids of the mails that came back, or of which a server said something unclear."""
    return sa.union(
        sa.select(AddressBounce.email_id).where(AddressBounce.email_id.is_not(None)),
        sa.select(UnclearAnswer.email_id).where(UnclearAnswer.email_id.is_not(None)),
    )  # type: ignore[return-value]


def returned(email_ids: Collection[int]) -> dict[int, Returned]:
    """Return which of these mails came back, with the gravest that was said of each."""
    found: dict[int, Returned] = {}
    for row in db.session.scalars(
        sa.select(UnclearAnswer)
        .where(UnclearAnswer.email_id.in_(email_ids))
        .order_by(UnclearAnswer.id)
    ):
        found[row.email_id or 0] = Returned(None, row.at, row.answer)
    for kind in (BounceKind.SOFT, BounceKind.HARD):
        for bounce in db.session.scalars(
            sa.select(AddressBounce)
            .where(AddressBounce.email_id.in_(email_ids), AddressBounce.kind == kind)
            .order_by(AddressBounce.id)
        ):
            found[bounce.email_id or 0] = Returned(kind, bounce.at, bounce.answer)
    return found


def came_back(address: str, message_ids: Collection[str] = ()) -> int | None:
    """Return the mail that a report is about: the one it names, else the newest that was sent to
    the address."""
    sent = (
        sa.select(OutgoingEmail.id)
        .where(
            sa.func.lower(OutgoingEmail.to_address) == address.casefold(),
            OutgoingEmail.state == MailState.SENT,
        )
        .order_by(OutgoingEmail.id.desc())
        .limit(1)
    )
    named = db.session.scalar(sent.where(OutgoingEmail.message_id.in_(message_ids)))
    return named if named is not None else db.session.scalar(sent)


def receiver(viewer: Viewer, email_id: int) -> int:
    """Return the account that a mail the viewer may see was for; -1, which is nobody, else."""
    found = db.session.scalar(
        sa.select(OutgoingEmail.account_id).where(OutgoingEmail.id == email_id, _visible(viewer))
    )
    return -1 if found is None else found


def last_words(addresses: Collection[str]) -> dict[str, str]:
    """Return what the server last said when mail to an address came back, by lowercase address.
    Addresses that somebody has cleared since are left out."""
    rows = db.session.execute(
        sa.select(AddressBounce.address, AddressBounce.answer)
        .where(
            AddressBounce.address.in_({address.casefold() for address in addresses}),
            AddressBounce.cleared_at.is_(None),
            AddressBounce.answer != "",
        )
        .order_by(AddressBounce.id)
    )
    return {row[0]: row[1] for row in rows}


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.kind is AccessKind.ADMINISTRATOR:
        return sa.true()
    return OutgoingEmail.task_force_id == viewer.own_task_force_id


def outbox(
    viewer: Viewer, *, state: str = "", page: int = 1, size: int = 50
) -> tuple[list[OutgoingEmail], int]:
    """Return a page of the mails of the viewer's task force (an administrator: all), newest
    first, and how many there are. `state` RETURNED: those that came back after they were sent."""
    query = sa.select(OutgoingEmail).where(_visible(viewer))
    if state in (RETURNED, MailState.SENT):
        is_returned = OutgoingEmail.id.in_(all_returned_ids())
        query = query.where(
            OutgoingEmail.state == MailState.SENT,
            is_returned if state == RETURNED else ~is_returned,
        )
    elif state:
        query = query.where(OutgoingEmail.state == state)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(OutgoingEmail.id.desc()).offset((page - 1) * size).limit(size)
    )
    return list(rows), total


def email_id(viewer: Viewer, email_id: int) -> int:
    """Return the id if the viewer may see that mail; -1, which is none, otherwise."""
    found = db.session.scalar(
        sa.select(OutgoingEmail.id).where(OutgoingEmail.id == email_id, _visible(viewer))
    )
    return -1 if found is None else found


def received_by(account_id: int) -> list[OutgoingEmail]:
    """Return the mails that were handed to a person, newest first."""
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.account_id == account_id, OutgoingEmail.state == MailState.SENT)
            .order_by(OutgoingEmail.id.desc())
            .limit(200)
        )
    )


def mail_to(account_id: int, email_id: int) -> OutgoingEmail | None:
    """Return one mail that was handed to this person."""
    return db.session.scalar(
        sa.select(OutgoingEmail).where(
            OutgoingEmail.id == email_id,
            OutgoingEmail.account_id == account_id,
            OutgoingEmail.state == MailState.SENT,
        )
    )


def counts_by_state(viewer: Viewer, *, since: datetime) -> dict[MailState, int]:
    """Count the viewer's task force's mails queued since an instant, by state."""
    rows = db.session.execute(
        sa.select(OutgoingEmail.state, sa.func.count())
        .where(_visible(viewer), OutgoingEmail.queued_at.between(since, latest()))
        .group_by(OutgoingEmail.state)
    )
    return {row[0]: row[1] for row in rows}


def oldest_unsent(before: datetime) -> datetime | None:
    """Return since when the longest-waiting mail has been due, or None; `before` is now."""
    return db.session.scalar(
        sa.select(sa.func.min(OutgoingEmail.not_before)).where(
            OutgoingEmail.state == MailState.QUEUED, OutgoingEmail.not_before <= before
        )
    )


def all_emails(limit: int = 500) -> list[OutgoingEmail]:
    """Return the newest mails of the installation, for the shell."""
    return list(
        db.session.scalars(sa.select(OutgoingEmail).order_by(OutgoingEmail.id.desc()).limit(limit))
    )


def written_to(addresses: Collection[str]) -> set[str]:
    """Return, case-folded, which of these addresses the outbox has ever held a mail for."""
    wanted = {address.casefold() for address in addresses}
    kept = sa.func.lower(OutgoingEmail.to_address)
    return set(db.session.scalars(sa.select(kept).where(kept.in_(wanted)).distinct()))


def _has_left() -> sa.ColumnElement[bool]:
    """A server may have taken it: a mail that was only ever queued cannot come back."""
    return sa.or_(OutgoingEmail.state == MailState.SENT, OutgoingEmail.attempts > 0)


def left_for(addresses: Collection[str]) -> set[str]:
    """Return, case-folded, which of these addresses a mail has left for."""
    wanted = {address.casefold() for address in addresses}
    kept = sa.func.lower(OutgoingEmail.to_address)
    return set(db.session.scalars(sa.select(kept).where(kept.in_(wanted), _has_left()).distinct()))


def left_as(message_ids: Collection[str]) -> set[str]:
    """Return the addresses that mails with these Message-IDs have left for."""
    return set(
        db.session.scalars(
            sa.select(OutgoingEmail.to_address)
            .where(OutgoingEmail.message_id.in_(message_ids), _has_left())
            .distinct()
        )
    )


def _unclear(viewer: Viewer) -> sa.Select[UnclearAnswer]:
    """Those about an address that the viewer's task force wrote to; an administrator's are all."""
    query = sa.select(UnclearAnswer)
    if viewer.kind is AccessKind.ADMINISTRATOR:
        return query
    wrote = sa.select(OutgoingEmail.id).where(
        sa.func.lower(OutgoingEmail.to_address) == UnclearAnswer.address,
        UnclearAnswer.address != "",
        _visible(viewer),
    )
    return query.where(wrote.exists())


def unclear_answers(viewer: Viewer, *, most: int = 100) -> list[UnclearAnswer]:
    """Return the server answers that a person still has to read, newest first."""
    return list(
        db.session.scalars(
            _unclear(viewer)
            .where(UnclearAnswer.settled_at.is_(None))
            .order_by(UnclearAnswer.id.desc())
            .limit(most)
        )
    )


def unclear_answer(viewer: Viewer, answer_id: int) -> UnclearAnswer | None:
    """Return one of them, where the viewer may see it."""
    return db.session.scalar(_unclear(viewer).where(UnclearAnswer.id == answer_id))


def unreachable(addresses: Collection[str], at: datetime) -> dict[str, datetime]:
    """Return which of these addresses take no mail, and since when: one hard bounce, or five soft
    ones within thirty days, that nobody has cleared."""
    found: dict[str, datetime] = {}
    soft: dict[str, list[datetime]] = {}
    rows = db.session.execute(
        sa.select(AddressBounce.address, AddressBounce.kind, AddressBounce.at)
        .where(
            AddressBounce.address.in_({address.casefold() for address in addresses}),
            AddressBounce.cleared_at.is_(None),
            AddressBounce.at <= at + TOLERANCE,
            sa.or_(AddressBounce.kind == BounceKind.HARD, AddressBounce.at > at - SOFT_WINDOW),
        )
        .order_by(AddressBounce.at)
    )
    for address, kind, bounced_at in rows:
        if kind is BounceKind.HARD:
            found.setdefault(address, bounced_at)
        else:
            soft.setdefault(address, []).append(bounced_at)
    for address, times in soft.items():
        if len(times) >= SOFT_BOUNCES:
            found.setdefault(address, times[SOFT_BOUNCES - 1])
    return found


def given_up(account_ids: Collection[int]) -> dict[int, tuple[str, datetime, str]]:
    """Return, by person, the newest mail's address, time and last answer.
    Only mails that failed for good, and that no later clearing of their address covers."""
    newest = (
        sa.select(sa.func.max(OutgoingEmail.id))
        .where(
            OutgoingEmail.account_id.in_(account_ids),
            OutgoingEmail.to_address != "",
            OutgoingEmail.state.in_((MailState.SENT, MailState.FAILED)),
            OutgoingEmail.queued_at <= latest(),
        )
        .group_by(OutgoingEmail.account_id)
    )
    mended = (
        sa.select(AddressBounce.id)
        .where(
            AddressBounce.address == OutgoingEmail.to_address,
            AddressBounce.cleared_at > OutgoingEmail.queued_at,
        )
        .exists()
    )
    rows = db.session.execute(
        sa.select(
            OutgoingEmail.account_id,
            OutgoingEmail.to_address,
            OutgoingEmail.queued_at,
            OutgoingEmail.answer,
        ).where(OutgoingEmail.id.in_(newest), OutgoingEmail.state == MailState.FAILED, ~mended)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows if row[0] is not None}


def accounts_told(occasion: Sequence[object], task_force_id: int) -> set[int]:
    """Return the accounts that a task force has a mail to on an occasion, in any state."""
    found = db.session.scalars(
        sa.select(OutgoingEmail.account_id).where(
            OutgoingEmail.key.startswith(occasion_prefix(occasion), autoescape=True),
            OutgoingEmail.task_force_id == task_force_id,
        )
    )
    return {account_id for account_id in found if account_id is not None}
