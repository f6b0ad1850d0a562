"""The letter to the head of an agency about late reports -> PDF or DOCX."""

from datetime import datetime

from coordinator.formatting import plain_date
from coordinator.oversight.reminders.late_queries import LateLetter
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.platform.documents import paper
from coordinator.platform.documents.paper import Paper, Style
from coordinator.platform.documents.rendering import paper_docx, paper_pdf
from coordinator.translation import gettext as _

DOTS = "." * 36
WIDTHS = (10, 92, 34, 44)  # millimetres


def letter_pdf(words: LateLetter, *, base_url: str, at: datetime) -> bytes:
    """Return the letter as PDF. Raises Unavailable."""
    return paper_pdf(_paper(words, base_url=base_url), at=at)


def letter_docx(words: LateLetter, *, base_url: str) -> bytes:
    """Return the same letter as DOCX: number, dates and signature are filled in there.

    Raises Unavailable.
    """
    return paper_docx(_paper(words, base_url=base_url))


def _paper(words: LateLetter, *, base_url: str) -> Paper:
    head = words.letterhead
    address = f"{base_url}/tugas-saya"
    sample = f" ({_('DATA CONTOH')})" if head.is_sample else ""
    office = " · ".join(part for part in (head.office, head.telephone, head.email) if part)
    told = (
        _(" Narahubung Saudara sudah diberi tahu sejak %(day)s.", day=plain_date(words.told_on))
        if words.told_on
        else ""
    )
    return Paper(
        title=_("Laporan %(agency)s yang lewat batas", agency=words.agency),
        kop_lines=head.lines,
        kop_address=head.address_line,
        emblem=head.emblem,
        footer=_("Rancangan surat, bukan dokumen TTE"),
        blocks=[
            paper.Reference(
                [
                    (_("Nomor"), DOTS + sample),
                    (_("Sifat"), _("Biasa")),
                    (_("Lampiran"), _("Satu daftar, %(n)s laporan", n=len(words.reports))),
                    (_("Hal"), _("Laporan yang lewat batas waktu")),
                ],
                f"{'.' * 18}, {'.' * 24}",
            ),
            paper.Lines([_("Yth. %(who)s", who=words.addressee), _("di tempat")]),
            paper.Paragraph(
                _(
                    "Gugus Tugas PP TPPO %(region)s belum menerima %(n)s laporan %(agency)s yang "
                    "batas waktunya sudah lewat.",
                    region=words.region,
                    n=len(words.reports),
                    agency=words.agency,
                )
                + told
            ),
            paper.Paragraph(
                _(
                    "Kami mohon Saudara memastikan tiap laporan dalam daftar terlampir dikirim "
                    "paling lambat %(by)s, dengan salah satu dari:",
                    by=DOTS,
                )
            ),
            paper.Items(
                [
                    _("Capaian, dengan buktinya;"),
                    _("Nihil, dengan alasannya; atau"),
                    _("Terhambat, dengan menyebut oleh siapa."),
                ],
                numbering="a",
            ),
            paper.Paragraph(
                _(
                    "Laporan ditulis di Koordinator TPPO. Jangan menyebut nama, foto wajah, atau "
                    "NIK korban. Bila narahubung berganti, mohon sampaikan nama penggantinya "
                    "kepada kami."
                )
            ),
            paper.Paragraph(_("Atas perhatian dan kerja sama Saudara, terima kasih.")),
            paper.Signatures(
                [
                    paper.Signature(
                        "", DOTS, _("Ruang cap atau TTE"), (_("Nama"), _("Pangkat"), _("NIP"))
                    )
                ]
            ),
            paper.Code(
                address,
                [
                    _("Pindai untuk melapor: %(address)s", address=address),
                    _("Pertanyaan: %(office)s", office=office),
                ],
            ),
            paper.Title(_("Lampiran: laporan yang lewat batas"), new_page=True),
            paper.Table(
                heads=(_("No."), _("Laporan"), _("Periode"), _("Batas waktu")),
                widths=WIDTHS,
                rows=[
                    [
                        [(Style.PLAIN, str(number))],
                        [(Style.PLAIN, item.title)],
                        [(Style.PLAIN, item.period)],
                        [
                            (
                                Style.PLAIN,
                                _("perbaikan, %(day)s", day=plain_date(item.last_day))
                                if item.subject is ReminderSubject.REVISION
                                else plain_date(item.last_day),
                            )
                        ],
                    ]
                    for number, item in enumerate(words.reports, start=1)
                ],
            ),
        ],
    )
