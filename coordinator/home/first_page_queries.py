"""What the first pages of inspectors and administrators count."""

from datetime import date, datetime

import sqlalchemy as sa

from coordinator.clock import latest
from coordinator.db import db
from coordinator.home.first_step_queries import all_administrators
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.models import AuditEntry

REOPENED = "report.reopened"


def reopened_since(viewer: Viewer, since: datetime) -> int:
    """Count the verifications of the viewer's task force opened again since an instant."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_AUDIT) else -1
    return (
        db.session.scalar(
            sa.select(sa.func.count(AuditEntry.id)).where(
                AuditEntry.task_force_id == force_id,
                AuditEntry.action == REOPENED,
                AuditEntry.at.between(since, latest()),
            )
        )
        or 0
    )


def without_secretariat(viewer: Viewer, on: date) -> list[str]:
    """Return the regions whose task force is active and has no secretariat on a day, by code."""
    if not viewer.may(Permission.KEEP_TASK_FORCES):
        return []
    has_one = sa.exists().where(
        AccessGrant.task_force_id == TaskForce.id,
        AccessGrant.kind == AccessKind.SECRETARIAT,
        AccessGrant.account_id == Account.id,
        Account.is_active,
        in_force(on),
    )
    return list(
        db.session.scalars(
            sa.select(TaskForce.region)
            .where(TaskForce.state == TaskForceState.ACTIVE, ~has_one)
            .order_by(TaskForce.code)
        )
    )


def administrators(viewer: Viewer, on: date) -> int:
    """Count the people who may administer the installation on a day."""
    if not viewer.may(Permission.KEEP_TASK_FORCES):
        return 0
    return db.session.scalar(all_administrators(on)) or 0
