"""The draw of a period, the reports drawn, and the auditor's findings."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.periods.models import ReportingPeriod
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.sampling.rules import FindingKind


class SampleDraw(Model):
    """The one draw of a period: its rule, seed and whole population, so that it can be reproduced.

    The table refuses a second draw of a period, so it cannot be drawn again until the result suits.
    """

    __tablename__ = "sample_draw"
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 1 AND 100", name="percent_in_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"), unique=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    percent: Mapped[int]
    seed: Mapped[str] = mapped_column(sa.String(64))
    # Ids of all reports that could be drawn, sorted, one a line.
    population: Mapped[str] = mapped_column(sa.Text)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    period: Mapped[ReportingPeriod] = relationship()
    reports: Mapped[list["SampledReport"]] = relationship(
        back_populates="draw", order_by="SampledReport.position"
    )


class SampledReport(Model):
    """A report in the sample, as it stood when it was drawn."""

    __tablename__ = "sampled_report"
    __table_args__ = (sa.UniqueConstraint("draw_id", "report_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("sample_draw.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    position: Mapped[int]

    draw: Mapped[SampleDraw] = relationship(back_populates="reports")
    report: Mapped[Report] = relationship()
    revision: Mapped[ReportRevision] = relationship()


class SampleFinding(Model):
    """What the auditor found. Append-only: the newest counts, earlier words stay readable."""

    __tablename__ = "sample_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    sampled_id: Mapped[int] = mapped_column(sa.ForeignKey("sampled_report.id"), index=True)
    kind: Mapped[FindingKind] = mapped_column(enum_column(FindingKind))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
