"""Letters of assignment as they were made."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.people.directory.models import Agency


class AssignmentLetter(Model):
    """A letter of assignment to one agency, with its text as it was when the letter was made.

    Each download is rendered from `content`, so that a later copy says the same. `content_hash`
    covers what was assigned, without number and date, and shows whether that has changed since.
    """

    __tablename__ = "assignment_letter"
    __table_args__ = (sa.Index("ix_assignment_letter_agency_id_made_at", "agency_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    number: Mapped[str | None] = mapped_column(sa.String(80))
    dated_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship()
