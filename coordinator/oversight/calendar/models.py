"""The secret address of a person's calendar feed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.people.accounts.models import AccessGrant


class CalendarFeed(Model):
    """One feed of one access. It serves nothing once the access has ended.

    The token is derived from SECRET_KEY and `public_id`; only its hash is stored. A new `public_id`
    makes a new token.
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    grant_id: Mapped[int] = mapped_column(sa.ForeignKey("access_grant.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    grant: Mapped[AccessGrant] = relationship()


class CalendarEntry(Model):
    """What a feed last said of an event: the hash of it, and the revision a calendar saw it as.

    Written when the feed is read and says something else, see docs/decisions/0025.
    """

    __tablename__ = "calendar_entry"
    __audited__ = False

    feed_id: Mapped[int] = mapped_column(
        sa.ForeignKey("calendar_feed.id", ondelete="CASCADE"), primary_key=True
    )
    uid: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    sequence: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
