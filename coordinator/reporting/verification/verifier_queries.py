"""Which reports a viewer may verify, and who is notified of the verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force, own_agencies
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission, Viewer
from coordinator.reporting.reports.rules import may_verify


def verifier_check(viewer: Viewer) -> Callable[[int, int], bool]:
    """Return the test of whether this viewer may verify a report, by its agency and who typed it.

    The agencies the viewer works for are read once for a whole page.
    """
    return _check(viewer, own_agencies(viewer.account_id or 0, today(viewer.zone)))


def _check(viewer: Viewer, own: frozenset[int]) -> Callable[[int, int], bool]:
    def can_verify(agency_id: int, submitted_by_id: int) -> bool:
        return viewer.may(Permission.VERIFY_REPORTS) and may_verify(
            verifier_id=viewer.account_id or 0,
            own_agencies=own,
            agency_id=agency_id,
            submitted_by_id=submitted_by_id,
        )

    return can_verify


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at an agency's report, and who of the agency would hear of it."""

    can_verify: Callable[[int, int], bool]  # as `verifier_check` returns it
    has_focal_point: bool
    has_alternate: bool


# Whom a person works for, as `own_agencies` tells, and the focal points of an agency.
PEOPLE: sa.CompoundSelect[*tuple[Any, ...]] = sa.union_all(
    sa.select(
        Account.home_agency_id.label("own_agency_id"),
        sa.cast(sa.null(), sa.Boolean).label("is_alternate"),
    ).where(Account.id == sa.bindparam("account_id")),
    sa.select(AccessGrant.agency_id, sa.cast(sa.null(), sa.Boolean)).where(
        AccessGrant.account_id == sa.bindparam("account_id"),
        AccessGrant.kind.in_(AGENCY_KINDS),
        in_force(sa.bindparam("on", type_=sa.Date())),
    ),
    sa.select(sa.cast(sa.null(), sa.Integer), AccessGrant.is_alternate)
    .join(Account, Account.id == AccessGrant.account_id)
    .where(
        AccessGrant.agency_id == sa.bindparam("agency_id"),
        AccessGrant.kind == AccessKind.FOCAL_POINT,
        in_force(sa.bindparam("on", type_=sa.Date())),
        Account.is_active,
    ),
)


def desk_for(viewer: Viewer, agency_id: int) -> Desk:
    """Return whether the viewer may verify, and which functions of an agency get the mail."""
    rows = db.session.execute(
        PEOPLE,
        {
            "account_id": viewer.account_id or 0,
            "agency_id": agency_id,
            "on": today(viewer.zone),
        },
    ).all()
    own = frozenset(row.own_agency_id for row in rows if row.own_agency_id is not None)
    is_alternate = {row.is_alternate for row in rows}
    return Desk(_check(viewer, own), False in is_alternate, True in is_alternate)
