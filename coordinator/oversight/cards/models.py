"""Which cards anyone with the link may read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime


class CardPublication(Model):
    """An agency's card as published, or withdrawn since. No row: never published."""

    __tablename__ = "card_publication"
    __table_args__ = (
        sa.CheckConstraint("withdrawn_at IS NOT NULL OR withdrawn_by_id IS NULL", name="in_order"),
    )

    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    @property
    def is_published(self) -> bool:
        """Return whether anybody with the link may read the card."""
        return self.withdrawn_at is None
