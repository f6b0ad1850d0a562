"""Reading campaigns: who is asked, how far they are, and who got a mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.clock import local, today
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import AnswerState, CampaignPurpose, DutyStanding
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.oversight.campaigns.candidate_queries import all_head_since, answering_agencies
from coordinator.oversight.campaigns.mail_queries import (
    CampaignMail,
    ContactLine,
    all_contacts,
    all_mails,
)
from coordinator.oversight.campaigns.rules import (
    AnswerCounts,
    by_agency,
    counted,
)
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.permissions import Permission, Viewer
from coordinator.platform.mail.rules import MailState


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign as a list shows it."""

    id: int
    public_id: str
    purpose: CampaignPurpose
    working_group_id: int | None
    group: str  # the numeral of that working group, "" where all are asked about
    target_on: date
    message: str
    mapping_version: int
    started_at: datetime
    ended_at: datetime | None
    agencies: int

    def asks_about(self, duty: DutyStanding) -> bool:
        """Return whether the campaign asks about a duty of an agency that it asks."""
        return self.working_group_id in (None, duty.working_group_id)


@dataclass(frozen=True, slots=True)
class AgencyProgress:
    """How far one agency is with its duties, and who of it got a mail."""

    agency_id: int
    slug: str
    abbreviation: str
    counts: AnswerCounts
    is_asked: bool
    asked_open: int  # duties that the campaign asks about and that have no answer yet
    unasked: int  # open duties that it would ask about, were the agency added to it
    is_newly_open: bool  # some of those are new or changed since it began
    days: int | None  # since the campaign began, while something it asks is open
    contact: AccessGrant | None  # the head, else the focal point, else the alternate
    told: tuple[CampaignMail, ...]
    noted: tuple[ContactLine, ...]

    @property
    def needs_letter(self) -> bool:
        """Return whether something is open and no mail of the campaign reached anybody."""
        return (
            self.asked_open > 0
            and not any(one.arrived or one.state is MailState.QUEUED for one in self.told)
            and not any(one.means is ContactMeans.LETTER for one in self.noted)
        )


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far the agencies of a working group are with its duties."""

    numeral: str
    short: str
    counts: AnswerCounts


@dataclass(frozen=True, slots=True)
class AnswerProgress:
    """How far a task force is with its answers; `asked` is what the campaign asks of them."""

    agencies: list[AgencyProgress]
    groups: list[GroupProgress]
    counts: AnswerCounts
    asked: AnswerCounts | None


_AGENCIES = sa.func.count(CampaignAgency.agency_id)


def campaigns(viewer: Viewer) -> list[CampaignLine]:
    """Return the campaigns of the viewer's task force, newest first."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_ANSWERS) else -1
    rows = db.session.execute(
        sa.select(AnswerCampaign, _AGENCIES, WorkingGroup.numeral)
        .join(CampaignAgency, CampaignAgency.campaign_id == AnswerCampaign.id)
        .outerjoin(WorkingGroup, WorkingGroup.id == AnswerCampaign.working_group_id)
        .where(AnswerCampaign.task_force_id == force_id)
        .group_by(AnswerCampaign.id, WorkingGroup.numeral)
        .order_by(AnswerCampaign.id.desc())
    )
    return [
        CampaignLine(
            id=row.id,
            public_id=row.public_id,
            purpose=row.purpose,
            working_group_id=row.working_group_id,
            group=numeral or "",
            target_on=row.target_on,
            message=row.message or "",
            mapping_version=row.mapping_version,
            started_at=row.started_at,
            ended_at=row.ended_at,
            agencies=agencies,
        )
        for row, agencies, numeral in rows
    ]


def running(viewer: Viewer) -> CampaignLine | None:
    """Return the campaign that runs in the viewer's task force."""
    return next((one for one in campaigns(viewer) if one.ended_at is None), None)


def asked_agencies(viewer: Viewer, campaign_id: int) -> set[int]:
    """Return the agencies of a campaign of the viewer's task force."""
    return set(
        db.session.scalars(
            sa.select(CampaignAgency.agency_id)
            .join(AnswerCampaign, AnswerCampaign.id == CampaignAgency.campaign_id)
            .where(
                AnswerCampaign.id == campaign_id,
                AnswerCampaign.task_force_id == viewer.own_task_force_id,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """How far a task force is with its answers, in a few numbers; `asked` is what the campaign
    asks of them."""

    counts: AnswerCounts
    asked: AnswerCounts | None
    # The agencies with open duties and how many of them, the most first.
    open: list[tuple[str, int]]


def summary(viewer: Viewer, campaign: CampaignLine | None) -> AnswerSummary:
    """Return how far the viewer's task force is with its answers: always all its duties, and what
    the campaign asks apart from them."""
    known = answering_agencies(viewer)
    standings = _standings(viewer, known)
    waiting = [
        (known[agency_id].abbreviation, counted(held).open)
        for agency_id, held in by_agency(standings).items()
    ]
    meant = asked_agencies(viewer, campaign.id) if campaign else set()
    return AnswerSummary(
        counted(standings),
        _asked(standings, campaign, meant),
        sorted(((name, n) for name, n in waiting if n), key=lambda one: (-one[1], one[0].lower())),
    )


def _standings(viewer: Viewer, known: Collection[int]) -> list[DutyStanding]:
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_ANSWERS) else -1
    return [one for one in all_standings(force_id) if one.agency_id in known]


def _asked(
    standings: list[DutyStanding], campaign: CampaignLine | None, meant: Collection[int]
) -> AnswerCounts | None:
    """Return the counts of what a campaign asks: of one pokja all its duties, else the duties of
    the agencies it asks."""
    if campaign is None:
        return None
    return counted(
        one
        for one in standings
        if one.working_group_id == campaign.working_group_id
        or (campaign.working_group_id is None and one.agency_id in meant)
    )


def progress(viewer: Viewer, campaign: CampaignLine | None) -> AnswerProgress:
    """Return how far the agencies of the viewer's task force are with their answers.

    Always of all their duties; with a campaign also whom it told and, while it runs, what it asks.
    """
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_ANSWERS) else -1
    on = today(viewer.zone)
    known = answering_agencies(viewer)
    standings = _standings(viewer, known)
    held = by_agency(standings)
    addable = held
    if campaign is not None and campaign.purpose is CampaignPurpose.CONFIRM:
        addable = by_agency(_to_confirm(viewer))
    meant = asked_agencies(viewer, campaign.id) if campaign else set()
    told = all_mails(campaign.id) if campaign else {}
    began_on = local(campaign.started_at, viewer.zone).date() if campaign else on
    noted = all_contacts(force_id, began_on) if campaign else {}
    people = recipients_of_agencies(held, on)
    agencies = []
    for agency_id, agency in known.items():
        if agency_id not in held:
            continue
        counts = counted(held[agency_id])
        is_asked = campaign is not None and agency_id in meant
        waiting = [
            one
            for one in (held if is_asked else addable).get(agency_id, ())
            if campaign is not None
            and campaign.ended_at is None
            and one.state is AnswerState.OPEN
            and campaign.asks_about(one)
        ]
        newest = max((one.substance_since for one in waiting), default=0)
        asked_open = len(waiting) if is_asked else 0
        agencies.append(
            AgencyProgress(
                agency_id=agency_id,
                slug=agency.slug,
                abbreviation=agency.abbreviation,
                counts=counts,
                is_asked=is_asked,
                asked_open=asked_open,
                unasked=0 if is_asked else len(waiting),
                is_newly_open=campaign is not None and newest > campaign.mapping_version,
                days=(on - began_on).days if asked_open else None,
                contact=next(iter(people[agency_id]), None),
                told=tuple(told.get(agency_id, ())),
                noted=tuple(noted.get(agency_id, ())),
            )
        )
    return AnswerProgress(
        agencies,
        _groups(viewer, standings),
        counted(standings),
        _asked(standings, campaign, meant),
    )


def _to_confirm(viewer: Viewer) -> list[DutyStanding]:
    """Return the duties as they would stand if a confirmation asked all agencies."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_ANSWERS) else -1
    return all_standings(force_id, all_head_since(force_id, viewer.zone))


def _groups(viewer: Viewer, standings: list[DutyStanding]) -> list[GroupProgress]:
    rows = db.session.execute(
        sa.select(WorkingGroup.id, WorkingGroup.numeral, WorkingGroup.short)
        .where(WorkingGroup.task_force_id == viewer.own_task_force_id)
        .order_by(WorkingGroup.position, WorkingGroup.id)
    )
    found = [
        GroupProgress(
            numeral, short, counted(one for one in standings if one.working_group_id == group_id)
        )
        for group_id, numeral, short in rows
    ]
    return [one for one in found if one.counts.total]
