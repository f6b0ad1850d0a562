"""Sentences about a campaign: who got a mail, and what is written to an agency."""

from datetime import date

from coordinator import formatting, telephones
from coordinator.clock import local
from coordinator.oversight.campaigns.labels import step_labels
from coordinator.oversight.campaigns.mail_queries import CampaignMail, ContactLine
from coordinator.oversight.campaigns.queries import AgencyProgress
from coordinator.people.onboarding.labels import means_labels
from coordinator.permissions import AccessKind
from coordinator.platform.mail.rules import MailState
from coordinator.translation import gettext as _


def told_sentence(told: CampaignMail, zone: str) -> str:
    """Return who got a mail, at which step, when, and what the server answered."""
    who = _("Pengganti") if told.is_alternate else _("Narahubung")
    if told.kind is AccessKind.AGENCY_HEAD:
        who = _("Kepala")
    if told.came_back:
        state = _("kembali")
    else:
        state = {
            MailState.QUEUED: _("menunggu dikirim"),
            MailState.SENDING: _("sedang dikirim"),
            MailState.SENT: _("diterima server"),
            MailState.FAILED: _("gagal"),
            MailState.CANCELLED: _("dibatalkan"),
        }[told.state]
    return _(
        "%(who)s, %(step)s %(day)s: %(state)s",
        who=who,
        step=step_labels()[told.step],
        day=formatting.plain_date(local(told.at, zone).date()),
        state=state,
    )


def noted_sentence(noted: ContactLine) -> str:
    """Return how and when the secretariat contacted an agency."""
    number = f" {noted.letter_number}" if noted.letter_number else ""
    return f"{means_labels()[noted.means]}{number}, {formatting.plain_date(noted.on)}"


def whatsapp_link(
    one: AgencyProgress, target_on: date | None, *, region: str, address: str
) -> str | None:
    """Return a link that opens WhatsApp with a text to the agency's person, None without a mobile.

    The text has no private link: it may be forwarded.
    """
    if one.contact is None:
        return None
    # What the campaign asks, with its day; else all that is open.
    target_on = target_on if one.asked_open else None
    by = _(" paling lambat %(day)s", day=formatting.plain_date(target_on)) if target_on else ""
    text = _(
        "Yth. %(name)s, %(n)s uraian tugas %(agency)s menunggu jawaban%(by)s. Mohon dijawab di "
        "%(address)s. Terima kasih. Sekretariat Gugus Tugas PP TPPO %(region)s",
        name=one.contact.account.name,
        n=one.asked_open or one.counts.open,
        agency=one.abbreviation,
        by=by,
        address=address,
        region=region,
    )
    return telephones.whatsapp_link(one.contact.account.telephone, text)
