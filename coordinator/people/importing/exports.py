"""Rows that are wrong -> a table, a CSV."""

import csv
import io

from coordinator.people.importing.labels import cell_problem
from coordinator.people.importing.questions import unanswered_text
from coordinator.people.importing.rules import TITLES, PeopleColumn
from coordinator.people.importing.service import Judged, Row, RowEffect
from coordinator.translation import gettext as _

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def error_rows(judged: list[Judged]) -> list[dict[str, str | int]]:
    """Return one line for each cell that is wrong: sheet, row, column, reason; never its text."""
    return [
        {
            "sheet": found.row["sheet"],
            "row": found.row["row"],
            "column": TITLES[PeopleColumn(column)],
            "reason": cell_problem(problem),
        }
        for found in judged
        if found.verdict is RowEffect.ERROR
        for column, problem in found.row["problems"]
    ]


def left_out_rows(left: list[Row]) -> list[dict[str, str | int]]:
    """Return the same for the rows that an applied list left out."""
    return [
        {"sheet": row["sheet"], "row": row["row"], "column": column, "reason": reason}
        for row in left
        for column, reason in (
            [("", unanswered_text(row["question"]))]
            if row["question"]
            else [(TITLES[PeopleColumn(name)], cell_problem(why)) for name, why in row["problems"]]
        )
    ]


def errors_csv(lines: list[dict[str, str | int]]) -> bytes:
    """Return such lines as CSV: UTF-8 with BOM and semicolons, for Indonesian Excel."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Lembar"), _("Baris"), _("Kolom"), _("Yang salah")])
    for line in lines:
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
