"""What the first pages of inspectors and administrators count."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.clock import latest
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState

REOPENED = "report.reopened"


@dataclass(frozen=True, slots=True)
class Reopened:
    """A verification that was opened again."""

    subject_id: str  # of the report
    at: datetime


def reopened_since(viewer: Viewer, since: datetime) -> list[Reopened]:
    """Return the verifications of the viewer's task force that were opened again since an instant,
    newest first."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_AUDIT) else -1
    rows = db.session.execute(
        sa.select(AuditEntry.subject_id, AuditEntry.at)
        .where(
            AuditEntry.task_force_id == force_id,
            AuditEntry.action == REOPENED,
            AuditEntry.at.between(since, latest()),
        )
        .order_by(AuditEntry.id.desc())
    )
    return [Reopened(*row) for row in rows]


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


def failed_emails(viewer: Viewer) -> int:
    """Count the mails of the whole installation that no server took."""
    if not viewer.may(Permission.KEEP_TASK_FORCES):
        return 0
    return (
        db.session.scalar(
            sa.select(sa.func.count(OutgoingEmail.id)).where(
                OutgoingEmail.state == MailState.FAILED
            )
        )
        or 0
    )


def administrators(viewer: Viewer, on: date) -> int:
    """Count the people who may administer the installation on a day."""
    if not viewer.may(Permission.KEEP_TASK_FORCES):
        return 0
    return (
        db.session.scalar(
            sa.select(sa.func.count(sa.distinct(AccessGrant.account_id)))
            .join(Account, Account.id == AccessGrant.account_id)
            .where(
                AccessGrant.kind == AccessKind.ADMINISTRATOR,
                Account.is_active,
                Account.password_hash.is_not(None),
                in_force(on),
            )
        )
        or 0
    )
