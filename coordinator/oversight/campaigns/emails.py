"""The first mail of a campaign. Its later steps are part of the digest."""

from dataclasses import dataclass
from datetime import timedelta

from coordinator.mapping.answers.models import AnswerCampaign
from coordinator.mapping.answers.rules import CampaignPurpose
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _

HEAD = AccessKind.AGENCY_HEAD
SHOWN = 4  # duties; the page has the rest
REMINDED_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """A campaign as its mail names it: with the numeral of the pokja that alone is asked about, and
    whether its day has passed."""

    campaign: AnswerCampaign
    group: str
    is_late: bool


def opening(
    *,
    agency: Agency,
    grant: AccessGrant,
    words: CampaignWords,
    duties: list[str],
    has_head: bool,
    version: int,
    force: TaskForce,
) -> Email:
    """Return the mail that asks an agency for its answers: to the head, with a copy to the focal
    point, who may answer for the head.

    `duties` are the wordings that wait for an answer; `version` is the newest mapping where it
    changed some of them, else 0.
    """
    campaign = words.campaign
    is_confirmation = campaign.purpose is CampaignPurpose.CONFIRM
    subject = (
        _("[TPPO] Konfirmasi tugas %(agency)s: %(n)s uraian tugas")
        if is_confirmation
        else _("[TPPO] Apakah ini tugas %(agency)s? %(n)s uraian tugas menunggu jawaban")
    )
    return render_email(
        "oversight/campaigns/opening",
        subject % {"agency": agency.abbreviation, "n": len(duties)},
        agency=agency,
        is_head=grant.kind is HEAD,
        is_alternate=grant.is_alternate,
        group=words.group,
        is_late=words.is_late,
        has_head=has_head,
        is_confirmation=is_confirmation,
        message=campaign.message or "",
        duties=duties[:SHOWN],
        more=len(duties) - len(duties[:SHOWN]),
        count=len(duties),
        target_on=campaign.target_on,
        link=MailLink("/jawab"),
        card=MailLink(f"/kartu-peran/{force.code}/{agency.slug}"),
        version=version,
        changes=MailLink(f"/peran/versi/{version}?instansi={agency.slug}"),
        region_short=force.short_region,
        sample_data=grant.account.is_sample,
    )
