"""The progress of the task forces below a province. Counts only, no personal data."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.copies.models import TaskForceDecree
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions.models import MappingDraft
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import AgencyKind, TaskForceState
from coordinator.permissions import AccessKind, Viewer


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a task force. The counts are None until its mapping is published."""

    code: str
    region: str
    state: TaskForceState
    agencies: int | None
    without_focal_point: int | None
    duties: int | None
    unanswered: int | None
    has_secretariat: bool


def below(viewer: Viewer, on: date) -> list[Progress]:
    """Return the task forces directly below the viewer's, by code, with what may be counted."""
    forces = db.session.scalars(
        sa.select(TaskForce)
        .where(TaskForce.parent_id == viewer.own_task_force_id)
        .order_by(TaskForce.code)
    )
    return [_progress(force, on) for force in forces]


def _progress(force: TaskForce, on: date) -> Progress:
    has_secretariat = bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    AccessGrant.account_id == Account.id,
                    AccessGrant.task_force_id == force.id,
                    AccessGrant.kind == AccessKind.SECRETARIAT,
                    in_force(on),
                    Account.is_active,
                )
            )
        )
    )
    if force.state is not TaskForceState.ACTIVE:
        return Progress(
            force.code, force.region, force.state, None, None, None, None, has_secretariat
        )
    agencies = (
        sa.select(Agency.id)
        .where(
            Agency.task_force_id == force.id,
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
        )
        .scalar_subquery()
    )
    reachable = (
        sa.select(AccessGrant.agency_id)
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.kind == AccessKind.FOCAL_POINT,
            AccessGrant.agency_id.is_not(None),
            in_force(on),
            Account.is_active,
        )
    )
    count = db.session.scalar(sa.select(sa.func.count()).where(Agency.id.in_(agencies))) or 0
    orphaned = db.session.scalar(
        sa.select(sa.func.count()).where(Agency.id.in_(agencies), Agency.id.not_in(reachable))
    )
    duties = (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(DutyRevision)
            .join(Duty, Duty.id == DutyRevision.duty_id)
            .where(Duty.task_force_id == force.id, DutyRevision.until.is_(None))
        )
        or 0
    )
    return Progress(
        force.code,
        force.region,
        force.state,
        count,
        orphaned or 0,
        duties,
        duties - len(current_answers(force.id)),
        has_secretariat,
    )


def force_to_mirror(viewer: Viewer, code: str) -> TaskForce | None:
    """Return a task force whose first mapping the viewer may make.

    It is one below their own, or their own, until its mapping is published. From then on only its
    own secretariat may change it.
    """
    force = db.session.scalar(sa.select(TaskForce).where(TaskForce.code == code))
    if force is None or force.state is TaskForceState.ACTIVE or force.parent_id is None:
        return None
    if viewer.own_task_force_id not in (force.parent_id, force.id):
        return None
    return force


def draft_of(force: TaskForce) -> tuple[Mapping | None, int]:
    """Return the draft of a task force's first mapping and its revision (0: none yet)."""
    row = db.session.get(MappingDraft, force.id)
    return (None, 0) if row is None else (MAPPING_FORMAT.from_json(row.content), row.revision)


def decree_of(task_force_id: int) -> TaskForceDecree | None:
    """Return the SK recorded for a task force."""
    return db.session.get(TaskForceDecree, task_force_id)


def force_below(viewer: Viewer, code: str) -> TaskForce | None:
    """Return a task force directly below the viewer's."""
    return db.session.scalar(
        sa.select(TaskForce).where(
            TaskForce.code == code, TaskForce.parent_id == viewer.own_task_force_id
        )
    )


def readable_decree(viewer: Viewer, code: str) -> TaskForceDecree | None:
    """Return a task force's SK where the viewer belongs to it, or still drafts it."""
    force = db.session.scalar(sa.select(TaskForce).where(TaskForce.code == code))
    if force is None:
        return None
    if force.id != viewer.own_task_force_id and force_to_mirror(viewer, code) is None:
        return None
    return decree_of(force.id)
