"""Reading periods, and the time that agencies have in them."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, PeriodReopening, ReportingPeriod
from coordinator.permissions import Viewer


def periods(viewer: Viewer) -> list[ReportingPeriod]:
    """Return the opened periods of the viewer's task force, newest first."""
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == viewer.own_task_force_id,
                ReportingPeriod.opened_at.is_not(None),
            )
            .order_by(ReportingPeriod.covers_from.desc(), ReportingPeriod.id.desc())
        )
    )


def period(viewer: Viewer, public_id: str) -> ReportingPeriod | None:
    """Return a period of the viewer's task force, planned or opened."""
    return db.session.scalar(
        sa.select(ReportingPeriod).where(
            ReportingPeriod.task_force_id == viewer.own_task_force_id,
            ReportingPeriod.public_id == public_id,
        )
    )


def periods_of_year(viewer: Viewer, year: int) -> list[ReportingPeriod]:
    """Return the periods of a year of the viewer's task force, planned and opened, in order."""
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == viewer.own_task_force_id,
                ReportingPeriod.year == year,
            )
            .order_by(ReportingPeriod.covers_from, ReportingPeriod.covers_until, ReportingPeriod.id)
        )
    )


def planned_periods(viewer: Viewer) -> list[ReportingPeriod]:
    """Return the periods of the viewer's task force that are not opened yet, the next first."""
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == viewer.own_task_force_id,
                ReportingPeriod.opened_at.is_(None),
            )
            .order_by(ReportingPeriod.opens_on, ReportingPeriod.id)
        )
    )


def reopenings(viewer: Viewer, period_id: int) -> list[PeriodReopening]:
    """Return how often a period was opened again, newest first."""
    return list(
        db.session.scalars(
            sa.select(PeriodReopening)
            .join(ReportingPeriod, ReportingPeriod.id == PeriodReopening.period_id)
            .where(
                PeriodReopening.period_id == period_id,
                ReportingPeriod.task_force_id == viewer.own_task_force_id,
            )
            .order_by(PeriodReopening.id.desc())
        )
    )


def newest_period(task_force_id: int) -> ReportingPeriod | None:
    """Return the newest opened period of a task force."""
    return db.session.scalar(
        sa.select(ReportingPeriod)
        .where(
            ReportingPeriod.task_force_id == task_force_id, ReportingPeriod.opened_at.is_not(None)
        )
        .order_by(ReportingPeriod.covers_from.desc(), ReportingPeriod.id.desc())
        .limit(1)
    )


def period_in_review(task_force_id: int, on: date) -> ReportingPeriod | None:
    """Return the period under review on the day `on`.

    That is the newest period whose window has closed or, before any has closed, the newest.
    """
    closed = db.session.scalar(
        sa.select(ReportingPeriod)
        .where(
            ReportingPeriod.task_force_id == task_force_id,
            ReportingPeriod.opened_at.is_not(None),
            ReportingPeriod.closes_on < on,
        )
        .order_by(ReportingPeriod.covers_from.desc(), ReportingPeriod.id.desc())
        .limit(1)
    )
    return closed or newest_period(task_force_id)


def in_review(opened: Sequence[ReportingPeriod], on: date) -> ReportingPeriod | None:
    """Return the period of `period_in_review` from all opened ones, the newest first."""
    closed = (one for one in opened if one.closes_on < on)
    return next(closed, opened[0] if opened else None)


def open_period(viewer: Viewer, on: date) -> ReportingPeriod | None:
    """Return the newest period whose window has not closed on the day `on`."""
    newest = newest_period(viewer.own_task_force_id)
    return newest if newest is not None and newest.closes_on >= on else None


def extended_agencies(viewer: Viewer, period_id: int) -> dict[str, date]:
    """Return, by slug, until when agencies of the viewer's task force have more time."""
    rows = db.session.execute(
        sa.select(Agency.slug, Extension.until_on)
        .join(Agency, Agency.id == Extension.agency_id)
        .where(Extension.period_id == period_id, Agency.task_force_id == viewer.own_task_force_id)
    )
    return {row[0]: row[1] for row in rows}


def newest_closed_end(task_force_id: int, on: date) -> date | None:
    """Return the last day of the newest period whose window has closed before `on`."""
    return db.session.scalar(
        sa.select(sa.func.max(ReportingPeriod.covers_until)).where(
            ReportingPeriod.task_force_id == task_force_id,
            ReportingPeriod.opened_at.is_not(None),
            ReportingPeriod.closes_on < on,
        )
    )
