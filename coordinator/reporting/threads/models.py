"""Comments on a report and the functions they call."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.permissions import AccessKind
from coordinator.reporting.reports.models import Report
from coordinator.reporting.threads.rules import Addressee


class ReportComment(Model):
    """One comment of the conversation on a report. Append-only."""

    __tablename__ = "report_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    written_as: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    text: Mapped[str] = mapped_column(sa.Text)
    form_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    report: Mapped[Report] = relationship()
    mentions: Mapped[list["ReportMention"]] = relationship(
        back_populates="comment", order_by="ReportMention.id"
    )


class ReportMention(Model):
    """A function (never a person) called in a comment: told once, in the next reminder mail."""

    __tablename__ = "report_mention"
    __table_args__ = (sa.UniqueConstraint("comment_id", "addressee"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("report_comment.id"))
    addressee: Mapped[Addressee] = mapped_column(enum_column(Addressee))
    told_on: Mapped[date | None]

    comment: Mapped[ReportComment] = relationship(back_populates="mentions")
