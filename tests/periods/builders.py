"""Planned periods for tests."""

from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.periods import planning
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.rules import Window
from coordinator.permissions import Viewer


def planned(
    by: Viewer,
    *,
    label: str = "Triwulan IV",
    covers: tuple[date, date] = (date(2026, 10, 1), date(2026, 12, 31)),
    window: Window | None = None,
) -> ReportingPeriod:
    """Plan one period; by default Triwulan IV 2026, reported from 14 to 30 October."""
    planning.plan_year(
        covers[0].year,
        [
            planning.PlannedPeriod(
                "", label, *covers, window or Window(date(2026, 10, 14), date(2026, 10, 30))
            )
        ],
        by=by,
    )
    return db.session.scalars(
        sa.select(ReportingPeriod).where(
            ReportingPeriod.label == label, ReportingPeriod.year == covers[0].year
        )
    ).one()
