"""Reporting periods, their reopenings and extensions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.periods.rules import PeriodState, Window, state_of


class ReportingPeriod(Model):
    """A period of a year with its reporting window. Pins the mapping it was opened under.

    A period without `opened_at` is planned and can be changed or dropped freely. `closed_at` is set
    when the secretariat closes the period, which locks drafts; it is not the end of the window.
    `left_out` lists, with a reason, the assignments (by public id) that are not reported in the
    period.
    """

    __tablename__ = "reporting_period"
    __table_args__ = (
        sa.UniqueConstraint("task_force_id", "year", "label"),
        sa.CheckConstraint("closes_on >= opens_on", name="window_in_order"),
        sa.CheckConstraint("covers_until >= covers_from", name="span_in_order"),
        sa.CheckConstraint("position BETWEEN 1 AND periods_in_year", name="position_in_year"),
        sa.CheckConstraint(
            "opened_at IS NULL OR mapping_version IS NOT NULL", name="opened_pins_mapping"
        ),
        sa.CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_was_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    year: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int]
    periods_in_year: Mapped[int]
    covers_from: Mapped[date]
    covers_until: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    mapping_version: Mapped[int | None]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_out: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    is_sample: Mapped[bool] = mapped_column(default=False)

    @property
    def title(self) -> str:
        """ "Triwulan III 2026" """
        return f"{self.label} {self.year}"

    @property
    def window(self) -> Window:
        """The days in which it is reported in time."""
        return Window(self.opens_on, self.closes_on)

    def state(self, on: date) -> PeriodState:
        """Return where the period is on the day `on`."""
        return state_of(
            is_opened=self.opened_at is not None,
            is_closed=self.closed_at is not None,
            closes_on=self.closes_on,
            on=on,
        )


class PeriodReopening(Model):
    """A closed period was opened again: why, and until when reports are now in time."""

    __tablename__ = "period_reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"), index=True)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    former_closes_on: Mapped[date]
    closes_on: Mapped[date]


class Extension(Model):
    """More time for one agency in one period, with the reason."""

    __tablename__ = "extension"
    __table_args__ = (sa.UniqueConstraint("period_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_period.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
