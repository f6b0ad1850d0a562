"""Reports typed from paper."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.papers.rules import AgencyAnswer
from coordinator.reporting.reports.models import ReportRevision


class PaperReport(Model):
    """The paper behind a submission that the secretariat typed, and what the agency says of it."""

    __tablename__ = "paper_report"
    __table_args__ = (
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_time"),
        sa.CheckConstraint("(answer IS NULL) = (answered_by_id IS NULL)", name="answer_has_person"),
        sa.Index(
            "ix_paper_report_unanswered",
            "revision_id",
            sqlite_where=sa.text("answer IS NULL"),
            postgresql_where=sa.text("answer IS NULL"),
        ),
    )

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(200))
    dated_on: Mapped[date]
    scan_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))
    answer: Mapped[AgencyAnswer | None] = mapped_column(enum_column(AgencyAnswer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    by_link: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(sa.Text, default="")

    revision: Mapped[ReportRevision] = relationship()
    scan: Mapped[Evidence] = relationship()
