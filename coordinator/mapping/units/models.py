"""The unit and office that an agency named for a duty."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime


class DutyUnit(Model):
    """The unit (bidang, seksi) of an agency that does a duty, and the office in it that answers.

    It is the agency's own word and no new version of the mapping. Append-only: the newest row of a
    duty and agency counts; a row without a unit takes it back.
    """

    __tablename__ = "duty_unit"
    __table_args__ = (sa.Index("ix_duty_unit_duty_id_agency_id_id", "duty_id", "agency_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    unit: Mapped[str | None] = mapped_column(sa.String(120))
    office: Mapped[str | None] = mapped_column(sa.String(120))
    said_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
