"""Assignments: an action item of one task force given to one lead and any supporters."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.rules import BasisKind
from coordinator.db import Amount, Model, UtcDateTime, enum_column, random_id
from coordinator.directory.models import Agency
from coordinator.plan.models import ActionItem, Indicator
from coordinator.plan.rules import PartyKind
from coordinator.roles.models import Duty, WorkingGroup


class Assignment(Model):
    """A commitment. Commitments are counted by assignment, reports by obligation."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_has_reason"
        ),
        sa.Index(
            "uq_assignment_open_item",
            "task_force_id",
            "action_item_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    form_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    basis_kind: Mapped[BasisKind] = mapped_column(enum_column(BasisKind))
    basis_reference: Mapped[str] = mapped_column(sa.String(160))
    basis_on: Mapped[date]
    due_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.Text)
    assigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None] = mapped_column(sa.Text)
    is_sample: Mapped[bool] = mapped_column(default=False)

    action_item: Mapped[ActionItem] = relationship()
    working_group: Mapped[WorkingGroup] = relationship()
    parties: Mapped[list["AssignmentParty"]] = relationship(
        back_populates="assignment", order_by="AssignmentParty.id"
    )
    targets: Mapped[list["AssignmentTarget"]] = relationship()

    @property
    def lead(self) -> "AssignmentParty":
        """The one lead party that has not ended."""
        return next(p for p in self.parties if p.kind is PartyKind.LEAD and p.ended_at is None)


class AssignmentParty(Model):
    """An agency's part in an assignment."""

    __tablename__ = "assignment_party"
    __table_args__ = (
        sa.Index(
            "uq_assignment_party_one_lead",
            "assignment_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
        ),
        sa.Index(
            "uq_assignment_party_agency",
            "assignment_id",
            "agency_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assignment: Mapped[Assignment] = relationship(back_populates="parties")
    agency: Mapped[Agency] = relationship()
    duties: Mapped[list["PartyDuty"]] = relationship()


class PartyDuty(Model):
    """A duty of the agency that stands behind its part. If all of them are disputed, the part's
    obligations are "belum jelas" and nobody is reminded."""

    __tablename__ = "party_duty"
    __table_args__ = (sa.UniqueConstraint("party_id", "duty_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment_party.id"))
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"), index=True)

    duty: Mapped[Duty] = relationship()


class AssignmentTarget(Model):
    """An assignment's target for an indicator in a year, or for one period of it."""

    __tablename__ = "assignment_target"
    __table_args__ = (
        sa.Index(
            "uq_assignment_target_year",
            "assignment_id",
            "indicator_id",
            "year",
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        ),
        sa.Index(
            "uq_assignment_target_period",
            "assignment_id",
            "indicator_id",
            "period_id",
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    year: Mapped[int]
    period_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_period.id"))
    value: Mapped[Decimal] = mapped_column(Amount)

    indicator: Mapped[Indicator] = relationship()
