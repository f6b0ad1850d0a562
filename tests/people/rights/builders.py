"""A right for somebody, as a form would give it."""

from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.rights.service import NewRight
from coordinator.permissions import Right, Viewer

TODAY = date(2026, 10, 13)


def grant_of(viewer: Viewer) -> int:
    """The id of a person's one access."""
    return db.session.scalars(
        sa.select(AccessGrant.id).where(AccessGrant.account_id == viewer.account_id)
    ).one()


def new_right(viewer: Viewer, from_on: date = TODAY, until_on: date | None = None) -> NewRight:
    """The right to check texts, for a month by default."""
    until = until_on or date(2026, 11, 12)
    return NewRight(grant_of(viewer), Right.CHECK_TEXTS, from_on, until)
