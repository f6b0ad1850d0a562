"""The list of assignments -> CSV, XLSX."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from coordinator.oversight.commitments.labels import figure_text, status_text
from coordinator.oversight.commitments.queries import Commitment, Moment
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.platform.documents.rendering import WorkbookSheet, xlsx
from coordinator.translation import gettext as _

Cell = str | int | Decimal | date | None


def _heads(at: Moment) -> list[Cell]:
    period = at.period.title if at.period else _("periode")
    return [
        _("Kode"),
        _("Aksi"),
        _("Pokja"),
        _("Penanggung jawab"),
        _("Pendukung"),
        _("Laporan %(period)s", period=period),
        _("Jatuh tempo laporan"),
        _("Terverifikasi %(year)s", year=at.year),
        _("Target %(year)s", year=at.year),
        _("Satuan"),
        _("Indikator lain"),
        _("Batas waktu"),
    ]


def _row(one: Commitment) -> list[Cell]:
    first, others = (one.figures[0], one.figures[1:]) if one.figures else (None, ())
    return [
        one.code,
        one.title,
        f"{one.numeral} {one.working_group}",
        one.lead,
        one.supports,
        status_text(one),
        one.report_due_on,
        first.verified if first else None,
        first.target if first else None,
        first.unit if first else None,
        "; ".join(f"{other.name}: {figure_text(other)}" for other in others),
        one.due_on,
    ]


def commitments_csv(rows: Sequence[Commitment], at: Moment) -> bytes:
    """Return the list as CSV, for Excel with Indonesian settings: days as 2026-12-31."""
    return csv_bytes([[_plain(cell) for cell in line] for line in (_heads(at), *map(_row, rows))])


def _plain(cell: Cell) -> str | int | None:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}".replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else cell


def commitments_xlsx(rows: Sequence[Commitment], at: Moment) -> bytes:
    """Return the list as a workbook, with numbers and days as such. Raises Unavailable."""
    widths = (8, 60, 24, 18, 11, 22, 16, 14, 12, 14, 40, 16)
    return xlsx([WorkbookSheet(_("Penugasan"), [_heads(at), *map(_row, rows)], widths)])
