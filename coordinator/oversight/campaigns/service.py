"""Start a campaign, end it, and record what its ladder sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from coordinator import formatting
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import CampaignPurpose
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.versions.notices import restore_notice
from coordinator.oversight.campaigns import candidate_queries, queries
from coordinator.oversight.campaigns.ladder_queries import AnswerCall
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.oversight.campaigns.telling_service import MAIL_KIND, mail_thread, tell
from coordinator.people.directory.ladder_rules import NoticeOutcome
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import cancel_emails
from coordinator.translation import gettext as _

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
    mails = tell(campaign, agencies, force, changed=new.scope is CampaignScope.CHANGED, told=told)
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
    force = db.session.get_one(TaskForce, campaign.task_force_id)
    _ask(campaign, agencies, force)
    is_answer = campaign.purpose is CampaignPurpose.ANSWER
    mails = tell(campaign, agencies, force, changed=is_answer)
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
    _ask(campaign, agencies, force)
    return campaign


def _ask(campaign: AnswerCampaign, agencies: list[Agency], force: TaskForce) -> None:
    """Have agencies asked; a confirmation asks each since its present head began."""
    is_confirmation = campaign.purpose is CampaignPurpose.CONFIRM
    since = candidate_queries.all_head_since(force.id, force.zone) if is_confirmation else {}
    db.session.add_all(
        CampaignAgency(
            campaign_id=campaign.id, agency_id=agency.id, confirm_since=since.get(agency.id)
        )
        for agency in agencies
    )
    db.session.flush()


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
        .where(
            CampaignNotice.campaign_id == campaign.id,
            CampaignNotice.outcome == NoticeOutcome.SENT,  # not what a former campaign said
        )
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
