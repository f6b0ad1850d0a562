"""Reads a filled sheet. Runs in a child process alone: the file comes from outside."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from coordinator import numbers
from coordinator.plans.reading.values import fault_message
from coordinator.platform.spreadsheets import kinds
from coordinator.platform.spreadsheets.cells import Book, Cell, Grid, letters
from coordinator.platform.spreadsheets.kinds import BadSheet, BookKind
from coordinator.platform.spreadsheets.shapes import Reason
from coordinator.reporting.sheet.rules import GUIDE, MOST_ROWS, SHEET

MOST_COLUMNS = 80
LONGEST = 5000  # characters of a cell
FAULTY = "#?"  # marks a cell without a value of its own: it is not empty
MOST_NAMED = 12
MAGNITUDES = {
    "ribu": 1000, "rb": 1000, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9,
    "mlr": 10**9, "triliun": 10**12,
}  # fmt: skip

OTHER_SHEETS = "Hanya lembar “%s” yang dibaca, bukan: %s."
IN_MERGE = "Sel gabungan: isi %s dipakai juga di sini."
SCALED = "Tampil sebagai “%s” karena format selnya; dibaca %s. Bila bukan, tulis angkanya saja."


def main(payload: bytes) -> bytes:
    """Return the sheet "Laporan" (else the last visible one) as JSON.

    {"rows": [[text]], "hidden_rows": {index: [text]}, "hidden_columns": [letters], "said":
    [sentence], "noted": [[row, column, sentence, is_wrong]]}; {"error"} or {"refused": sentence} if
    the file cannot be read. Cells are returned as somebody would type them; `noted` counts from 0.
    A hidden row is returned separately, and is blank among the rows: a person chooses it.
    """
    try:
        kind = kinds.kind_of(payload)
        if kind not in (BookKind.XLSX, BookKind.ODS):
            return json.dumps({"error": "kind"}).encode()
        book = Book(payload, kind)
        visible = [sheet.name for sheet in book.sheets if sheet.is_visible]
        name = SHEET if any(sheet.name == SHEET for sheet in book.sheets) else (visible or [""])[-1]
        if not name:
            return json.dumps({"error": "empty"}).encode()
        # The columns that we hid ourselves hold the keys.
        grid = book.grid(name, take=(Reason.HIDDEN_COLUMN, Reason.HIDDEN_ROW))
        if grid.rows and max(grid.rows) > MOST_ROWS:
            return json.dumps({"error": "long"}).encode()
        answer = _answer(grid)
    except BadSheet as refused:
        return json.dumps({"refused": str(refused)}).encode()
    others = [sheet.name for sheet in book.sheets if sheet.rows and sheet.name not in (name, GUIDE)]
    said = [OTHER_SHEETS % (name, _listed(others))] if others else []
    said += [
        replace(part, is_taken=False).sentence
        for part in grid.left_out
        if part.reason is not Reason.HIDDEN_COLUMN
    ]
    return json.dumps({**answer, "said": said}).encode()


def _listed(names: Collection[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(list(names)[:MOST_NAMED]) + (f", dan {more} lagi" if more > 0 else "")


def _answer(grid: Grid) -> dict[str, object]:
    noted: list[tuple[int, int, str, bool]] = []
    rows: list[list[str]] = []
    for row in range(max(grid.rows, default=-1) + 1):
        texts = []
        for column in range(MOST_COLUMNS):
            cell = _of_place(grid, row, column)
            texts.append(_text(cell))
            noted += [(row, column, *note) for note in _notes(cell)]
        rows.append(texts)
    places = {part.reason: part.places for part in grid.left_out}
    hidden = {}
    for place in places.get(Reason.HIDDEN_ROW, []):
        if int(place) > 1:  # the head is read wherever it is
            hidden[int(place) - 1] = rows[int(place) - 1]
            rows[int(place) - 1] = [""] * MOST_COLUMNS
    return {
        "rows": rows,
        "hidden_rows": hidden,
        "hidden_columns": places.get(Reason.HIDDEN_COLUMN, []),
        "noted": noted,
    }


def _of_place(grid: Grid, row: int, column: int) -> Cell | None:
    """Return the cell, also if it is part of a merge over several rows.

    A merge across columns does not count: a row is a report, a column a field of its own.
    """
    cell = grid.at(row, column)
    if cell is None or cell.from_merge is None or cell.from_merge[1] == column:
        return cell
    return None


def _notes(cell: Cell | None) -> list[tuple[str, bool]]:
    """Return what is said of a cell, and whether it is wrong."""
    if cell is None:
        return []
    if cell.fault is not None:
        return [(fault_message(cell.fault), True)]
    found = []
    if cell.from_merge is not None and _text(cell):
        row, column = cell.from_merge
        found.append((IN_MERGE % f"{letters(column)}{row + 1}", False))
    if isinstance(cell.value, Decimal) and _factor(cell) != 1:
        said = f"{cell.before} {numbers.shown(round(cell.value, 3))} {cell.unit}".strip()
        found.append((SCALED % (said, _text(cell)), False))
    return found


def _factor(cell: Cell) -> int:
    """Return the factor from a number as its format shows it to the one meant: 1,5 of "1,5 jt"."""
    if cell.thousands:
        return int(1000**cell.thousands)
    return MAGNITUDES.get(cell.unit.casefold().partition(" ")[0].rstrip("."), 1)


def _text(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.fault is not None:
        return FAULTY
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Decimal):
        # A mark of thousands that nobody typed would be asked about.
        shown = numbers.shown(round(value * _factor(cell), 3))
        return f"{shown}%" if cell.is_percent or cell.unit == "%" else shown
    if isinstance(value, date):
        return value.isoformat()
    return value[:LONGEST]
