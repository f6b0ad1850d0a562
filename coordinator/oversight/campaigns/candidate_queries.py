"""Whom a new campaign would ask."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.rules import AnswerState
from coordinator.oversight.campaigns.rules import CampaignScope, asked
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force, recipients_of_agencies
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Permission, Viewer


@dataclass(frozen=True, slots=True)
class CampaignCandidate:
    """An agency that a new campaign would ask, how many duties of which it would ask about, and how
    many people it would write to."""

    agency: Agency
    open: int
    people: int


def candidates(
    viewer: Viewer, scope: CampaignScope, working_group_id: int | None
) -> list[CampaignCandidate]:
    """Return the agencies a new campaign would ask, by name."""
    known = answering_agencies(viewer)
    found = _asked(viewer, scope, working_group_id)
    people = recipients_of_agencies(found, today(viewer.zone))
    return [
        CampaignCandidate(agency, found[agency.id], len(people[agency.id]))
        for agency in known.values()
        if agency.id in found
    ]


def _asked(viewer: Viewer, scope: CampaignScope, working_group_id: int | None) -> dict[int, int]:
    """Return how many duties of each agency a campaign would ask about."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.RUN_CAMPAIGNS) else -1
    is_confirmation = scope is CampaignScope.CONFIRM
    since = all_head_since(force_id, viewer.zone) if is_confirmation else {}
    standings = all_standings(force_id, since)
    wanted = asked(standings, scope, working_group_id)
    found: dict[int, int] = {}
    for one in standings:
        is_meant = scope is not CampaignScope.GROUP or one.working_group_id == working_group_id
        if one.agency_id in wanted and one.state is AnswerState.OPEN and is_meant:
            found[one.agency_id] = found.get(one.agency_id, 0) + 1
    return found


def answering_agencies(viewer: Viewer) -> dict[int, Agency]:
    """Return the agencies of the viewer's task force that answer duties, by name. A court is never
    asked: it shares data only."""
    rows = db.session.scalars(
        sa.select(Agency)
        .where(
            Agency.task_force_id == viewer.own_task_force_id,
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
        )
        .order_by(sa.func.lower(Agency.abbreviation), Agency.id)
    )
    return {agency.id: agency for agency in rows}


def all_head_since(task_force_id: int, zone: str) -> dict[int, datetime]:
    """Return, by agency, the instant at which its present head's access began."""
    rows = db.session.execute(
        sa.select(AccessGrant.agency_id, sa.func.max(AccessGrant.from_on))
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.task_force_id == task_force_id,
            AccessGrant.kind == AccessKind.AGENCY_HEAD,
            in_force(today(zone)),
            Account.is_active,
        )
        .group_by(AccessGrant.agency_id)
    )
    return {
        agency_id: datetime.combine(begun, time(), ZoneInfo(zone))
        for agency_id, begun in rows
        if agency_id is not None
    }
