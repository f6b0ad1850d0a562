"""Reading the trail."""

from collections.abc import Collection

import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry

# By the table's name: the accounts are above the trail, and import it.
ACCOUNT = sa.table("account", sa.column("id", sa.Integer), sa.column("name", sa.String))


def trail(
    viewer: Viewer, *, action: str = "", subject: str = "", page: int = 1, size: int = 50
) -> tuple[list[AuditEntry], int]:
    """Return a page of the task force's entries, newest first, and how many there are.

    `action` filters by its beginning ("report."), `subject` by the subject's id.
    """
    query = sa.select(AuditEntry)
    if viewer.kind is not AccessKind.ADMINISTRATOR:
        query = query.where(AuditEntry.task_force_id == viewer.own_task_force_id)
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        query = query.where(AuditEntry.subject_id == subject)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(AuditEntry.id.desc()).offset((page - 1) * size).limit(size)
    )
    return list(rows), total


def names_of(entries: Collection[AuditEntry]) -> dict[int, str]:
    """Return, by account id, the present names of who made these entries; the caller may see them.

    An account that was removed has none.
    """
    ids = {entry.account_id for entry in entries if entry.account_id is not None}
    rows = db.session.execute(sa.select(ACCOUNT.c.id, ACCOUNT.c.name).where(ACCOUNT.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
