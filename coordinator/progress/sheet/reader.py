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
    """Return {"rows": [[text]], "said": [sentence]} of the sheet "Laporan" (else the last visible
    one); {"error"} or {"refused": sentence} where the
    file cannot be read. Cells come back as somebody would type them."""
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
        grid = book.grid(name, take=(Reason.HIDDEN_COLUMN,))
    except Refused as refused:
        return json.dumps({"refused": str(refused)}).encode()
    if grid.rows and max(grid.rows) > MOST_ROWS:
        return json.dumps({"error": "long"}).encode()
    rows = [
        [_text(grid.cell(row, column)) for column in range(MOST_COLUMNS)]
        for row in range(max(grid.rows, default=-1) + 1)
    ]
    said = [part.sentence for part in grid.left_out if not part.is_taken]
    return json.dumps({"rows": rows, "said": said}).encode()


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
