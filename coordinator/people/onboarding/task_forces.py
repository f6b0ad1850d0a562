"""The task forces of the installation as its administrator sees them: who could begin there."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.queries import all_task_forces
from coordinator.permissions import AccessKind, Permission, Viewer


@dataclass(frozen=True, slots=True)
class ForceRow:
    """A task force with the numbers that tell whether it can work."""

    force: TaskForce
    secretariat: int
    focal_points: int
    agencies: int


def task_forces(viewer: Viewer, on: date) -> list[ForceRow]:
    """Return every task force, by code, with its people on the day `on`, for an administrator.

    Nobody else sees another task force's.
    """
    if not viewer.may(Permission.KEEP_TASK_FORCES):
        return []
    people = {
        (row[0], row[1]): row[2]
        for row in db.session.execute(
            sa.select(AccessGrant.task_force_id, AccessGrant.kind, sa.func.count())
            .join(Account, Account.id == AccessGrant.account_id)
            .where(in_force(on), Account.is_active)
            .group_by(AccessGrant.task_force_id, AccessGrant.kind)
        )
    }
    agencies = {
        row[0]: row[1]
        for row in db.session.execute(
            sa.select(Agency.task_force_id, sa.func.count())
            .where(Agency.is_active)
            .group_by(Agency.task_force_id)
        )
    }
    return [
        ForceRow(
            force,
            people.get((force.id, AccessKind.SECRETARIAT), 0),
            people.get((force.id, AccessKind.FOCAL_POINT), 0),
            agencies.get(force.id, 0),
        )
        for force in all_task_forces()
    ]
