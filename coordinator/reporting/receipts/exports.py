"""A receipt -> PDF."""

from datetime import datetime
from decimal import Decimal

from coordinator import formatting
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.platform.documents.picture import emblem_svg
from coordinator.platform.documents.rendering import pdf
from coordinator.reporting.receipts.queries import Receipt
from coordinator.reporting.reports.labels import field_labels, kind_labels
from coordinator.reporting.reports.rules import SubmittedVia
from coordinator.translation import gettext as _

TEMPLATE = "reporting/receipts/receipt.typ"


def lines(receipt: Receipt, zone: str) -> list[tuple[str, str]]:
    """Return what the receipt says, as (label, text): the page and the paper say the same."""
    values = "; ".join(
        f"{name}: {formatting.number(Decimal(value))} {unit}"
        for name, value, unit in receipt.values
    )
    via = {
        SubmittedVia.SCREEN: _("lewat halaman laporan"),
        SubmittedVia.MAIL_LINK: _("lewat tautan email kepada narahubung"),
        SubmittedVia.ON_BEHALF: _("diketik Sekretariat dari laporan kertas"),
    }[receipt.via]
    found = [
        (_("Nomor"), receipt.number),
        (_("Instansi"), receipt.agency),
        (_("Aksi"), receipt.title),
        (_("Periode"), receipt.period),
        (_("Jenis"), kind_labels()[receipt.kind]),
    ]
    if values:
        found.append((_("Dilaporkan"), values))
    labels = field_labels()
    if receipt.contribution is not None:
        found.append((labels["contribution"], formatting.number(receipt.contribution)))
    found += [(labels[name], text) for name, text in receipt.texts if text]
    return [
        *found,
        (_("Berkas"), "; ".join(receipt.files) or _("tanpa berkas")),
        (
            _("Dikirim"),
            _(
                "%(when)s, %(via)s, kiriman ke-%(n)s",
                when=formatting.long_time(receipt.sent_at, zone),
                via=via,
                n=receipt.revision,
            ),
        ),
        (
            _("Jatuh tempo"),
            formatting.long_date(receipt.due_on)
            + " ("
            + (_("tepat waktu") if receipt.is_in_time else _("lewat jatuh tempo"))
            + ")",
        ),
        (_("Pemeriksa"), _("Sekretariat Gugus Tugas %(name)s", name=receipt.force.region)),
        (_("Diperiksa paling lambat"), formatting.long_date(receipt.verify_by)),
    ]


def public_lines(receipt: Receipt, zone: str) -> list[tuple[str, str]]:
    """Return the lines without the content of the report, for who holds a mail's link alone."""
    shown = {_("Nomor"), _("Instansi"), _("Periode"), _("Pemeriksa"), _("Diperiksa paling lambat")}
    return [line for line in lines(receipt, zone) if line[0] in shown]


def receipt_pdf(
    receipt: Receipt,
    letterhead: PrintedLetterhead,
    *,
    said: list[tuple[str, str]],
    base_url: str,
    at: datetime,
    zone: str,
) -> bytes:
    """Return the receipt on one page: `said` are its lines. Raises Unavailable."""
    address = f"{base_url}/laporan/{receipt.report_id}/tanda-terima"
    data = {
        "title": _("Tanda terima %(number)s", number=receipt.number),
        "kop": {
            "lines": letterhead.lines,
            "address": letterhead.address_line,
            "emblem": emblem_svg(letterhead.emblem),
        },
        "lines": [list(line) for line in said],
        "address": address,
        "sample": _("DATA CONTOH. Bukan data sebenarnya.") if receipt.is_sample else "",
        "printed": _("dicetak %(when)s", when=formatting.long_time(at, zone)),
    }
    return pdf(TEMPLATE, data, at=at)
