"""The letter of a campaign -> PDF or DOCX, for an agency that does not read mail."""

from datetime import datetime

from coordinator.formatting import plain_date
from coordinator.oversight.campaigns.letter_queries import CampaignLetter
from coordinator.platform.documents import paper
from coordinator.platform.documents.paper import Paper, Style
from coordinator.platform.documents.rendering import paper_docx, paper_pdf
from coordinator.translation import gettext as _

DOTS = "." * 36
WIDTHS = (10, 92, 34, 44)  # millimetres


def letter_pdf(words: CampaignLetter, *, base_url: str, at: datetime) -> bytes:
    """Return the letter as PDF. Raises Unavailable."""
    return paper_pdf(_paper(words, base_url=base_url), at=at)


def letter_docx(words: CampaignLetter, *, base_url: str) -> bytes:
    """Return the same letter as DOCX: number, date and signature are filled in there.

    Raises Unavailable.
    """
    return paper_docx(_paper(words, base_url=base_url))


def _request(words: CampaignLetter, by: str) -> str:
    """Return what is open, what the letter asks of it, and by when."""
    told = _(
        "Dalam pemetaan Gugus Tugas PP TPPO %(region)s ada %(n)s uraian tugas %(agency)s yang "
        "belum dijawab.",
        region=words.region,
        n=words.open,
        agency=words.agency,
    )
    part = (
        _(
            "Surat ini mengenai %(n)s tugas Pokja %(group)s di antaranya.",
            n=len(words.lines),
            group=words.group,
        )
        if len(words.lines) < words.open
        else ""
    )
    asked = _(
        "Kami mohon Saudara menjawab tiap tugas dalam daftar terlampir paling lambat %(by)s, "
        "dengan salah satu dari:",
        by=by,
    )
    return " ".join(one for one in (told, part, asked) if one)


def _paper(words: CampaignLetter, *, base_url: str) -> Paper:
    head = words.letterhead
    address = f"{base_url}/jawab"
    by = plain_date(words.target_on) if words.target_on else DOTS
    sample = f" ({_('DATA CONTOH')})" if head.is_sample else ""
    office = " · ".join(part for part in (head.office, head.telephone, head.email) if part)
    return Paper(
        title=_("Permintaan jawaban uraian tugas %(agency)s", agency=words.agency),
        kop_lines=head.lines,
        kop_address=head.address_line,
        emblem=head.emblem,
        footer=_("Rancangan surat, bukan dokumen TTE"),
        blocks=[
            paper.Reference(
                [
                    (_("Nomor"), DOTS + sample),
                    (_("Sifat"), _("Biasa")),
                    (_("Lampiran"), _("Satu daftar, %(n)s uraian tugas", n=len(words.lines))),
                    (_("Hal"), _("Permintaan jawaban atas uraian tugas")),
                ],
                f"{'.' * 18}, {'.' * 24}",
            ),
            paper.Lines([_("Yth. %(who)s", who=words.addressee), _("di tempat")]),
            paper.Paragraph(_request(words, by)),
            paper.Items(
                [
                    _("Terima;"),
                    _("Perlu dijelaskan, dengan menyebut apa yang perlu dijelaskan; atau"),
                    _("Bukan kewenangan kami, dengan alasan dan instansi yang berwenang."),
                ],
                numbering="a",
            ),
            *([paper.Paragraph(words.message)] if words.message else []),
            paper.Paragraph(
                _(
                    "Jawaban ditulis di Koordinator TPPO. Tugas yang bertanda belum ditetapkan "
                    "adalah usulan; jawaban Saudara ikut menentukan penetapannya. Bila belum punya "
                    "akses, mohon sampaikan nama narahubung kepada kami."
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
                    _("Pindai untuk menjawab: %(address)s", address=address),
                    _("Pertanyaan: %(office)s", office=office),
                ],
            ),
            paper.Title(_("Lampiran: uraian tugas yang belum dijawab"), new_page=True),
            paper.Table(
                heads=(_("No."), _("Uraian tugas"), _("Pokja"), _("Dasar")),
                widths=WIDTHS,
                rows=[
                    [
                        [(Style.PLAIN, str(number))],
                        [(Style.PLAIN, line.text)],
                        [(Style.PLAIN, line.group)],
                        [(Style.SMALL, line.basis)],
                    ]
                    for number, line in enumerate(words.lines, start=1)
                ],
            ),
        ],
    )
