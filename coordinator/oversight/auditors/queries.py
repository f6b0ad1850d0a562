"""Find the inspectors of a task force."""

from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.permissions import AccessKind


def auditors(task_force_id: int, on: date) -> list[Account]:
    """Return the people with an auditor's access of a task force that is in force on a day."""
    grants = db.session.scalars(
        sa.select(AccessGrant)
        .where(AccessGrant.task_force_id == task_force_id, AccessGrant.kind == AccessKind.AUDITOR)
        .order_by(AccessGrant.id)
    )
    found = {grant.account_id: grant.account for grant in grants if grant.holds(on)}
    return [account for account in found.values() if account.is_active]
