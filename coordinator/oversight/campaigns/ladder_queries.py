"""What a running campaign still asks, and whom it is due to write to today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import AnswerState, CampaignPurpose
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignStep, ladder_steps
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """What a running campaign still asks of one agency, and whom it writes to today."""

    campaign_id: int
    agency_id: int
    agency: str
    target_on: date
    message: str
    is_confirmation: bool
    open: int
    group: str  # the numeral of the pokja that alone is asked about, or ""
    # By access of the person: the steps, the last of which is sent today.
    due: tuple[tuple[AccessGrant, tuple[CampaignStep, ...]], ...]


def all_calls(task_force: TaskForce, on: date) -> list[AnswerCall]:
    """Return what the running campaign of a task force asks on a day, of agencies with an open
    duty; the caller acts for the scheduler."""
    campaign = db.session.scalar(
        sa.select(AnswerCampaign).where(
            AnswerCampaign.task_force_id == task_force.id, AnswerCampaign.ended_at.is_(None)
        )
    )
    if campaign is None:
        return []
    open_duties = _open_duties(campaign)
    people = recipients_of_agencies(open_duties, on)
    sent = _sent(campaign.id, on)
    opened = all_opened(campaign.id)
    off = directory.days_off()
    names = _names(open_duties)
    group = db.session.get(WorkingGroup, campaign.working_group_id or 0)
    found = []
    for agency_id, count in open_duties.items():
        due = []
        for grant in people[agency_id]:
            opened_on = opened.get((agency_id, grant.account_id))
            if opened_on is None:  # the first mail comes first: `all_newcomers`
                continue
            steps = ladder_steps(
                campaign.target_on,
                on=on,
                since=opened_on + timedelta(days=1),  # the first mail said it all that day
                sent=sent.get((agency_id, grant.account_id), ()),
                days_off=off,
            )
            if steps:
                due.append((grant, tuple(steps)))
        if due:
            found.append(
                AnswerCall(
                    campaign_id=campaign.id,
                    agency_id=agency_id,
                    agency=names[agency_id],
                    target_on=campaign.target_on,
                    message=campaign.message or "",
                    is_confirmation=campaign.purpose is CampaignPurpose.CONFIRM,
                    open=count,
                    group=group.numeral if group else "",
                    due=tuple(due),
                )
            )
    return found


def all_newcomers(task_force: TaskForce, on: date) -> tuple[AnswerCampaign | None, set[int]]:
    """Return the running campaign of a task force, and the agencies with open duties for which
    somebody acts on a day whom it has not told yet; the caller acts for the scheduler."""
    campaign = db.session.scalar(
        sa.select(AnswerCampaign).where(
            AnswerCampaign.task_force_id == task_force.id, AnswerCampaign.ended_at.is_(None)
        )
    )
    if campaign is None:
        return None, set()
    opened = all_opened(campaign.id)
    people = recipients_of_agencies(_open_duties(campaign), on)
    return campaign, {
        agency_id
        for agency_id, grants in people.items()
        if any((agency_id, grant.account_id) not in opened for grant in grants)
    }


def all_opened(campaign_id: int) -> dict[tuple[int, int], date]:
    """Return the days on which people got the first mail of a campaign, by agency and account; the
    caller acts for the scheduler or has checked access."""
    rows = db.session.execute(
        sa.select(
            CampaignNotice.agency_id, CampaignNotice.account_id, CampaignNotice.noted_on
        ).where(
            CampaignNotice.campaign_id == campaign_id, CampaignNotice.step == CampaignStep.OPENING
        )
    )
    return {(row.agency_id, row.account_id): row.noted_on for row in rows}


def _open_duties(campaign: AnswerCampaign) -> dict[int, int]:
    """Return how many duties each agency of a campaign has yet to answer, where there are any."""
    meant = set(
        db.session.scalars(
            sa.select(CampaignAgency.agency_id)
            .join(Agency, Agency.id == CampaignAgency.agency_id)
            .where(CampaignAgency.campaign_id == campaign.id, Agency.is_active)
        )
    )
    found: dict[int, int] = {}
    for one in all_standings(campaign.task_force_id):
        if (
            one.agency_id in meant
            and one.state is AnswerState.OPEN
            and campaign.working_group_id in (None, one.working_group_id)
        ):
            found[one.agency_id] = found.get(one.agency_id, 0) + 1
    return found


def _names(agency_ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Agency.id, Agency.abbreviation).where(Agency.id.in_(list(agency_ids)))
    )
    return {row.id: row.abbreviation for row in rows}


def _sent(campaign_id: int, on: date) -> dict[tuple[int, int], Collection[CampaignStep]]:
    """Return the steps of a campaign's ladder that are done by a day, by agency and person."""
    found: dict[tuple[int, int], set[CampaignStep]] = {}
    rows = db.session.execute(
        sa.select(CampaignNotice.agency_id, CampaignNotice.account_id, CampaignNotice.step).where(
            CampaignNotice.campaign_id == campaign_id, CampaignNotice.noted_on <= on
        )
    )
    for agency_id, account_id, step in rows:
        found.setdefault((agency_id, account_id), set()).add(step)
    return dict(found)
