"""Looking up task forces, agencies, working days."""

from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.directory.models import Agency, Holiday, TaskForce
from coordinator.permissions import Viewer


def task_force_by_code(code: str) -> TaskForce | None:
    """Return a task force by its Kemendagri code."""
    return db.session.scalar(sa.select(TaskForce).where(TaskForce.code == code))


def task_force(viewer: Viewer) -> TaskForce | None:
    """Return the viewer's own task force."""
    return db.session.get(TaskForce, viewer.own_task_force_id)


def active_task_forces() -> list[TaskForce]:
    """Return the task forces that have a mapping, for the scheduler."""
    return list(
        db.session.scalars(
            sa.select(TaskForce).where(TaskForce.state == "active").order_by(TaskForce.code)
        )
    )


def agencies(viewer: Viewer) -> list[Agency]:
    """Return the active agencies of the viewer's task force, by name."""
    return list(
        db.session.scalars(
            sa.select(Agency)
            .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
            .order_by(sa.func.lower(Agency.abbreviation))
        )
    )


def agency(viewer: Viewer) -> Agency | None:
    """Return the agency the viewer acts for."""
    return db.session.get(Agency, viewer.own_agency_id)


def agency_by_slug(viewer: Viewer, slug: str) -> Agency | None:
    """Return an agency of the viewer's task force."""
    return db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == viewer.own_task_force_id, Agency.slug == slug
        )
    )


def agencies_by_key(task_force_id: int) -> dict[str, Agency]:
    """Return all agencies of a task force, also those no longer active, by their key."""
    rows = db.session.scalars(sa.select(Agency).where(Agency.task_force_id == task_force_id))
    return {row.key: row for row in rows}


def days_off() -> frozenset[date]:
    """Return every holiday and joint leave of the table."""
    return frozenset(db.session.scalars(sa.select(Holiday.on)))


def holidays_of(year: int) -> list[Holiday]:
    """Return the table's days off of a year, in order."""
    return list(
        db.session.scalars(
            sa.select(Holiday)
            .where(Holiday.on.between(date(year, 1, 1), date(year, 12, 31)))
            .order_by(Holiday.on)
        )
    )
