"""A kept letter -> PDF or DOCX, from one list of blocks."""

from datetime import datetime

from coordinator.assignments.letters.rules import LetterAction, LetterBody, LetterHead, Nature
from coordinator.formatting import plain_date
from coordinator.platform.documents import paper
from coordinator.platform.documents.paper import Paper, Style
from coordinator.platform.documents.rendering import paper_docx, paper_pdf
from coordinator.translation import gettext as _

DOTS = "." * 36
WIDTHS = (10, 60, 26, 33, 27, 24)  # millimetres


def letter_pdf(
    body: LetterBody, head: LetterHead, *, emblem: bytes | None, base_url: str, at: datetime
) -> bytes:
    """Return a letter as PDF. Raises Unavailable."""
    return paper_pdf(letter_paper(body, head, emblem=emblem, base_url=base_url), at=at)


def letter_docx(
    body: LetterBody, head: LetterHead, *, emblem: bytes | None, base_url: str
) -> bytes:
    """Return the same letter as DOCX. Raises Unavailable."""
    return paper_docx(letter_paper(body, head, emblem=emblem, base_url=base_url))


def letter_paper(
    body: LetterBody, head: LetterHead, *, emblem: bytes | None, base_url: str
) -> Paper:
    """Return a letter's words in order: the letter on its first page, its list behind it."""
    number = head.number or DOTS
    if body.is_sample:
        number += f" ({_('DATA CONTOH')})"
    date = plain_date(head.dated_on)
    nature = {Nature.USUAL: _("Biasa"), Nature.URGENT: _("Segera")}[head.nature]
    address = base_url + body.path
    copies: list[paper.Block] = []
    if head.copies:
        copies = [paper.Title(_("Tembusan:")), paper.Items(head.copies)]
    return Paper(
        title=_("Surat penugasan %(agency)s", agency=body.agency),
        kop_lines=body.kop_lines,
        kop_address=body.kop_address,
        emblem=emblem,
        footer=_("Salinan, bukan dokumen TTE"),
        blocks=[
            paper.Reference(
                [
                    (_("Nomor"), number),
                    (_("Sifat"), nature),
                    (_("Lampiran"), _("Satu daftar, %(n)s aksi", n=len(body.actions))),
                    (_("Hal"), _("Penugasan aksi pencegahan dan penanganan TPPO")),
                ],
                f"{head.place or '.' * 18}, {date}",
            ),
            paper.Lines([_("Yth. %(who)s", who=body.addressee), _("di tempat")]),
            paper.Paragraph(_("Berdasarkan:")),
            paper.Items(body.bases, numbering="a"),
            paper.Paragraph(_request(body)),
            *([paper.Paragraph(body.unsettled)] if body.unsettled else []),
            paper.Items(_rules(body)),
            paper.Paragraph(
                _("Demikian disampaikan. Atas perhatian dan kerja sama Saudara, terima kasih.")
            ),
            paper.Signatures(
                [
                    _signature(_("Mengetahui,"), head.acknowledged_by),
                    _signature("", head.signer),
                ]
            ),
            *copies,
            paper.Code(
                address,
                [
                    _("Pindai untuk membuka: %(address)s", address=address),
                    _("Pertanyaan: %(office)s", office=" · ".join(body.office)),
                ],
            ),
            paper.Title(
                _("Lampiran Surat Nomor %(number)s, %(date)s", number=number, date=date),
                new_page=True,
            ),
            paper.Paragraph(_("Daftar penugasan %(agency)s", agency=body.agency)),
            paper.Table(
                heads=(
                    _("No."),
                    _("Aksi dan uraian tugas"),
                    _("Peran"),
                    _("Indikator dan target %(year)s", year=head.dated_on.year),
                    _("Dasar penugasan"),
                    _("Batas waktu"),
                ),
                widths=WIDTHS,
                rows=[_row(n, action) for n, action in enumerate(body.actions, start=1)],
            ),
        ],
    )


def _request(body: LetterBody) -> str:
    parts = [
        _("%(n)s sebagai penanggung jawab", n=body.leads) if body.leads else "",
        _("%(n)s sebagai pendukung", n=body.supports) if body.supports else "",
    ]
    return _(
        "bersama ini %(agency)s diminta melaksanakan %(n)s aksi dalam daftar terlampir: %(parts)s.",
        agency=body.agency,
        n=len(body.actions),
        parts=_(" dan ").join(part for part in parts if part),
    )


def _rules(body: LetterBody) -> list[str]:
    windows = "; ".join(body.periods)
    return [
        _("Laporan disampaikan lewat Koordinator TPPO. %(windows)s.", windows=windows)
        if windows
        else _("Jadwal pelaporan diberitahukan kemudian; belum ada periode yang dibuka."),
        _(
            "Bila ada uraian tugas yang perlu dijelaskan atau bukan kewenangan Saudara, jawab di"
            " Koordinator TPPO. Selama belum ada ketetapan, tidak ada pengingat."
        ),
        _("Laporan dan bukti dukung tidak memuat identitas korban, saksi, atau keluarganya."),
    ]


def _signature(over: str, office: str) -> paper.Signature:
    return paper.Signature(
        over,
        office or DOTS,
        _("Ruang cap atau TTE"),
        (_("Nama"), _("Pangkat"), _("NIP")),
    )


def _row(number: int, action: LetterAction) -> list[list[tuple[Style, str]]]:
    what = [(Style.BOLD, f"{action.code} {action.title}")]
    for duty in action.duties:
        what.append((Style.PLAIN, duty.text))
        if duty.unit:
            what.append((Style.SMALL, _("Unit: %(unit)s", unit=duty.unit)))
        what.append((Style.SMALL, _("Dasar: %(basis)s", basis=duty.basis)))
    if not action.duties:
        what.append((Style.SMALL, _("Tidak ada uraian tugas yang tercatat di balik aksi ini.")))
    return [
        [(Style.PLAIN, str(number))],
        what,
        [(Style.PLAIN, action.part)],
        [(Style.PLAIN, line) for line in action.indicators],
        [(Style.PLAIN, action.basis)],
        [(Style.PLAIN, action.due)],
    ]
