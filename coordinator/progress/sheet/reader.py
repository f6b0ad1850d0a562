"""Reads a filled sheet. Runs in a child process alone: the file comes from outside."""

import json
from datetime import date
from decimal import Decimal

from coordinator import numbers
from coordinator.progress.sheet.rules import MOST_ROWS
from coordinator.spreadsheets import kinds
from coordinator.spreadsheets.cells import Book, Cell
from coordinator.spreadsheets.kinds import Kind, Refused
from coordinator.spreadsheets.shapes import Reason

MOST_COLUMNS = 80
LONGEST = 5000  # characters of a cell
SHEET = "Laporan"


def main(payload: bytes) -> bytes:
    """Return {"rows": [[text]], "hidden_rows": {index: [text]}, "hidden_columns": [letters],
    "said": [sentence]} of the sheet "Laporan" (else the last visible one); {"error"} or {"refused":
    sentence} where the file cannot be read. Cells come back as somebody would type them. A hidden
    row stands apart, and is blank among the rows: a person chooses it."""
    try:
        kind = kinds.kind_of(payload)
        if kind not in (Kind.XLSX, Kind.ODS):
            return json.dumps({"error": "kind"}).encode()
        book = Book(payload, kind)
        visible = [sheet.name for sheet in book.sheets if sheet.is_visible]
        name = SHEET if any(sheet.name == SHEET for sheet in book.sheets) else (visible or [""])[-1]
        if not name:
            return json.dumps({"error": "empty"}).encode()
        # The columns that we hid ourselves hold the keys.
        grid = book.grid(name, take=(Reason.HIDDEN_COLUMN, Reason.HIDDEN_ROW))
    except Refused as refused:
        return json.dumps({"refused": str(refused)}).encode()
    if grid.rows and max(grid.rows) > MOST_ROWS:
        return json.dumps({"error": "long"}).encode()
    rows = [
        [_text(grid.cell(row, column)) for column in range(MOST_COLUMNS)]
        for row in range(max(grid.rows, default=-1) + 1)
    ]
    places = {part.reason: part.places for part in grid.left_out}
    hidden = {}
    for place in places.get(Reason.HIDDEN_ROW, []):
        if int(place) > 1:  # the head is read wherever it is
            hidden[int(place) - 1] = rows[int(place) - 1]
            rows[int(place) - 1] = [""] * MOST_COLUMNS
    said = [
        part.model_copy(update={"is_taken": False}).sentence
        for part in grid.left_out
        if part.reason is not Reason.HIDDEN_COLUMN
    ]
    return json.dumps(
        {
            "rows": rows,
            "hidden_rows": hidden,
            "hidden_columns": places.get(Reason.HIDDEN_COLUMN, []),
            "said": said,
        }
    ).encode()


def _text(cell: Cell | None) -> str:
    value = cell.value if cell else None
    if cell is None or value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Decimal):
        # A mark of thousands that nobody typed would be asked about.
        shown = numbers.shown(round(value, 3))
        return f"{shown}%" if cell.is_percent or cell.unit == "%" else shown
    if isinstance(value, date):
        return value.isoformat()
    return value[:LONGEST]
