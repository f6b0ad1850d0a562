"""What is said of an agency that is late, and to it."""

from coordinator import telephones
from coordinator.oversight.stuck.queries import LateAgency
from coordinator.translation import gettext as _


def what_is_missing(late: LateAgency) -> str:
    """Return what an agency still owes: "2 belum lapor, 1 belum diperbaiki"."""
    parts = []
    if late.unsent:
        parts.append(_("%(n)s laporan belum dikirim", n=late.unsent))
    if late.returned:
        parts.append(_("%(n)s belum diperbaiki", n=late.returned))
    return ", ".join(parts)


def who_must_act(late: LateAgency) -> str:
    """Return whose turn it is."""
    if late.waits_for_head:
        return _("Kepala %(agency)s menyetujui", agency=late.abbreviation)
    if late.contact is None:
        return _("%(agency)s belum punya narahubung", agency=late.abbreviation)
    return late.contact.name + (f" ({_('pengganti')})" if late.contact.is_alternate else "")


def whatsapp_link(late: LateAgency, region: str, address: str) -> str | None:
    """Return a link that opens WhatsApp with a text to the agency's person, None without a mobile.

    The text has no private link: it may be forwarded.
    """
    if late.contact is None:
        return None
    first = late.reports[0]
    text = _(
        "Yth. %(name)s, laporan %(title)s (%(period)s) dari %(agency)s lewat %(n)s hari. Mohon "
        "dikirim di %(address)s. Terima kasih. Sekretariat Gugus Tugas PP TPPO %(region)s",
        name=late.contact.name,
        title=first.title,
        period=first.period,
        agency=late.abbreviation,
        n=late.days,
        address=address,
        region=region,
    )
    return telephones.whatsapp_link(late.contact.telephone, text)
