"""Obligations, and the rulings that hold in periods opened before them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.models import AssignmentParty
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.periods.models import ReportingPeriod


class Obligation(Model):
    """One party's duty to report in one period: a row, so that a missing report can be counted.

    `task_force_id`, `agency_id` and `working_group_id` repeat values of the party and its
    assignment; those never change there, and the matrix reads this table alone. `due_on` is the
    window's close, or later for an obligation that a ruling moved here. `is_sent` means that its
    report is submitted or verified, so that what an agency still owes is found without reading its
    whole past. Triggers on `report` maintain it (migration 0022); no code writes it.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        sa.UniqueConstraint("party_id", "period_id"),
        sa.CheckConstraint("(ended_as IS NULL) = (ended_at IS NULL)", name="end_has_time"),
        sa.Index("ix_obligation_agency_id_period_id", "agency_id", "period_id"),
        sa.Index(
            "ix_obligation_unsent",
            "agency_id",
            "period_id",
            sqlite_where=sa.text("is_sent = 0 AND ended_as IS NULL"),
            postgresql_where=sa.text("NOT is_sent AND ended_as IS NULL"),
        ),
        # The summary of the matrix is counted again by (period, agency, pokja).
        sa.Index(
            "ix_obligation_period_id_agency_id_working_group_id",
            "period_id",
            "agency_id",
            "working_group_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment_party.id"))
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    due_on: Mapped[date]
    is_sent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    ended_as: Mapped[ObligationEnd | None] = mapped_column(enum_column(ObligationEnd))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    period: Mapped[ReportingPeriod] = relationship()
    party: Mapped[AssignmentParty] = relationship()


class PeriodException(Model):
    """A ruling made while a period was open: it holds in this period although the period keeps the
    mapping it was opened under."""

    __tablename__ = "period_exception"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"), primary_key=True)
    ruling_id: Mapped[int] = mapped_column(sa.ForeignKey("ruling.id"), primary_key=True, index=True)
