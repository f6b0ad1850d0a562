"""Views of lists that a person keeps."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, random_id


class SavedView(Model):
    """A list's address with its filters and order, under a name of the person's own.

    It holds no rows: anyone who opens it sees what their own access shows.
    """

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "place", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    place: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(700))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
