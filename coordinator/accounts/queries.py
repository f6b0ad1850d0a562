"""Looking people up."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.accounts.models import AccessGrant, Account, OneTimeLink, UserSession
from coordinator.db import db
from coordinator.permissions import AccessKind, Viewer


def account_by_email(email: str) -> Account | None:
    """Return the account with this (normal) address."""
    return db.session.scalar(sa.select(Account).where(Account.email == email))


def session_by_hash(token_hash: str) -> UserSession | None:
    """Return a session with its account, access and places, by the hash of its token."""
    return db.session.scalar(
        sa.select(UserSession)
        .where(UserSession.token_hash == token_hash)
        .options(
            joinedload(UserSession.account),
            joinedload(UserSession.grant).options(
                joinedload(AccessGrant.task_force), joinedload(AccessGrant.agency)
            ),
        )
    )


def link_by_hash(token_hash: str) -> OneTimeLink | None:
    """Return a one-time link by the hash of its token."""
    return db.session.scalar(
        sa.select(OneTimeLink)
        .where(OneTimeLink.token_hash == token_hash)
        .options(joinedload(OneTimeLink.account))
    )


def grants_in_force(account_id: int, on: date) -> list[AccessGrant]:
    """Return an account's accesses of the day `on`."""
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .where(
                AccessGrant.account_id == account_id,
                AccessGrant.from_on <= on,
                sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
            )
            .options(joinedload(AccessGrant.task_force), joinedload(AccessGrant.agency))
            .order_by(AccessGrant.id)
        )
    )


def people(viewer: Viewer) -> list[Account]:
    """Return the accounts that hold (or held) an access in the viewer's task force; for an
    administrator of the installation, all."""
    query = sa.select(Account).options(
        selectinload(Account.grants).options(
            joinedload(AccessGrant.agency), joinedload(AccessGrant.task_force)
        )
    )
    if viewer.kind is not AccessKind.ADMINISTRATOR:
        query = query.where(
            Account.grants.any(AccessGrant.task_force_id == viewer.own_task_force_id)
        )
    return list(db.session.scalars(query.order_by(Account.name, Account.id)))


def account_id(viewer: Viewer, public_id: str) -> int:
    """Return the id of an account the viewer manages; -1, which is nobody, for any other."""
    return next((person.id for person in people(viewer) if person.public_id == public_id), -1)


def sessions_of_account(account_id: int) -> list[UserSession]:
    """Return an account's sessions that have not been ended, newest first."""
    return list(
        db.session.scalars(
            sa.select(UserSession)
            .where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
            .order_by(UserSession.seen_at.desc())
        )
    )


def contacts_of_agencies(agency_ids: set[int], on: date) -> dict[int, list[AccessGrant]]:
    """Return focal points and alternates (the alternate last) of agencies on a day, by agency."""
    found: dict[int, list[AccessGrant]] = {agency_id: [] for agency_id in agency_ids}
    rows = db.session.scalars(
        sa.select(AccessGrant)
        .join(AccessGrant.account)
        .where(
            AccessGrant.agency_id.in_(agency_ids),
            AccessGrant.kind == AccessKind.FOCAL_POINT,
            AccessGrant.from_on <= on,
            sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
            Account.is_active,
        )
        .options(joinedload(AccessGrant.account))
        .order_by(AccessGrant.is_alternate, AccessGrant.id)
    )
    for grant in rows:
        if grant.agency_id is not None:
            found[grant.agency_id].append(grant)
    return found


def people_of_agency(agency_id: int, on: date) -> list[AccessGrant]:
    """Return who acts for an agency on a day: its head first, then focal point, then alternate."""
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .join(AccessGrant.account)
            .where(
                AccessGrant.agency_id == agency_id,
                AccessGrant.from_on <= on,
                sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
                Account.is_active,
            )
            .options(joinedload(AccessGrant.account))
            .order_by(
                sa.case((AccessGrant.kind == AccessKind.AGENCY_HEAD, 0), else_=1),
                AccessGrant.is_alternate,
                AccessGrant.id,
            )
        )
    )


def secretariat_of(task_force_id: int, on: date) -> list[AccessGrant]:
    """Return the secretariat's people of a task force on a day."""
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .join(AccessGrant.account)
            .where(
                AccessGrant.task_force_id == task_force_id,
                AccessGrant.kind == AccessKind.SECRETARIAT,
                AccessGrant.from_on <= on,
                sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
                Account.is_active,
            )
            .options(joinedload(AccessGrant.account))
            .order_by(AccessGrant.id)
        )
    )
