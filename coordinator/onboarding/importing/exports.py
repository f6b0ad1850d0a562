"""Rows that are wrong -> a table, a CSV."""

import csv
import io

from flask_babel import gettext as _

from coordinator.onboarding.importing.rules import TITLES, Column
from coordinator.onboarding.importing.service import Judged, Verdict
from coordinator.onboarding.importing.words import cell_problem

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def error_rows(judged: list[Judged]) -> list[dict[str, str | int]]:
    """Return one line for each cell that is wrong: sheet, row, column, reason; never its text."""
    return [
        {
            "sheet": found.row["sheet"],
            "row": found.row["row"],
            "column": TITLES[Column(column)],
            "reason": cell_problem(problem),
        }
        for found in judged
        if found.verdict is Verdict.ERROR
        for column, problem in found.row["problems"]
    ]


def errors_csv(judged: list[Judged]) -> bytes:
    """Return the lines of `error_rows` as CSV: UTF-8 with BOM and semicolons, as Excel with
    Indonesian settings opens it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Lembar"), _("Baris"), _("Kolom"), _("Yang salah")])
    for line in error_rows(judged):
        sheet = str(line["sheet"])
        writer.writerow(
            [
                f"'{sheet}" if sheet.startswith(FORMULA_STARTS) else sheet,
                line["row"],
                line["column"],
                line["reason"],
            ]
        )
    return ("\ufeff" + out.getvalue()).encode()
