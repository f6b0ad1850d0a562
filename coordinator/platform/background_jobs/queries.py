"""Reading long work."""

from datetime import datetime

import sqlalchemy as sa

from coordinator.clock import latest
from coordinator.db import db
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.background_jobs.models import BackgroundTask
from coordinator.platform.background_jobs.rules import TaskState


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """One's own work, asked for in the same task force; the secretariat sees all of its own."""
    force = BackgroundTask.task_force_id
    same_force = force.is_(None) if viewer.task_force_id is None else force == viewer.task_force_id
    if viewer.kind is AccessKind.SECRETARIAT:
        return same_force
    return sa.and_(same_force, BackgroundTask.requested_by_id == (viewer.account_id or -1))


def task(viewer: Viewer, public_id: str) -> BackgroundTask | None:
    """Return a piece of long work that the viewer may watch."""
    return db.session.scalar(
        sa.select(BackgroundTask).where(BackgroundTask.public_id == public_id, _visible(viewer))
    )


def recent_tasks(viewer: Viewer, *, most: int = 30) -> list[BackgroundTask]:
    """Return the newest long work that the viewer may watch."""
    return list(
        db.session.scalars(
            sa.select(BackgroundTask)
            .where(_visible(viewer))
            .order_by(BackgroundTask.id.desc())
            .limit(most)
        )
    )


def not_heard_since(stale: datetime) -> sa.ColumnElement[bool]:
    """Say that a worker gave no sign since `stale`, or gave its last by a clock that was wrong."""
    return sa.not_(BackgroundTask.heartbeat_at.between(stale, latest()))


def is_waiting(stale: datetime) -> bool:
    """Tell whether work is queued, or held by a worker not heard of since `stale`."""
    held = sa.and_(BackgroundTask.state == TaskState.RUNNING, not_heard_since(stale))
    query = sa.or_(BackgroundTask.state == TaskState.QUEUED, held)
    return bool(db.session.scalar(sa.select(sa.exists().where(query))))


def ids_with_results() -> set[str]:
    """Return the public ids of work whose result file is kept."""
    rows = db.session.scalars(
        sa.select(BackgroundTask.public_id).where(
            sa.or_(
                BackgroundTask.result_name.is_not(None), BackgroundTask.state == TaskState.RUNNING
            )
        )
    )
    return set(rows)
