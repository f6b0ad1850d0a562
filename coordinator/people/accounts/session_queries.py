"""Who holds a session: read by every request, so one row of columns and no entity."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account, GrantedRight, UserSession
from coordinator.people.accounts.rules import grant_holds
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind, Right


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An access with its places; texts are empty where it has none."""

    kind: AccessKind
    task_force_id: int | None
    agency_id: int | None
    from_on: date
    until_on: date | None
    ended_at: datetime | None
    task_force_code: str
    region: str
    zone: str
    agency: str
    rights: frozenset[Right]

    def holds(self, on: date) -> bool:
        """Return whether the access is in force on a day."""
        return grant_holds(
            from_on=self.from_on, until_on=self.until_on, on=on, ended_at=self.ended_at
        )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its account, and the access chosen in it, or none."""

    id: int
    public_id: str
    account_id: int
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    name: str
    email: str
    home_agency_id: int | None
    is_account_active: bool
    grant: GrantRow | None


@cache
def _session_statement() -> sa.Select[*tuple[Any, ...]]:
    on = sa.bindparam("on", type_=sa.Date)
    rights = (
        sa.select(sa.func.aggregate_strings(sa.cast(GrantedRight.kind, sa.String(40)), ","))
        .where(
            GrantedRight.grant_id == AccessGrant.id,
            GrantedRight.ended_at.is_(None),
            GrantedRight.from_on <= on,
            GrantedRight.until_on >= on,
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            UserSession.id,
            UserSession.public_id,
            UserSession.account_id,
            UserSession.created_at,
            UserSession.seen_at,
            UserSession.ended_at,
            Account.name,
            Account.email,
            Account.home_agency_id,
            Account.is_active,
            AccessGrant.kind,
            AccessGrant.task_force_id,
            AccessGrant.agency_id,
            AccessGrant.from_on,
            AccessGrant.until_on,
            AccessGrant.ended_at,
            sa.func.coalesce(TaskForce.code, ""),
            sa.func.coalesce(TaskForce.region, ""),
            sa.func.coalesce(TaskForce.zone, ""),
            sa.func.coalesce(Agency.abbreviation, ""),
            rights,
        )
        .join(Account, Account.id == UserSession.account_id)
        .outerjoin(AccessGrant, AccessGrant.id == UserSession.grant_id)
        .outerjoin(TaskForce, TaskForce.id == AccessGrant.task_force_id)
        .outerjoin(Agency, Agency.id == AccessGrant.agency_id)
        .where(UserSession.token_hash == sa.bindparam("token_hash"))
    )


def session_by_hash(token_hash: str, on: date) -> SessionRow | None:
    """Return a session by the hash of its token, with the rights its access has on the day `on`."""
    values = {"token_hash": token_hash, "on": on}
    row = db.session.execute(_session_statement(), values).one_or_none()
    if row is None:
        return None
    rights = frozenset(Right(name) for name in (row[-1] or "").split(",") if name)
    grant = GrantRow(*(*row[10:-1], rights)) if row[10] else None
    return SessionRow(*(*row[:10], grant))
