"""Rows -> CSV."""

from flask_babel import gettext as _

from coordinator import words
from coordinator.documents.csvfile import csv_bytes
from coordinator.sampling.models import SampleDraw
from coordinator.sampling.queries import Drawn
from coordinator.sampling.words import finding_labels


def sample_csv(draw: SampleDraw, rows: list[Drawn], zone: str) -> bytes:
    """Return the sample with its findings; the last lines say how it was drawn."""
    labels = finding_labels()
    head = [_("No"), _("Laporan"), _("Instansi"), _("Pokja"), _("Aksi")]
    lines: list[list[str | int | None]] = [[*head, _("Hasil"), _("Uraian"), _("Diperiksa")]]
    for row in rows:
        found = row.finding
        lines.append(
            [
                row.sampled.position,
                row.number,
                row.agency,
                row.numeral,
                row.title,
                labels[found.kind] if found else _("belum diperiksa"),
                found.text if found else "",
                words.local_date(found.written_at, zone) if found else "",
            ]
        )
    lines += [
        [],
        [_("Periode"), draw.period.title],
        [_("Ditarik"), words.long_time(draw.drawn_at, zone)],
        [_("Persen"), draw.percent],
        [_("Benih"), draw.seed],
        [_("Jumlah terverifikasi"), len(draw.population.split("\n"))],
    ]
    return csv_bytes(lines)
