"""Handovers: the content of the berita acara, as it was on the day."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.permissions import AccessKind


class Handover(Model):
    """One person of an agency hands over to another.

    Names, offices and the list of reports are copied, so that the page says the same years later.
    """

    __tablename__ = "handover"
    __table_args__ = (
        sa.CheckConstraint("leaver_id != successor_id", name="two_people"),
        sa.Index("ix_handover_agency_id", "agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    kind: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    leaver_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    leaver_name: Mapped[str] = mapped_column(sa.String(120))
    leaver_position: Mapped[str] = mapped_column(sa.String(160))
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    successor_name: Mapped[str] = mapped_column(sa.String(120))
    successor_position: Mapped[str] = mapped_column(sa.String(160))
    on: Mapped[date]
    letter_number: Mapped[str | None] = mapped_column(sa.String(80))
    letter_on: Mapped[date | None]
    reports: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    account_closed: Mapped[bool]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
