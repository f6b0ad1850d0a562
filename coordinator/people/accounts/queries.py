"""Look up people."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account, OneTimeLink, UserSession
from coordinator.people.accounts.rules import LinkPurpose, is_same_name
from coordinator.permissions import AGENCY_KINDS, AccessKind, Viewer


def not_over(on: date | sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Return the condition that an access holds on the day `on` or begins after it."""
    return sa.and_(
        sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
        AccessGrant.ended_at.is_(None),
    )


def in_force(on: date | sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Return the condition that an access holds on the day `on` and was not ended."""
    return sa.and_(AccessGrant.from_on <= on, not_over(on))


def account_by_email(email: str) -> Account | None:
    """Return the account with this (normal) address or user name."""
    return db.session.scalar(sa.select(Account).where(Account.email == email))


def link_by_hash(token_hash: str) -> OneTimeLink | None:
    """Return a one-time link by the hash of its token."""
    return db.session.scalar(
        sa.select(OneTimeLink)
        .where(OneTimeLink.token_hash == token_hash)
        .options(joinedload(OneTimeLink.account))
    )


def link_by_id(public_id: str) -> OneTimeLink | None:
    """Return a one-time link by its public id."""
    return db.session.scalar(sa.select(OneTimeLink).where(OneTimeLink.public_id == public_id))


def all_resets_since(account_id: int, since: datetime) -> int:
    """Count the links to a new password that an account was sent since an instant."""
    count = db.session.scalar(
        sa.select(sa.func.count()).where(
            OneTimeLink.account_id == account_id,
            OneTimeLink.purpose == LinkPurpose.RESET,
            OneTimeLink.created_at > since,
        )
    )
    return int(count or 0)


def sign_in_name_for(email: str, name: str, stem: str) -> tuple[str, str | None]:
    """Return (sign-in name, mailbox) for a person with this address ("" where they have none).

    An address that is nobody's, or this person's own already, is the sign-in name. An office's
    shared mailbox, which signs in somebody else, gets its next person a user name made of `stem`
    ("dispora.pengganti", then "dispora.pengganti2").
    """
    holder = account_by_email(email) if email else None
    if email and (holder is None or (holder.is_active and is_same_name(holder.name, name))):
        return email, None
    number = 1
    user_name = stem
    while account_by_email(user_name) is not None:
        number += 1
        user_name = f"{stem}{number}"
    return user_name, email or None


def is_link(token_hash: str) -> bool:
    """Return whether there is (or was) a one-time link with this hash."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(OneTimeLink.token_hash == token_hash)))
    )


def grants_in_force(account_id: int, on: date) -> list[AccessGrant]:
    """Return an account's accesses of the day `on`."""
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .where(
                AccessGrant.account_id == account_id,
                in_force(on),
            )
            .options(joinedload(AccessGrant.task_force), joinedload(AccessGrant.agency))
            .order_by(AccessGrant.id)
        )
    )


def has_access_elsewhere(account_id: int, task_force_id: int, on: date) -> bool:
    """Return whether an account has an access outside a task force, on the day `on` or later.

    An access that has not begun yet also belongs to another task force, and counts.
    """
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    AccessGrant.account_id == account_id,
                    AccessGrant.task_force_id.is_distinct_from(task_force_id),
                    not_over(on),
                )
            )
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


def person(viewer: Viewer, public_id: str) -> Account | None:
    """Return an account the viewer manages, with its accesses."""
    return next((found for found in people(viewer) if found.public_id == public_id), None)


def holders(viewer: Viewer, agency_id: int, on: date) -> list[AccessGrant]:
    """Return the accesses of an agency's people that are in force on a day, active people only."""
    return [
        grant
        for grant in people_of_agency(viewer, agency_id)
        if grant.holds(on) and grant.account.is_active
    ]


def holders_elsewhere(viewer: Viewer, agency_id: int, on: date) -> list[AccessGrant]:
    """Return the accesses in force on a day of the viewer's task force's other agencies' people."""
    rows = db.session.scalars(
        sa.select(AccessGrant)
        .join(AccessGrant.account)
        .where(
            AccessGrant.agency_id.is_not(None),
            AccessGrant.agency_id != agency_id,
            AccessGrant.task_force_id == viewer.own_task_force_id,
        )
        .options(joinedload(AccessGrant.account), joinedload(AccessGrant.agency))
        .order_by(AccessGrant.id)
    )
    return [grant for grant in rows if grant.holds(on) and grant.account.is_active]


def people_of_agency(viewer: Viewer, agency_id: int) -> list[AccessGrant]:
    """Return the accesses of focal points and heads of an agency of the viewer's task force: those
    in force or to come first, the focal point before the alternate and the head."""
    rows = db.session.scalars(
        sa.select(AccessGrant)
        .join(AccessGrant.account)
        .where(
            AccessGrant.agency_id == agency_id,
            AccessGrant.task_force_id == viewer.own_task_force_id,
        )
        .options(joinedload(AccessGrant.account), joinedload(AccessGrant.agency))
        .order_by(AccessGrant.kind.desc(), AccessGrant.is_alternate, AccessGrant.id)
    )
    return list(rows)


def sessions_of_account(account_id: int) -> list[UserSession]:
    """Return an account's sessions that have not been ended, newest first."""
    return list(
        db.session.scalars(
            sa.select(UserSession)
            .where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
            .order_by(UserSession.seen_at.desc())
        )
    )


_CONTACTS = (
    sa.select(AccessGrant)
    .join(AccessGrant.account)
    .where(
        AccessGrant.agency_id.in_(sa.bindparam("agency_ids", expanding=True)),
        AccessGrant.kind == AccessKind.FOCAL_POINT,
        in_force(sa.bindparam("on", type_=sa.Date())),
        Account.is_active,
    )
    .options(joinedload(AccessGrant.account))
    .order_by(AccessGrant.is_alternate, AccessGrant.id)
)


def contacts_of_agencies(agency_ids: set[int], on: date) -> dict[int, list[AccessGrant]]:
    """Return focal points and alternates (the alternate last) of agencies on a day, by agency."""
    found: dict[int, list[AccessGrant]] = {agency_id: [] for agency_id in agency_ids}
    for grant in db.session.scalars(_CONTACTS, {"agency_ids": list(agency_ids), "on": on}):
        if grant.agency_id is not None:
            found[grant.agency_id].append(grant)
    return found


def recipients_of_agencies(agency_ids: Iterable[int], on: date) -> dict[int, list[AccessGrant]]:
    """Return who acts for each agency on a day: head first, then focal point, then alternate."""
    found: dict[int, list[AccessGrant]] = {agency_id: [] for agency_id in agency_ids}
    for grant in db.session.scalars(
        sa.select(AccessGrant)
        .join(AccessGrant.account)
        .where(AccessGrant.agency_id.in_(list(found)), in_force(on), Account.is_active)
        .options(joinedload(AccessGrant.account))
        .order_by(
            sa.case((AccessGrant.kind == AccessKind.AGENCY_HEAD, 0), else_=1),
            AccessGrant.is_alternate,
            AccessGrant.id,
        )
    ):
        if grant.agency_id is not None:
            found[grant.agency_id].append(grant)
    return found


def recipients_of_agency(agency_id: int, on: date) -> list[AccessGrant]:
    """Return who acts for one agency on a day, as `recipients_of_agencies`."""
    return recipients_of_agencies((agency_id,), on)[agency_id]


def own_agencies(account_id: int, on: date) -> frozenset[int]:
    """Return the agencies a person works for on a day; the person may not judge their reports.

    They are the home agency, and those the person reports for under another access.
    """
    home = sa.select(Account.home_agency_id).where(
        Account.id == account_id, Account.home_agency_id.is_not(None)
    )
    acting_for = sa.select(AccessGrant.agency_id).where(
        AccessGrant.account_id == account_id, AccessGrant.kind.in_(AGENCY_KINDS), in_force(on)
    )
    return frozenset(db.session.scalars(home.union(acting_for)))


def secretariat_of(task_force_id: int, on: date) -> list[AccessGrant]:
    """Return the secretariat's people of a task force on a day."""
    return list(
        db.session.scalars(
            sa.select(AccessGrant)
            .join(AccessGrant.account)
            .where(
                AccessGrant.task_force_id == task_force_id,
                AccessGrant.kind == AccessKind.SECRETARIAT,
                in_force(on),
                Account.is_active,
            )
            .options(joinedload(AccessGrant.account))
            .order_by(AccessGrant.id)
        )
    )
