"""Assignments: an action item of one task force given to one lead and any supporters."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.rules import (
    BasisKind,
    BudgetState,
    ChangeKind,
    CloseKind,
    ReportedIn,
)
from coordinator.db import Model, Thousandths, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.mapping.duties.models import Duty, WorkingGroup
from coordinator.people.directory.models import Agency
from coordinator.plans.actions.models import ActionItem, Indicator
from coordinator.plans.actions.rules import PartyKind


def part_title(title: str, part: str) -> str:
    """Return an action's title with the part that somebody holds of it."""
    return f"{title} ({part})" if part else title


class Assignment(Model):
    """A commitment. Commitments are counted by assignment, reports by obligation.

    An item is held whole (`part` is empty) or in named parts, each with one lead of its own.
    `version` refuses an act by somebody who saw an older state.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_has_reason"
        ),
        sa.CheckConstraint(
            "closed_kind IS NULL OR closed_at IS NOT NULL", name="closed_kind_when_closed"
        ),
        sa.CheckConstraint(
            "(reported_in = 'months') = (report_months IS NOT NULL)", name="months_when_chosen"
        ),
        sa.CheckConstraint(
            "budget = 'stated' OR (budget_code IS NULL AND budget_amount IS NULL)",
            name="budget_when_stated",
        ),
        partial_unique(
            "uq_assignment_open_item",
            "task_force_id",
            "action_item_id",
            "part",
            where="closed_at IS NULL",
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
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    part: Mapped[str] = mapped_column(sa.String(80), default="", server_default=sa.text("''"))
    closed_kind: Mapped[CloseKind | None] = mapped_column(enum_column(CloseKind))
    reported_in: Mapped[ReportedIn] = mapped_column(
        enum_column(ReportedIn), default=ReportedIn.EVERY, server_default="every"
    )
    # rules.months_mask: a bit for each month in which a period that is reported ends
    report_months: Mapped[int | None]
    budget: Mapped[BudgetState] = mapped_column(
        enum_column(BudgetState), default=BudgetState.UNSTATED, server_default="unstated"
    )
    budget_code: Mapped[str | None] = mapped_column(sa.String(40))
    budget_amount: Mapped[int | None] = mapped_column(sa.BigInteger)  # whole rupiah

    action_item: Mapped[ActionItem] = relationship()
    working_group: Mapped[WorkingGroup] = relationship()
    parties: Mapped[list["AssignmentParty"]] = relationship(
        back_populates="assignment", order_by="AssignmentParty.id"
    )
    targets: Mapped[list["AssignmentTarget"]] = relationship()

    @property
    def title(self) -> str:
        """The action's title, with the part of it that this is."""
        return part_title(self.action_item.title, self.part)

    @property
    def active_parties(self) -> list["AssignmentParty"]:
        """The parties that have not ended, the lead first."""
        active = [party for party in self.parties if party.ended_at is None]
        return sorted(active, key=lambda party: party.kind is not PartyKind.LEAD)

    @property
    def lead(self) -> "AssignmentParty":
        """The one lead party that has not ended."""
        return next(p for p in self.parties if p.kind is PartyKind.LEAD and p.ended_at is None)

    def party_of(self, agency: Agency) -> "AssignmentParty | None":
        """Return an agency's part, if it has one that has not ended."""
        return next((one for one in self.active_parties if one.agency_id == agency.id), None)


class AssignmentParty(Model):
    """An agency's part in an assignment."""

    __tablename__ = "assignment_party"
    __table_args__ = (
        partial_unique(
            "uq_assignment_party_one_lead",
            "assignment_id",
            where="ended_at IS NULL AND kind = 'lead'",
        ),
        partial_unique(
            "uq_assignment_party_agency", "assignment_id", "agency_id", where="ended_at IS NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assignment: Mapped[Assignment] = relationship(back_populates="parties")
    agency: Mapped[Agency] = relationship()
    duties: Mapped[list["PartyDuty"]] = relationship()


class PartyDuty(Model):
    """A duty that an agency's part is based on. If all of them are disputed, the part's obligations
    are "belum jelas" and nobody is reminded."""

    __tablename__ = "party_duty"
    __table_args__ = (sa.UniqueConstraint("party_id", "duty_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment_party.id"))
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"), index=True)

    duty: Mapped[Duty] = relationship()


class AssignmentChange(Model):
    """A change of an assignment after it was given: an entry of its history.

    `agency` is who the change is about, `to_agency` who received. The letter or meeting it is based
    on is stored in addition to the reason; either may be empty.
    """

    __tablename__ = "assignment_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    form_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[ChangeKind] = mapped_column(enum_column(ChangeKind))
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    to_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency: Mapped[Agency | None] = relationship(foreign_keys=[agency_id])
    to_agency: Mapped[Agency | None] = relationship(foreign_keys=[to_agency_id])


class ReplannedAssignment(Model):
    """What a version of a plan did to an assignment, so that taking the version back undoes it.

    `version` is the assignment's afterwards: it is not undone over a later change. `ended` are the
    public ids of the obligations that ended with it, `targets` what each target was before: the
    indicator's key, the year, and the value as text (None: there was none).
    """

    __tablename__ = "replanned_assignment"
    __table_args__ = (sa.UniqueConstraint("plan_version_id", "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_version_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_version.id"))
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    version: Mapped[int]
    ended: Mapped[list[str]] = mapped_column(sa.JSON)
    targets: Mapped[list[tuple[str, int, str | None]]] = mapped_column(sa.JSON)

    assignment: Mapped[Assignment] = relationship()


class AssignmentTarget(Model):
    """An assignment's target for an indicator in a year, or for one period of it."""

    __tablename__ = "assignment_target"
    __table_args__ = (
        partial_unique(
            "uq_assignment_target_year",
            "assignment_id",
            "indicator_id",
            "year",
            where="period_id IS NULL",
        ),
        partial_unique(
            "uq_assignment_target_period",
            "assignment_id",
            "indicator_id",
            "period_id",
            where="period_id IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    year: Mapped[int]
    period_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_period.id"))
    value: Mapped[Decimal] = mapped_column(Thousandths)

    indicator: Mapped[Indicator] = relationship()
