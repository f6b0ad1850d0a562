"""Asking for long work, taking it, reporting on it, ending it.

See docs/decisions/0008-long-work.md. Not huey, dramatiq or procrastinate: they need a broker, or
PostgreSQL alone. The order here is a row in the transaction of the page that asks, on both engines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import NotAllowed, NotFound
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.background_jobs import queries
from coordinator.platform.background_jobs.models import BackgroundTask
from coordinator.platform.background_jobs.rules import ENDED, KEPT, LEASE, MOST_ATTEMPTS, TaskState
from coordinator.translation import gettext as _

NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """Work that was given to a worker: plain values, so that no transaction can expire them."""

    id: int
    public_id: str
    kind: str
    params: Mapping[str, Any]
    viewer: Viewer


@transactional
def enqueue(kind: str, *, title: str, params: Mapping[str, Any], by: Viewer) -> str:
    """Ask for work of a kind the scheduler knows; return the id of its page.

    `params` holds what JSON can hold, and nothing secret. The same work asked for again before it
    ends is the same work: a second press makes no second file. Raises NotAllowed.
    """
    if by.account_id is None:
        raise NotAllowed(_("Masuk lebih dahulu."))
    waiting = db.session.scalars(
        sa.select(BackgroundTask).where(
            BackgroundTask.requested_by_id == by.account_id,
            BackgroundTask.kind == kind,
            BackgroundTask.state.not_in(ENDED),
        )
    )
    for row in waiting:
        if row.params == dict(params) and row.task_force_id == by.task_force_id:
            return row.public_id
    row = BackgroundTask(
        kind=kind,
        task_force_id=by.task_force_id,
        requested_by_id=by.account_id,
        access=by.kind,
        agency_id=by.agency_id,
        title=title,
        params=dict(params),
        state=TaskState.QUEUED,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record("task.requested", by=by, subject=("task", row.public_id), kind=kind)
    return row.public_id


@transactional
def claim_next(owner: str) -> Claim | None:
    """Give the oldest waiting work to `owner`; None when there is none.

    Work whose worker was not heard of for longer than LEASE is taken over ("diulang"), at most
    twice; then it has failed.
    """
    stamp = now()
    stale = sa.and_(
        BackgroundTask.state == TaskState.RUNNING, queries.not_heard_since(stamp - LEASE)
    )
    while True:
        row = db.session.scalar(
            sa.select(BackgroundTask)
            .where(sa.or_(BackgroundTask.state == TaskState.QUEUED, stale))
            .order_by(BackgroundTask.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        if row.attempts < MOST_ATTEMPTS:
            break
        _end(row, TaskState.FAILED, _("Berhenti tiga kali sebelum selesai."))
        record("task.failed", by=None, subject=("task", row.public_id), kind=row.kind)
        db.session.flush()
    if row.attempts:
        row.note = _("Diulang karena terputus.")
    row.state = TaskState.RUNNING
    row.lease_by = owner
    row.attempts += 1
    row.done = 0
    row.started_at = row.heartbeat_at = stamp
    return Claim(row.id, row.public_id, row.kind, dict(row.params), _viewer_of(row))


def _viewer_of(row: BackgroundTask) -> Viewer:
    """Return who asked, with the access of that moment."""
    force = db.session.get(TaskForce, row.task_force_id) if row.task_force_id else None
    viewer = Viewer(
        account_id=row.requested_by_id,
        kind=row.access,
        task_force_id=row.task_force_id,
        agency_id=row.agency_id,
    )
    if force is None:
        return viewer
    return Viewer(
        account_id=viewer.account_id,
        kind=viewer.kind,
        task_force_id=viewer.task_force_id,
        agency_id=viewer.agency_id,
        zone=force.zone,
    )


def _end(row: BackgroundTask, state: TaskState, note: str) -> None:
    row.state = state
    row.note = note[:NOTE_LENGTH]
    row.lease_by = None
    row.finished_at = now()


def _held(task_id: int, owner: str) -> BackgroundTask | None:
    row = db.session.get(BackgroundTask, task_id, with_for_update=True)
    if row is None or row.state is not TaskState.RUNNING or row.lease_by != owner:
        return None
    return row


@transactional
def report_progress(task_id: int, owner: str, *, done: int, total: int) -> bool:
    """Note how far the work is; False where it was cancelled or given to another: stop then."""
    row = _held(task_id, owner)
    if row is None:
        return False
    row.done, row.total = done, total
    row.heartbeat_at = now()
    return True


@transactional
def finish(
    task_id: int,
    owner: str,
    *,
    note: str = "",
    result: tuple[str, str] | None = None,
) -> bool:
    """Note that the work is done, with its file's (name, media type) where it made one; False
    where it was cancelled or given to another meanwhile."""
    row = _held(task_id, owner)
    if row is None:
        return False
    _end(row, TaskState.DONE, note)
    row.done = row.total
    if result is not None:
        row.result_name, row.result_type = result
    record("task.finished", by=None, subject=("task", row.public_id), **_facts(row))
    return True


@transactional
def fail(task_id: int, owner: str, *, note: str) -> bool:
    """Note that the work cannot be done, and why; False where it is no longer the owner's."""
    row = _held(task_id, owner)
    if row is None:
        return False
    _end(row, TaskState.FAILED, note)
    record("task.failed", by=None, subject=("task", row.public_id), **_facts(row))
    return True


def _facts(row: BackgroundTask) -> dict[str, Any]:
    return {"kind": row.kind, "task_force_id": row.task_force_id}


@transactional
def put_back(task_id: int, owner: str) -> bool:
    """Queue the work again because its worker is asked to stop; this try does not count."""
    row = _held(task_id, owner)
    if row is None:
        return False
    row.state = TaskState.QUEUED
    row.lease_by = None
    row.attempts -= 1
    return True


@transactional
def cancel(public_id: str, *, by: Viewer) -> bool:
    """Cancel work that has not ended; False where it has. Raises NotFound."""
    row = queries.task(by, public_id)
    if row is None:
        raise NotFound(_("Pekerjaan itu tidak ada."))
    if row.state in ENDED:
        return False
    _end(row, TaskState.CANCELLED, "")
    record("task.cancelled", by=by, subject=("task", row.public_id), kind=row.kind)
    return True


@transactional
def forget_old_results(stamp: datetime) -> int:
    """Let go of the files that were kept long enough; return how many. The caller deletes them."""
    rows = db.session.scalars(
        sa.select(BackgroundTask).where(
            BackgroundTask.result_name.is_not(None), BackgroundTask.finished_at < stamp - KEPT
        )
    ).all()
    for row in rows:
        row.result_name = row.result_type = None
    return len(rows)
