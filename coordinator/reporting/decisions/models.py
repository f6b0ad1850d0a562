"""Requests for a decision."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.people.directory.models import Agency
from coordinator.reporting.decisions.rules import LONGEST_ASKED_OF, DecisionState
from coordinator.reporting.reports.models import Report, ReportRevision


class DecisionRequest(Model):
    """A report's "butuh keputusan": the agency's text, the secretariat's note, the decision.

    `asked_of` says in words who must decide. `concerned_agency` is the other agency it is about, if
    there is one: it is notified of the decision as well.
    """

    __tablename__ = "decision_request"
    __table_args__ = (
        sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided_time"),
        sa.CheckConstraint("(state = 'decided') = (decided_on IS NOT NULL)", name="decided_day"),
        sa.CheckConstraint("(state = 'decided') = (decision IS NOT NULL)", name="decided_text"),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_by_id IS NOT NULL)", name="decided_by_whom"
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_time"
        ),
        sa.CheckConstraint("(note IS NULL) = (noted_at IS NULL)", name="noted_time"),
        partial_unique("uq_decision_request_open", "report_id", where="state = 'open'"),
        sa.Index("ix_decision_request_task_force_id_state", "task_force_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    state: Mapped[DecisionState] = mapped_column(
        enum_column(DecisionState), default=DecisionState.OPEN
    )
    question: Mapped[str] = mapped_column(sa.Text)
    asked_of: Mapped[str] = mapped_column(sa.String(LONGEST_ASKED_OF))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(sa.Text)
    concerned_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decision: Mapped[str | None] = mapped_column(sa.Text)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_on: Mapped[date | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    report: Mapped[Report] = relationship()
    revision: Mapped[ReportRevision] = relationship()
    concerned_agency: Mapped[Agency | None] = relationship()
