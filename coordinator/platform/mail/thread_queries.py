"""How far the mails on one subject, or on one occasion, are."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState, occasion_prefix


def all_states(thread: str) -> dict[MailState, int]:
    """Count the mails of a thread by how far they are, for callers who may see its subject."""
    rows = db.session.execute(
        sa.select(OutgoingEmail.state, sa.func.count().label("mails"))
        .where(OutgoingEmail.thread == thread)
        .group_by(OutgoingEmail.state)
    )
    return {row.state: row.mails for row in rows}


def all_wait(thread: str) -> bool:
    """Return whether no mail of a thread has begun to leave; so too where there is none."""
    return set(all_states(thread)) <= {MailState.QUEUED}


def all_unsent(occasion: tuple[object, ...]) -> bool:
    """Return whether no mail on an occasion was sent, or is being sent."""
    query = sa.select(OutgoingEmail.id).where(
        OutgoingEmail.key.startswith(occasion_prefix(occasion), autoescape=True),
        OutgoingEmail.state.in_((MailState.SENT, MailState.SENDING)),
    )
    return db.session.scalar(query.limit(1)) is None
