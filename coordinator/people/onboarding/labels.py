"""Labels of onboarding."""

from datetime import date

from coordinator.formatting import plain_date
from coordinator.people.onboarding.rules import ContactMeans, InviteState, Reach
from coordinator.translation import gettext as _


def means_labels() -> dict[ContactMeans, str]:
    """Return the labels of how an agency was contacted."""
    return {
        ContactMeans.TELEPHONE: _("Telepon"),
        ContactMeans.WHATSAPP: _("WhatsApp"),
        ContactMeans.LETTER: _("Surat"),
        ContactMeans.IN_PERSON: _("Tatap muka"),
    }


def state_labels() -> dict[InviteState, str]:
    """Return the labels of how far an invitation is."""
    return {
        InviteState.NOT_INVITED: _("Belum diundang"),
        InviteState.INVITED: _("Diundang"),
        InviteState.ACTIVE: _("Aktif"),
        InviteState.FAILED: _("Email gagal"),
        InviteState.CLOSED: _("Ditutup"),
    }


def reach_sentence(reach: Reach | None, since: date | None) -> str:
    """Return in words whether somebody can be reached; None: nobody was ever named."""
    day = plain_date(since) if since else _("tanggal yang tidak tercatat")
    if reach is None:
        return _("belum ada narahubung")
    return {
        Reach.OK: _("dapat dihubungi"),
        Reach.NOT_YET: _("penunjukan baru mulai %(day)s", day=day),
        Reach.EXPIRED: _("penunjukan berakhir %(day)s", day=day),
        Reach.CLOSED: _("akunnya ditutup"),
        Reach.BOUNCED: _("email tidak sampai sejak %(day)s", day=day),
        Reach.NOT_INVITED: _("belum diundang, dicatat %(day)s", day=day),
        Reach.UNSEEN: _("tidak terlihat sejak %(day)s", day=day),
    }[reach]
