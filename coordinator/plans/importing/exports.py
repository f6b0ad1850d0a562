"""What is wrong in a file -> CSV."""

from coordinator.plans.reading.shapes import Problem
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.translation import gettext as _


def problems_csv(problems: list[Problem]) -> bytes:
    """Return one line for each problem: its place, the text there, why it cannot stay."""
    severities = {"error": _("galat"), "warning": _("peringatan")}
    head = [_("Lembar"), _("Baris"), _("Kolom"), _("Isi"), _("Yang salah"), _("Tingkat")]
    lines: list[list[str | int | None]] = [
        [one.sheet, one.row, one.column, one.value, one.message, severities[one.severity]]
        for one in problems
    ]
    return csv_bytes([head, *lines])
