"""The draft of a decree's annex -> PDF or DOCX, from one list of blocks."""

from dataclasses import replace
from datetime import datetime

from coordinator.formatting import long_time
from coordinator.mapping.decrees.annex import Annex, AnnexPart, OpenDispute
from coordinator.platform.documents import paper
from coordinator.platform.documents.paper import Cell, Paper, Style
from coordinator.platform.documents.rendering import paper_docx, paper_pdf
from coordinator.translation import gettext as _

DOTS = "." * 40
SHORT_DOTS = "." * 28
# Millimetres of 180.
MEMBERS = (10, 84, 28, 58)
DUTIES = (10, 28, 86, 56)
DISPUTES = (10, 32, 70, 40, 28)
GAPS = (10, 170)


def annex_pdf(annex: Annex, *, at: datetime, zone: str) -> bytes:
    """Return the draft as PDF. Raises Unavailable."""
    return paper_pdf(annex_paper(annex, at=at, zone=zone), at=at)


def annex_docx(annex: Annex, *, at: datetime, zone: str, is_clean: bool = False) -> bytes:
    """Return the same draft as DOCX, or (`is_clean`) what is to be signed. Raises Unavailable."""
    return paper_docx(annex_paper(annex, at=at, zone=zone, is_clean=is_clean))


def annex_paper(annex: Annex, *, at: datetime, zone: str, is_clean: bool = False) -> Paper:
    """Return the words of the draft in order: head, members, duties, signature, and the working
    note on pages of its own.

    What is to be signed (`is_clean`) has neither mark nor note, no word about its making, and of
    the basis the articles alone.
    """
    if is_clean:
        annex = replace(annex, groups=_bare(annex.groups), agencies=_bare(annex.agencies))
    made = _("Dibuat %(when)s.", when=long_time(at, zone))
    return Paper(
        title=_("Lampiran Keputusan %(office)s", office=annex.office)
        if is_clean
        else _("Rancangan Lampiran Keputusan %(office)s", office=annex.office),
        kop_lines=(),
        kop_address="",
        emblem=None,
        mark="" if is_clean else _("RANCANGAN"),
        footer=" ".join(
            filter(
                None,
                (_("DATA CONTOH.") if annex.is_sample else "", "" if is_clean else annex.origin),
            )
        ),
        blocks=[
            paper.AnnexHead(
                [
                    _("LAMPIRAN"),
                    _("KEPUTUSAN %(office)s", office=annex.office.upper()),
                    _("NOMOR %(blank)s", blank=SHORT_DOTS),
                    _("TANGGAL %(blank)s", blank=SHORT_DOTS),
                    _("TENTANG"),
                    DOTS,
                    DOTS,
                ]
            ),
            paper.CentredHeading(
                [_("SUSUNAN KELOMPOK KERJA DAN URAIAN TUGAS"), annex.task_force.upper()],
            ),
            *([] if is_clean else [paper.Paragraph(f"{annex.origin} {made}")]),
            paper.CentredHeading([_("I. SUSUNAN KELOMPOK KERJA")]),
            *_groups(annex),
            paper.CentredHeading([_("II. URAIAN TUGAS TIAP INSTANSI")]),
            *_agencies(annex),
            paper.Signatures(
                [
                    paper.Signature(
                        "",
                        annex.office.upper(),
                        _("Ruang cap atau TTE"),
                        (_("Nama"),),
                    )
                ]
            ),
            *([] if is_clean else _note(annex)),
        ],
    )


def _bare(parts: tuple[AnnexPart, ...]) -> tuple[AnnexPart, ...]:
    return tuple(
        replace(part, lines=tuple(replace(one, basis=one.articles or "–") for one in part.lines))
        for part in parts
    )


def _plain(*texts: str) -> list[Cell]:
    return [[(Style.PLAIN, text)] for text in texts]


def _groups(annex: Annex) -> list[paper.Block]:
    blocks: list[paper.Block] = []
    for part in annex.groups:
        blocks.append(paper.Title(_("Pokja %(name)s", name=part.name)))
        if not part.lines:
            blocks.append(paper.Paragraph(_("Belum ada anggota.")))
            continue
        blocks.append(
            paper.Table(
                heads=(_("No."), _("Instansi"), _("Kedudukan"), _("Dasar")),
                widths=MEMBERS,
                rows=[
                    _plain(str(n), line.text, line.place, line.basis)
                    for n, line in enumerate(part.lines, start=1)
                ],
            )
        )
    return blocks


def _agencies(annex: Annex) -> list[paper.Block]:
    blocks: list[paper.Block] = []
    for number, part in enumerate(annex.agencies, start=1):
        blocks += [paper.Title(f"{number}. {part.name}"), _duties(part)]
    if not blocks:
        blocks.append(paper.Paragraph(_("Belum ada uraian tugas.")))
    return blocks


def _duties(part: AnnexPart) -> paper.Table:
    return paper.Table(
        heads=(_("No."), _("Pokja"), _("Uraian tugas"), _("Dasar")),
        widths=DUTIES,
        rows=[
            _plain(str(n), line.place, line.text, line.basis)
            for n, line in enumerate(part.lines, start=1)
        ],
    )


def _note(annex: Annex) -> list[paper.Block]:
    return [
        paper.Title(_("CATATAN KERJA, BUKAN BAGIAN LAMPIRAN"), new_page=True),
        paper.Paragraph(
            _("Halaman ini dan sesudahnya untuk sekretariat. Hapus sebelum ditandatangani.")
        ),
        paper.Title(_("Pertanyaan dan keberatan yang menunggu ketetapan")),
        _disputes(annex.disputes)
        if annex.disputes
        else paper.Paragraph(_("Tidak ada yang menunggu ketetapan.")),
        paper.Title(_("Yang kurang menurut pemeriksaan pemetaan")),
        paper.Table(
            heads=(_("No."), _("Temuan")),
            widths=GAPS,
            rows=[_plain(str(n), text) for n, text in enumerate(annex.gaps, start=1)],
        )
        if annex.gaps
        else paper.Paragraph(_("Tidak ada yang kurang.")),
    ]


def _disputes(disputes: tuple[OpenDispute, ...]) -> paper.Table:
    return paper.Table(
        heads=(_("No."), _("Instansi"), _("Uraian tugas"), _("Jawaban"), _("Sejak")),
        widths=DISPUTES,
        rows=[
            _plain(str(n), one.agency, one.duty, one.said, one.since)
            for n, one in enumerate(disputes, start=1)
        ],
    )
