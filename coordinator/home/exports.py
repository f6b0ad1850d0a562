"""Loads of agencies -> CSV, XLSX."""

from collections.abc import Sequence

from coordinator.home.workload import Load
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.platform.documents.rendering import WorkbookSheet, xlsx
from coordinator.translation import gettext as _

Row = list[str | int | None]


def _rows(loads: Sequence[Load]) -> list[Row]:
    heads: Row = [
        _("Singkatan"),
        _("Instansi"),
        _("Pokja"),
        _("Uraian tugas"),
        _("Penanggung jawab"),
        _("Pendukung"),
        _("Laporan terbuka"),
    ]
    return [heads, *(_row(load) for load in loads)]


def _row(load: Load) -> Row:
    return [
        load.abbreviation,
        load.name,
        ", ".join(load.groups),
        load.duties,
        load.leads,
        load.supports,
        load.reports,
    ]


def loads_csv(loads: Sequence[Load]) -> bytes:
    """Return the list as CSV."""
    return csv_bytes(_rows(loads))


def loads_xlsx(loads: Sequence[Load]) -> bytes:
    """Return the list as a workbook. Raises Unavailable."""
    return xlsx([WorkbookSheet(_("Beban instansi"), _rows(loads), (18, 50, 12, 12, 16, 12, 14))])
