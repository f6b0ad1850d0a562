"""Reading periods and obligations."""

from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import AssignmentParty
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.periods.models import Extension, Obligation, ReportingPeriod
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
    """Return the period that is talked about on the day `on`: the newest whose window has closed,
    or, before any has closed, the newest."""
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


def open_period(viewer: Viewer, on: date) -> ReportingPeriod | None:
    """Return the newest period whose window has not closed on the day `on`."""
    newest = newest_period(viewer.own_task_force_id)
    return newest if newest is not None and newest.closes_on >= on else None


def obligation_counts(viewer: Viewer) -> dict[int, int]:
    """Return, by period id, how many obligations the viewer's task force has in it."""
    rows = db.session.execute(
        sa.select(Obligation.period_id, sa.func.count())
        .where(Obligation.task_force_id == viewer.own_task_force_id)
        .group_by(Obligation.period_id)
    )
    return {row[0]: row[1] for row in rows}


def extensions(viewer: Viewer) -> dict[int, list[tuple[Extension, str]]]:
    """Return, by period id, the extensions with the agency's abbreviation."""
    found: dict[int, list[tuple[Extension, str]]] = {}
    rows = db.session.execute(
        sa.select(Extension, Agency.abbreviation)
        .join(Agency, Agency.id == Extension.agency_id)
        .where(Agency.task_force_id == viewer.own_task_force_id)
        .order_by(Agency.abbreviation)
    )
    for extension, abbreviation in rows:
        found.setdefault(extension.period_id, []).append((extension, abbreviation))
    return found


def due_on_column() -> sa.ColumnElement[date]:
    """Return the last day of an obligation: its own, or the agency's extension if that is later.

    The query must outer-join Extension with `extension_join()`.
    """
    return sa.case(
        (Extension.until_on > Obligation.due_on, Extension.until_on), else_=Obligation.due_on
    )


def extension_join() -> sa.ColumnElement[bool]:
    """Return the condition that joins Extension to Obligation."""
    return sa.and_(
        Extension.period_id == Obligation.period_id, Extension.agency_id == Obligation.agency_id
    )


def obligations_of_assignment(assignment_id: int) -> list[tuple[Obligation, str, ReportingPeriod]]:
    """Return an assignment's obligations with agency and period, newest period first."""
    rows = db.session.execute(
        sa.select(Obligation, Agency.abbreviation, ReportingPeriod)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Agency, Agency.id == Obligation.agency_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .where(AssignmentParty.assignment_id == assignment_id)
        .order_by(ReportingPeriod.covers_from.desc(), AssignmentParty.kind, AssignmentParty.id)
    )
    return [(obligation, agency, period) for obligation, agency, period in rows]
