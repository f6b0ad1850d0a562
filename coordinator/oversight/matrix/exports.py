"""Rows -> CSV."""

import csv
import io
from collections.abc import Mapping
from datetime import date

from coordinator.oversight.matrix.labels import cell_sentence
from coordinator.oversight.matrix.queries import Matrix
from coordinator.oversight.matrix.rules import Band, MatrixCell
from coordinator.platform.documents.csvfile import safe_text
from coordinator.translation import gettext as _


def matrix_csv(matrix: Matrix, extended: Mapping[str, date]) -> bytes:
    """Return the matrix as CSV: UTF-8 with BOM and semicolons, for Excel with Indonesian settings.

    Reported and verified are two columns; silent, nil and blocked are three. `extended` is until
    when agencies (by slug) have more time.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Singkatan"),
            _("Instansi"),
            *(f"{group.numeral} {group.short}" for group in matrix.groups),
            _("Laporan"),
            _("Dilaporkan"),
            _("Terverifikasi"),
            _("Lewat batas"),
            _("Nihil"),
            _("Terhambat"),
            _("Belum jelas"),
            _("Atas nama belum dibenarkan"),
            _("Diperpanjang sampai"),
        ]
    )
    for row in matrix.rows:
        cells = [
            cell_sentence(matrix.layer, row.cells.get(group.id, MatrixCell(Band.NONE)))
            for group in matrix.groups
        ]
        if row.is_court:
            cells = [_("berbagi data saja")] + [""] * (len(matrix.groups) - 1)
        counts = row.counts
        writer.writerow(
            [
                safe_text(row.agency),
                safe_text(row.name),
                *cells,
                counts.total,
                counts.reported,
                counts.verified,
                counts.silent,
                counts.nil,
                counts.blocked,
                counts.disputed,
                counts.unconfirmed,
                extended[row.slug].isoformat() if row.slug in extended else "",
            ]
        )
    return ("\ufeff" + out.getvalue()).encode()
