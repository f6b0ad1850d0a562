"""Rows -> CSV."""

from coordinator import formatting
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.reporting.sampling.labels import finding_labels
from coordinator.reporting.sampling.models import SampleDraw
from coordinator.reporting.sampling.queries import Drawn
from coordinator.reporting.sampling.rules import rank
from coordinator.translation import gettext as _


def sample_csv(
    draw: SampleDraw, rows: list[Drawn], population: list[tuple[str, str]], zone: str
) -> bytes:
    """Return the sample with its findings; then how it was drawn, and from what.

    `population` is every report that could be drawn, as (id, number): with the seed, anybody can
    rank the ids again.
    """
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
                formatting.local_date(found.written_at, zone) if found else "",
            ]
        )
    lines += [
        [],
        [_("Periode"), draw.period.title],
        [_("Ditarik"), formatting.long_time(draw.drawn_at, zone)],
        [_("Persen"), draw.percent],
        [_("Angka acak awal (seed)"), draw.seed],
        [_("Jumlah terverifikasi"), len(population)],
        [
            _("Aturan"),
            _("urutkan menurut SHA-256 dari angka acak awal:kunci; ambil persennya, ke atas"),
        ],
        [],
        [_("Kunci"), _("Laporan"), "SHA-256"],
    ]
    lines += [[one, number, rank(draw.seed, one)] for one, number in population]
    return csv_bytes(lines)
