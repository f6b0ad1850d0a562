"""The summary that the compliance matrix is read from."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, enum_column
from coordinator.oversight.matrix.rules import Band
from coordinator.reporting.reports.rules import ReportKind, ReportState


class MatrixCount(Model):
    """How many obligations of an agency in a pokja and a period are alike.

    Says nothing of its own: it is counted from the obligations, their reports and targets whenever
    one of them changes (`summary_service`), and holds nothing that depends on the day it is read.
    What is late is decided by `last_day`, which has the agency's extension in it. What is in
    dispute, or typed and not confirmed, is counted here like everything else.
    """

    __tablename__ = "matrix_count"
    __table_args__ = (
        sa.Index("ix_matrix_count_place", "period_id", "agency_id", "working_group_id", "is_lead"),
    )
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    last_day: Mapped[date]
    is_lead: Mapped[bool]
    state: Mapped[ReportState | None] = mapped_column(enum_column(ReportState))
    kind: Mapped[ReportKind | None] = mapped_column(enum_column(ReportKind))
    is_in_time: Mapped[bool]
    # Of a lead: `rules.band_of_action`.
    band: Mapped[Band | None] = mapped_column(enum_column(Band))
    obligations: Mapped[int]
    percents: Mapped[int] = mapped_column(sa.BigInteger)
