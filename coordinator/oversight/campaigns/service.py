"""Start a campaign, end it, and record what its ladder sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from coordinator import formatting
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.campaign_service import campaign_occasion
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import AnswerState, CampaignPurpose
from coordinator.mapping.duties.models import DutyRevision, WorkingGroup
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.versions.service import replace_notice, restore_notice
from coordinator.oversight.campaigns import candidate_queries, emails, ladder_queries, queries
from coordinator.oversight.campaigns.ladder_queries import AnswerCall
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignScope, CampaignStep
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.ladder_rules import NoticeOutcome
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import cancel_emails
from coordinator.translation import gettext as _

MAIL_KIND = "answer_campaign"
LONGEST_MESSAGE = 300
LONGEST_CAMPAIGN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a campaign asks: of whom, by when, with which sentence of the secretariat's own."""

    scope: CampaignScope
    target_on: date
    working_group_id: int | None = None
    message: str = ""
    # Agencies of the scope that are left out.
    without: frozenset[str] = frozenset()
    # Write again also to whom a campaign that has ended asked the same a few days ago.
    again: bool = False


def check(target_on: date, message: str, on: date) -> None:
    """Check the day by which answers are asked, and the sentence. Raises InvalidInput."""
    refuse_identity(message=message)
    if len(message.strip()) > LONGEST_MESSAGE:
        raise InvalidInput({"message": _("Paling panjang %(max)s karakter.", max=LONGEST_MESSAGE)})
    if not on < target_on <= on + LONGEST_CAMPAIGN:
        raise InvalidInput(
            {
                "target_on": _(
                    "Pilih hari sesudah hari ini, paling lambat %(day)s.",
                    day=formatting.plain_date(on + LONGEST_CAMPAIGN),
                )
            }
        )


def mail_thread(public_id: str) -> str:
    """Return the thread of a campaign's mails."""
    return f"campaign:{public_id}"


@transactional
def start(new: NewCampaign, *, by: Viewer) -> AnswerCampaign:
    """Ask agencies to answer their duties by a day, with one mail to each of their people.

    The mails wait two minutes, in which `end` cancels them. Raises NotAllowed, Conflict (one runs
    already), InvalidInput (the day, the sentence, or nobody has anything to answer).
    """
    if not by.may(Permission.RUN_CAMPAIGNS):
        raise NotAllowed(_("Hanya Sekretariat yang dapat memulai permintaan jawaban."))
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    on = today(force.zone)
    if queries.running(by) is not None:
        raise Conflict(_("Sudah ada permintaan jawaban yang berjalan. Akhiri dahulu yang itu."))
    check(new.target_on, new.message, on)
    if new.scope is CampaignScope.GROUP and new.working_group_id is None:
        raise InvalidInput({"group": _("Pilih pokja.")})
    found = candidate_queries.candidates(by, new.scope, new.working_group_id)
    if not found:
        raise InvalidInput({"scope": _("Tidak ada instansi dengan tugas yang menunggu jawaban.")})
    asked = [one for one in found if one.agency.slug not in new.without]
    if not asked:
        raise InvalidInput({"instansi": _("Centang paling sedikit satu instansi.")})
    agencies = [one.agency for one in asked]
    told = {} if new.again else {one.agency.id: one.told for one in asked}
    campaign = _write(new, agencies, force, by)
    mails = _tell(campaign, agencies, force, changed=new.scope is CampaignScope.CHANGED, told=told)
    record(
        "campaign.started",
        by=by,
        subject=("campaign", campaign.public_id),
        scope=new.scope.value,
        target_on=new.target_on.isoformat(),
        agencies=len(agencies),
        mails=mails,
    )
    return campaign


@transactional
def add_agencies(public_id: str, slugs: Collection[str], *, by: Viewer) -> int:
    """Ask further agencies in a running campaign, with its mail; return how many.

    Those that it asks already, or that have nothing to answer, are passed over. Raises NotAllowed,
    NotFound, Conflict (it has ended), InvalidInput (none of them is left).
    """
    campaign = _own_campaign(public_id, by)
    if campaign.ended_at is not None:
        raise Conflict(_("Permintaan jawaban itu sudah diakhiri."))
    known = candidate_queries.answering_agencies(by)
    agencies = [
        known[one.agency_id]
        for one in queries.progress(by, queries.running(by)).agencies
        if one.unasked and one.slug in slugs
    ]
    if not agencies:
        raise InvalidInput({"instansi": _("Centang paling sedikit satu instansi.")})
    db.session.add_all(
        CampaignAgency(campaign_id=campaign.id, agency_id=agency.id) for agency in agencies
    )
    db.session.flush()
    force = db.session.get_one(TaskForce, campaign.task_force_id)
    mails = _tell(campaign, agencies, force, changed=True)
    record(
        "campaign.extended",
        by=by,
        subject=("campaign", campaign.public_id),
        agencies=len(agencies),
        mails=mails,
    )
    return len(agencies)


def _own_campaign(public_id: str, by: Viewer) -> AnswerCampaign:
    if not by.may(Permission.RUN_CAMPAIGNS) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat mengubah permintaan jawaban."))
    campaign = db.session.scalar(
        sa.select(AnswerCampaign).where(
            AnswerCampaign.public_id == public_id,
            AnswerCampaign.task_force_id == by.own_task_force_id,
        )
    )
    if campaign is None:
        raise NotFound(_("Permintaan jawaban itu tidak ada."))
    return campaign


def _write(
    new: NewCampaign, agencies: list[Agency], force: TaskForce, by: Viewer
) -> AnswerCampaign:
    is_confirmation = new.scope is CampaignScope.CONFIRM
    version = current_version(force.id)
    campaign = AnswerCampaign(
        task_force_id=force.id,
        purpose=CampaignPurpose.CONFIRM if is_confirmation else CampaignPurpose.ANSWER,
        working_group_id=new.working_group_id if new.scope is CampaignScope.GROUP else None,
        target_on=new.target_on,
        message=new.message.strip() or None,
        mapping_version=version.number if version else 0,
        started_by_id=by.account_id,
        started_at=now(),
    )
    db.session.add(campaign)
    db.session.flush()
    since = candidate_queries.all_head_since(force.id, force.zone) if is_confirmation else {}
    db.session.add_all(
        CampaignAgency(
            campaign_id=campaign.id, agency_id=agency.id, confirm_since=since.get(agency.id)
        )
        for agency in agencies
    )
    db.session.flush()
    return campaign


def _tell(
    campaign: AnswerCampaign,
    agencies: Collection[Agency],
    force: TaskForce,
    *,
    changed: bool,
    told: Mapping[int, Mapping[int, int]] | None = None,
    only_new: bool = False,
) -> int:
    """Queue the first mail to the head, the focal point and the alternate of each agency.

    `told`, by agency and account: the mails that asked them the same lately; they get no other.
    `only_new`: whom the campaign has told already is passed over.
    """
    on = today(force.zone)
    people = recipients_of_agencies((agency.id for agency in agencies), on)
    asked = _duties(campaign)
    version = current_version(force.id)
    number = version.number if version else 0
    opened = ladder_queries.all_opened(campaign.id) if only_new else {}
    group = db.session.get(WorkingGroup, campaign.working_group_id or 0)
    words = emails.CampaignWords(
        campaign, group.numeral if group else "", is_late=campaign.target_on < on
    )
    count = 0
    for agency in agencies:
        former = (told or {}).get(agency.id, {})
        grants = [
            grant for grant in people[agency.id] if (agency.id, grant.account_id) not in opened
        ]
        written = [grant for grant in grants if grant.account_id not in former]
        # This mail says what the newest version changed: one mail is enough.
        was_waiting = bool(written) and replace_notice(force.code, number, agency.key)
        for grant in grants:
            email_id = former.get(grant.account_id)
            if email_id is None:
                email_id = notify(
                    grant,
                    emails.opening(
                        agency=agency,
                        grant=grant,
                        words=words,
                        duties=asked[agency.id],
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
    """Send the first mail of the running campaign to people who began to act for an agency with
    open duties since it began; return how many. Part of a service."""
    campaign, agency_ids = ladder_queries.all_newcomers(force, on)
    if campaign is None or not agency_ids:
        return 0
    agencies = db.session.scalars(
        sa.select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.id)
    )
    return _tell(campaign, list(agencies), force, changed=False, only_new=True)


def _duties(campaign: AnswerCampaign) -> dict[int, list[str]]:
    """Return the wordings of the open duties that a campaign asks about, by agency."""
    rows = db.session.execute(
        sa.select(DutyRevision.duty_id, DutyRevision.text).where(
            DutyRevision.until.is_(None),
            DutyRevision.agency_id.in_(
                sa.select(CampaignAgency.agency_id).where(CampaignAgency.campaign_id == campaign.id)
            ),
        )
    )
    wordings = {row.duty_id: row.text for row in rows}
    found: dict[int, list[str]] = {}
    for one in all_standings(campaign.task_force_id):
        if one.state is AnswerState.OPEN and campaign.working_group_id in (
            None,
            one.working_group_id,
        ):
            found.setdefault(one.agency_id, []).append(wordings.get(one.duty_id, ""))
    return found


@transactional
def end(public_id: str, *, by: Viewer) -> int:
    """End a campaign: nobody is reminded any more; return how many waiting mails were cancelled.

    Answers stay. Ending it twice changes nothing. Raises NotAllowed, NotFound.
    """
    campaign = _own_campaign(public_id, by)
    if campaign.ended_at is not None:
        return 0
    campaign.ended_at = now()
    campaign.ended_by_id = by.account_id
    untold = _untold(campaign)
    cancelled = cancel_emails(thread=mail_thread(public_id), kinds=frozenset({MAIL_KIND}))
    db.session.flush()
    # The mail about the newest version, whose place the request took, leaves after all.
    force = db.session.get_one(TaskForce, campaign.task_force_id)
    version = current_version(force.id)
    for key in untold if version else ():
        restore_notice(force.code, version.number if version else 0, key)
    record("campaign.ended", by=by, subject=("campaign", campaign.public_id), cancelled=cancelled)
    return cancelled


def _untold(campaign: AnswerCampaign) -> list[str]:
    """Return the keys of agencies of a campaign whose mails all wait still."""
    states = (
        sa.select(CampaignNotice.agency_id, OutgoingEmail.state)
        .join(OutgoingEmail, OutgoingEmail.id == CampaignNotice.email_id)
        .where(CampaignNotice.campaign_id == campaign.id)
    ).subquery()
    return list(
        db.session.scalars(
            sa.select(Agency.key)
            .join(states, states.c.agency_id == Agency.id)
            .group_by(Agency.key)
            .having(
                sa.func.sum(sa.case((states.c.state == MailState.QUEUED, 0), else_=1)) == 0,
            )
        )
    )


def note_steps(call: AnswerCall, account_id: int, email_id: int, *, on: date) -> None:
    """Record the steps of a call that a digest to one person carried. Part of a service."""
    for grant, steps in call.due:
        if grant.account_id != account_id:
            continue
        for step in steps:
            db.session.add(
                CampaignNotice(
                    campaign_id=call.campaign_id,
                    agency_id=call.agency_id,
                    account_id=account_id,
                    step=step,
                    outcome=NoticeOutcome.SENT if step == steps[-1] else NoticeOutcome.SKIPPED,
                    noted_on=on,
                    email_id=email_id,
                )
            )


def forget_notices_after(task_force_id: int, on: date) -> None:
    """Delete notices that a wrong clock dated in the future. Part of a service."""
    own = sa.select(AnswerCampaign.id).where(AnswerCampaign.task_force_id == task_force_id)
    db.session.execute(
        sa.delete(CampaignNotice).where(
            CampaignNotice.noted_on > on, CampaignNotice.campaign_id.in_(own)
        )
    )
