"""Whom a new campaign would ask."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.clock import now, today
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.models import AnswerCampaign
from coordinator.mapping.answers.rules import AnswerState, CampaignPurpose, DutyStanding
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import (
    CampaignScope,
    CampaignStep,
    HeadAppointment,
    asked,
    by_agency,
    head_since,
)
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force, recipients_of_agencies
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState

NOT_AGAIN = timedelta(days=7)  # the same request is not sent twice to a person within so long


@dataclass(frozen=True, slots=True)
class CampaignCandidate:
    """An agency that a new campaign would ask, how many duties of which it would ask about, how
    many people act for it, and to which of them the same request was sent lately."""

    agency: Agency
    open: int
    people: int
    told: dict[int, int]  # account -> the mail that said it

    @property
    def mails(self) -> int:
        """Return how many people would be written to."""
        return self.people - len(self.told)


def candidates(
    viewer: Viewer, scope: CampaignScope, working_group_id: int | None
) -> list[CampaignCandidate]:
    """Return the agencies a new campaign would ask, by name."""
    known = answering_agencies(viewer)
    force_id = viewer.own_task_force_id if viewer.may(Permission.RUN_CAMPAIGNS) else -1
    is_confirmation = scope is CampaignScope.CONFIRM
    since = all_head_since(force_id, viewer.zone) if is_confirmation else {}
    standings = all_standings(force_id, since)
    wanted = asked(standings, scope, working_group_id)
    found = by_agency(
        one
        for one in standings
        if one.agency_id in wanted
        and one.state is AnswerState.OPEN
        and (scope is not CampaignScope.GROUP or one.working_group_id == working_group_id)
    )
    on = today(viewer.zone)
    people = recipients_of_agencies(found, on)
    told = _told_lately(force_id, found, now() - NOT_AGAIN, is_confirmation=is_confirmation)
    return [
        CampaignCandidate(
            agency,
            len(found[agency.id]),
            len(people[agency.id]),
            {
                grant.account_id: told[agency.id, grant.account_id]
                for grant in people[agency.id]
                if (agency.id, grant.account_id) in told
            },
        )
        for agency in known.values()
        if agency.id in found
    ]


def _told_lately(
    force_id: int,
    asked_now: dict[int, list[DutyStanding]],
    since: datetime,
    *,
    is_confirmation: bool,
) -> dict[tuple[int, int], int]:
    """Return the mails by which a campaign that has ended asked people about the same duties since
    an instant, by agency and account. What came back has told nobody."""
    rows = db.session.execute(
        sa.select(
            CampaignNotice.agency_id,
            CampaignNotice.account_id,
            OutgoingEmail.id,
            AnswerCampaign.purpose,
            AnswerCampaign.working_group_id,
            AnswerCampaign.mapping_version,
        )
        .join(AnswerCampaign, AnswerCampaign.id == CampaignNotice.campaign_id)
        .join(OutgoingEmail, OutgoingEmail.id == CampaignNotice.email_id)
        .where(
            AnswerCampaign.task_force_id == force_id,
            AnswerCampaign.ended_at.is_not(None),
            CampaignNotice.step == CampaignStep.OPENING,
            CampaignNotice.agency_id.in_(list(asked_now)),
            OutgoingEmail.state.in_((MailState.SENT, MailState.SENDING)),
            OutgoingEmail.queued_at >= since,
        )
        .order_by(CampaignNotice.id)
    ).all()
    came_back = mail.returned([row.id for row in rows])
    return {
        (row.agency_id, row.account_id): row.id
        for row in rows
        if row.id not in came_back
        and (row.purpose is CampaignPurpose.CONFIRM or not is_confirmation)
        and all(
            row.working_group_id in (None, duty.working_group_id)
            and duty.substance_since <= row.mapping_version
            for duty in asked_now[row.agency_id]
        )
    }


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
    """Return, by agency, the instant at which its present head's access began.

    A head is an account: a gap between two accesses of the same person begins no new head.
    """
    on = today(zone)
    rows = db.session.execute(
        sa.select(
            AccessGrant.agency_id,
            AccessGrant.account_id,
            AccessGrant.from_on,
            sa.and_(in_force(on), Account.is_active).label("is_held"),
        )
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.task_force_id == task_force_id,
            AccessGrant.kind == AccessKind.AGENCY_HEAD,
            AccessGrant.from_on <= on,
        )
        .order_by(AccessGrant.agency_id, AccessGrant.from_on, AccessGrant.id)
    )
    appointed: dict[int, list[HeadAppointment]] = {}
    for agency_id, account_id, begun, is_held in rows:
        if agency_id is not None:
            appointed.setdefault(agency_id, []).append(HeadAppointment(account_id, begun, is_held))
    since = {agency_id: head_since(held) for agency_id, held in appointed.items()}
    return {
        agency_id: datetime.combine(begun, time(), ZoneInfo(zone))
        for agency_id, begun in since.items()
        if begun is not None
    }
