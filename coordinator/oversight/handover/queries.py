"""What a handover moves, and what was handed over."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.db import db
from coordinator.oversight.handover.models import Handover
from coordinator.people.accounts import queries as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.reporting.reports.task_queries import Task, open_tasks


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person about to leave an agency: the accesses that move and who may take over."""

    account: Account
    agency: Agency
    grants: list[AccessGrant]
    colleagues: list[AccessGrant]
    keeps_other_access: bool


def leaving(viewer: Viewer, account_id: str, slug: str, on: date) -> Leaving | None:
    """Return the handover of a person that the viewer may make, or None.

    The secretariat may for every agency of its task force; a head for the people of their agency;
    a focal point for themselves alone.
    """
    agency = db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == viewer.own_task_force_id, Agency.slug == slug
        )
    )
    if agency is None or not viewer.may(Permission.HAND_OVER):
        return None
    holders = accounts.holders(viewer, agency.id, on)
    grants = [grant for grant in holders if grant.account.public_id == account_id]
    if not grants:
        return None
    account = grants[0].account
    if viewer.kind is not AccessKind.SECRETARIAT:
        is_own = agency.id == viewer.agency_id
        is_self = account.id == viewer.account_id
        if not is_own or not (is_self or viewer.kind is AccessKind.AGENCY_HEAD):
            return None
    moving = {grant.id for grant in grants}
    others: dict[int, AccessGrant] = {}
    for grant in holders:
        if grant.account_id != account.id:
            others.setdefault(grant.account_id, grant)
    return Leaving(
        account=account,
        agency=agency,
        grants=grants,
        colleagues=list(others.values()),
        keeps_other_access=any(
            grant.id not in moving and grant.ended_at is None and not _is_over(grant, on)
            for grant in account.grants
        ),
    )


def _is_over(grant: AccessGrant, on: date) -> bool:
    return grant.until_on is not None and grant.until_on < on


def open_reports(viewer: Viewer, agency_id: int) -> list[Task]:
    """Return what an agency of the viewer's task force still has to send, most urgent first."""
    acting = replace(viewer, kind=AccessKind.FOCAL_POINT, agency_id=agency_id)
    return open_tasks(acting)


def mail_threads(agency_id: int) -> frozenset[str]:
    """Return the threads of mails about an agency's assignments."""
    rows = db.session.scalars(
        sa.select(Assignment.public_id)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .where(AssignmentParty.agency_id == agency_id)
    )
    return frozenset(f"assignment-{public_id}" for public_id in rows)


def handover(viewer: Viewer, public_id: str) -> tuple[Handover, Agency] | None:
    """Return a handover that the viewer may read.

    The secretariat reads those of its task force, others those of their own agency.
    """
    query = (
        sa.select(Handover, Agency)
        .join(Agency, Agency.id == Handover.agency_id)
        .where(Handover.public_id == public_id, Handover.task_force_id == viewer.own_task_force_id)
    )
    if viewer.kind is not AccessKind.SECRETARIAT:
        query = query.where(Handover.agency_id == viewer.own_agency_id)
    row = db.session.execute(query).first()
    return None if row is None else (row[0], row[1])


def handovers_of(viewer: Viewer, agency_id: int) -> list[Handover]:
    """Return an agency's handovers, newest first."""
    return list(
        db.session.scalars(
            sa.select(Handover)
            .where(
                Handover.agency_id == agency_id, Handover.task_force_id == viewer.own_task_force_id
            )
            .order_by(Handover.id.desc())
        )
    )
