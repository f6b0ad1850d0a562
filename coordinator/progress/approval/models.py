"""Asking the head."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.progress.models import Report, ReportRevision
from coordinator.progress.rules import SubmittedVia


class HeadApproval(Model):
    """A report laid before the agency's head, and what the head said. At most one waits."""

    __tablename__ = "head_approval"
    __table_args__ = (
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_approved IS NULL)", name="decision_has_time"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision_has_person"
        ),
        sa.Index(
            "uq_head_approval_waiting",
            "report_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    form_key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    via: Mapped[SubmittedVia] = mapped_column(enum_column(SubmittedVia))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    is_approved: Mapped[bool | None]
    # The head's; empty where the focal point took it back.
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("report_revision.id"), unique=True
    )

    report: Mapped[Report] = relationship()
    revision: Mapped[ReportRevision | None] = relationship()
