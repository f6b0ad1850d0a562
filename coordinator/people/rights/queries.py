"""Read who holds a right, and to whom one may be given."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account, GrantedRight
from coordinator.people.accounts.queries import not_over
from coordinator.people.rights.rules import is_meant
from coordinator.permissions import AGENCY_KINDS, AccessKind, Right, Viewer

# Whose access may be given a right: those who work in the task force.
RECEIVING = AGENCY_KINDS | {AccessKind.SECRETARIAT}


def rights(viewer: Viewer) -> list[GrantedRight]:
    """Return the rights given in the viewer's task force, the newest first."""
    return list(
        db.session.scalars(
            sa.select(GrantedRight)
            .join(GrantedRight.grant)
            .where(AccessGrant.task_force_id == viewer.own_task_force_id)
            .options(
                joinedload(GrantedRight.grant).joinedload(AccessGrant.account),
                joinedload(GrantedRight.grant).joinedload(AccessGrant.agency),
                joinedload(GrantedRight.given_by),
            )
            .order_by(GrantedRight.id.desc())
        )
    )


def right(viewer: Viewer, public_id: str) -> GrantedRight | None:
    """Return a right given in the viewer's task force."""
    return next((one for one in rights(viewer) if one.public_id == public_id), None)


def receivers(viewer: Viewer, asked: str, on: date) -> list[AccessGrant]:
    """Return the accesses of the viewer's task force, in force on a day or to come, whose person
    has this name or address, by name."""
    return [
        grant
        for grant in _accesses(viewer, on)
        if is_meant(
            asked, grant.account.name, grant.account.email, grant.account.contact_email or ""
        )
    ]


def receiver(viewer: Viewer, grant_id: int, on: date) -> AccessGrant | None:
    """Return one of the accesses to which the viewer may give a right."""
    return next((one for one in _accesses(viewer, on) if one.id == grant_id), None)


def _accesses(viewer: Viewer, on: date) -> list[AccessGrant]:
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .join(AccessGrant.account)
            .where(
                AccessGrant.task_force_id == viewer.own_task_force_id,
                AccessGrant.kind.in_(RECEIVING),
                Account.is_active,
                not_over(on),
            )
            .options(joinedload(AccessGrant.account), joinedload(AccessGrant.agency))
            .order_by(sa.func.lower(Account.name), AccessGrant.id)
        )
    )


def holds_until(
    viewer: Viewer, grant_id: int, kind: Right, from_on: date, until_on: date
) -> date | None:
    """Return the last day of a right that an access of the viewer's task force has between two
    days, or None."""
    return db.session.scalar(
        sa.select(sa.func.max(GrantedRight.until_on))
        .join(GrantedRight.grant)
        .where(
            AccessGrant.task_force_id == viewer.own_task_force_id,
            GrantedRight.grant_id == grant_id,
            GrantedRight.kind == kind,
            GrantedRight.ended_at.is_(None),
            GrantedRight.until_on >= from_on,
            GrantedRight.from_on <= until_on,
        )
    )
