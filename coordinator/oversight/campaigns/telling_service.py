"""The first mail of a campaign, to those it asks and to those who join later."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.campaign_service import campaign_occasion
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import AnswerState
from coordinator.mapping.duties.differences import MappingSubject, by_agency
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.versions.notices import replace_notice
from coordinator.mapping.versions.queries import changes_of
from coordinator.oversight.campaigns import emails, ladder_queries
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignStep
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.ladder_rules import NoticeOutcome
from coordinator.people.directory.models import Agency, TaskForce

MAIL_KIND = "answer_campaign"


def mail_thread(public_id: str) -> str:
    """Return the thread of a campaign's mails."""
    return f"campaign:{public_id}"


def tell(
    campaign: AnswerCampaign,
    agencies: Collection[Agency],
    force: TaskForce,
    *,
    changed: bool,
    told: Mapping[int, Mapping[int, int]] | None = None,
    only_new: bool = False,
) -> int:
    """Queue the first mail to the head, the focal point and the alternate of each agency.
    Part of a service.

    `told`, by agency and account: the mails that asked them the same lately; they get no other.
    `only_new`: whom the campaign has told already is passed over.
    """
    on = today(force.zone)
    people = recipients_of_agencies((agency.id for agency in agencies), on)
    asked = _duties(campaign)
    wordings = {slug: [one.text for one in found] for slug, found in asked.items()}
    version = current_version(force.id)
    number = version.number if version else 0
    opened = ladder_queries.all_opened(campaign.id) if only_new else {}
    group = db.session.get(WorkingGroup, campaign.working_group_id or 0)
    words = emails.CampaignWords(
        campaign, group.numeral if group else "", is_late=campaign.target_on < on
    )
    untold = _untold_by(campaign, agencies, number, asked)
    count = 0
    for agency in agencies:
        former = (told or {}).get(agency.id, {})
        grants = [
            grant for grant in people[agency.id] if (agency.id, grant.account_id) not in opened
        ]
        written = [grant for grant in grants if grant.account_id not in former]
        # This mail says what the newest version changed: one mail is enough.
        was_waiting = (
            bool(written)
            and agency.key not in untold
            and replace_notice(force.code, number, agency.key)
        )
        for grant in grants:
            email_id = former.get(grant.account_id)
            if email_id is None:
                email_id = notify(
                    grant,
                    emails.opening(
                        agency=agency,
                        grant=grant,
                        words=words,
                        duties=wordings[agency.id],
                        version=number if changed or was_waiting else 0,
                        has_head=people[agency.id][0].kind is emails.HEAD,
                        force=force,
                    ),
                    occasion=campaign_occasion(campaign.public_id, agency.key),
                    kind=MAIL_KIND,
                    thread=mail_thread(campaign.public_id),
                ).id
                count += 1
            db.session.add(
                CampaignNotice(
                    campaign_id=campaign.id,
                    agency_id=agency.id,
                    account_id=grant.account_id,
                    step=CampaignStep.OPENING,
                    outcome=NoticeOutcome.SKIPPED
                    if grant.account_id in former
                    else NoticeOutcome.SENT,
                    noted_on=on,
                    email_id=email_id,
                )
            )
    db.session.flush()
    return count


def tell_newcomers(force: TaskForce, on: date) -> int:
    """Send the first mail of the running campaign to anyone who began to act for an agency with
    open duties since it began; return how many. Part of a service."""
    campaign, agency_ids = ladder_queries.all_newcomers(force, on)
    if campaign is None or not agency_ids:
        return 0
    agencies = db.session.scalars(
        sa.select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.id)
    )
    return tell(campaign, list(agencies), force, changed=False, only_new=True)


@dataclass(frozen=True, slots=True)
class AskedDuty:
    """A duty that a request asks about, as its mail says it."""

    key: str
    text: str


def _untold_by(
    campaign: AnswerCampaign,
    agencies: Collection[Agency],
    number: int,
    asked: dict[int, list[AskedDuty]],
) -> set[str]:
    """Return the agencies (their keys) for which version `number` changed something that a request
    for one pokja does not say."""
    if campaign.working_group_id is None:
        return set()
    changed = by_agency(changes_of(campaign.task_force_id, number))
    return {
        agency.key
        for agency in agencies
        if {(one.subject, one.id) for one in changed.get(agency.key, ())}
        - {(MappingSubject.DUTY, duty.key) for duty in asked[agency.id]}
    }


def _duties(campaign: AnswerCampaign) -> dict[int, list[AskedDuty]]:
    """Return the open duties that a campaign asks about, by agency."""
    rows = db.session.execute(
        sa.select(DutyRevision.duty_id, DutyRevision.text, Duty.key)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(
            DutyRevision.until.is_(None),
            DutyRevision.agency_id.in_(
                sa.select(CampaignAgency.agency_id).where(CampaignAgency.campaign_id == campaign.id)
            ),
        )
    )
    wordings = {row.duty_id: AskedDuty(row.key, row.text) for row in rows}
    found: dict[int, list[AskedDuty]] = {}
    for one in all_standings(campaign.task_force_id):
        if one.state is AnswerState.OPEN and campaign.working_group_id in (
            None,
            one.working_group_id,
        ):
            found.setdefault(one.agency_id, []).append(wordings.get(one.duty_id, AskedDuty("", "")))
    return found
