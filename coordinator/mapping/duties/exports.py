"""The responsibility matrix -> CSV, XLSX, PDF."""

from collections.abc import Iterable
from datetime import datetime

from coordinator.formatting import long_time
from coordinator.mapping.duties import labels
from coordinator.mapping.duties.chain_labels import limit_of, step_text
from coordinator.mapping.duties.models import DutyRevision
from coordinator.mapping.duties.responsibility import Responsibility
from coordinator.mapping.duties.text_labels import text_sentence
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.platform.documents.picture import emblem_svg
from coordinator.platform.documents.rendering import WorkbookSheet, pdf, xlsx
from coordinator.translation import gettext as _

TEMPLATE = "mapping/duties/matrix.typ"


def table(matrix: Responsibility) -> list[list[str | int | None]]:
    """Return head, one line an agency, and two lines below: koordinator and duties by pokja."""
    kinds = labels.kind_labels()
    head = [
        _("Singkatan"),
        _("Instansi"),
        _("Jenis"),
        *(f"{column.group.numeral} {column.group.short}" for column in matrix.columns),
        _("Jumlah tugas"),
        _("Yang kurang"),
    ]
    rows: list[list[str | int | None]] = [list(head)]
    for row in matrix.rows:
        parts = [row.parts.get(column.group.id) for column in matrix.columns]
        rows.append(
            [
                row.agency.abbreviation,
                row.agency.name,
                kinds[row.agency.kind],
                *(labels.part_text(part, matrix.asked.status) if part else "" for part in parts),
                row.shown,
                labels.gap_text(row),
            ]
        )
    leads = [labels.lead_text(column) for column in matrix.columns]
    rows.append([_("Koordinator"), "", "", *leads, None, ""])
    rows.append(
        [_("Tugas tiap pokja"), "", "", *(column.duties for column in matrix.columns), None, ""]
    )
    return rows


def notes(matrix: Responsibility, filtered: list[str], *, at: datetime, zone: str) -> list[str]:
    """Return when the matrix was made, how it is filtered, and from which mapping."""
    return [
        _("Dibuat %(when)s", when=long_time(at, zone)),
        _("Saringan: %(words)s", words="; ".join(filtered) if filtered else _("tidak ada")),
        _("Versi pemetaan %(n)s", n=matrix.version),
    ]


def matrix_csv(matrix: Responsibility) -> bytes:
    """Return the matrix as CSV for Excel with Indonesian settings."""
    return csv_bytes(table(matrix))


def duty_table(
    matrix: Responsibility, duties: Iterable[DutyRevision]
) -> list[list[str | int | None]]:
    """Return head, and a line for each of the duties that the matrix counts: what it says, its
    basis, whether that was compared with the text of the law, and its step of the chain."""
    statuses = labels.status_labels()
    agencies = {row.agency.id for row in matrix.rows}
    groups = {column.group.id for column in matrix.columns}
    head = (_("Instansi"), _("Pokja"), _("Tugas"), _("Unit"), _("Dasar"), _("Pasal"), _("Sumber"))
    chain = (_("Langkah rantai"), _("Batas waktu"))
    rows: list[list[str | int | None]] = [[*head, _("Pencocokan naskah"), *chain]]
    for duty in duties:
        if duty.agency_id not in agencies or duty.working_group_id not in groups:
            continue
        if matrix.asked.status not in (None, duty.status):
            continue
        group = duty.working_group
        cited = "; ".join(f"{one.instrument.short} {one.article}" for one in duty.citations)
        rows.append(
            [
                duty.agency.abbreviation,
                f"{group.numeral} {group.short}",
                duty.text,
                duty.unit or "",
                statuses[duty.status],
                cited,
                duty.source_label or "",
                text_sentence(duty.laws),
                step_text(duty.step, duty.step_as) if duty.step else "",
                limit_of(duty),
            ]
        )
    return rows


def matrix_xlsx(
    matrix: Responsibility,
    duties: Iterable[DutyRevision],
    filtered: list[str],
    *,
    at: datetime,
    zone: str,
) -> bytes:
    """Return the matrix as a workbook; further sheets hold its duties, and how it is filtered."""
    said = notes(matrix, filtered, at=at, zone=zone)
    widths = (18, 44, 18, *(22 for _column in matrix.columns), 10, 34)
    return xlsx(
        [
            WorkbookSheet(_("Peran"), table(matrix), widths),
            WorkbookSheet(
                _("Uraian tugas"),
                duty_table(matrix, duties),
                (18, 26, 60, 26, 20, 44, 34, 44, 34, 44),
            ),
            WorkbookSheet(_("Keterangan"), [[_("Keterangan")], *([line] for line in said)], (70,)),
        ]
    )


def matrix_pdf(
    matrix: Responsibility,
    filtered: list[str],
    letterhead: PrintedLetterhead,
    *,
    at: datetime,
    zone: str,
) -> bytes:
    """Return the matrix on A4 landscape under the letterhead."""
    made, filters, version = notes(matrix, filtered, at=at, zone=zone)
    data = {
        "title": _("Matriks peran"),
        "kop": {
            "lines": letterhead.lines,
            "address": letterhead.address_line,
            "emblem": emblem_svg(letterhead.emblem),
        },
        "summary": _(
            "%(duties)s tugas, %(agencies)s instansi, %(groups)s pokja, %(gaps)s yang kurang.",
            duties=matrix.duties,
            agencies=len(matrix.rows),
            groups=len(matrix.columns),
            gaps=matrix.gaps,
        ),
        "filters": filters,
        "foot": f"{version} · {made}",
        "heads": [_("Instansi")]
        + [f"{column.group.numeral} {column.group.short}" for column in matrix.columns]
        + [_("Tugas")],
        "rows": [
            {
                "name": row.agency.abbreviation,
                "gap": _("belum di pokja mana pun") if row.is_homeless else "",
                "parts": [
                    {"text": labels.part_text(part, matrix.asked.status), "gap": part.is_gap}
                    if (part := row.parts.get(column.group.id))
                    else None
                    for column in matrix.columns
                ],
                "duties": row.shown,
            }
            for row in matrix.rows
        ],
        "feet": [
            [
                _("Koordinator"),
                *(column.lead or f"! {labels.lead_text(column)}" for column in matrix.columns),
                "",
            ],
            [
                _("Tugas tiap pokja"),
                *(str(column.duties) for column in matrix.columns),
                str(sum(column.duties for column in matrix.columns)),
            ],
        ],
    }
    return pdf(TEMPLATE, data, at=at)
