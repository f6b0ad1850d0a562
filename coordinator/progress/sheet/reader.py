"""Reads a filled sheet. Runs in a child process alone: the file comes from outside."""

import datetime
import io
import json

from python_calamine import CalamineWorkbook

MOST_ROWS = 501  # with the head
MOST_COLUMNS = 80


def main(payload: bytes) -> bytes:
    """Return {"rows": [[text]]} of the sheet "Laporan" (else the last one); {"error"} where the
    file cannot be read. Cells come back as somebody would type them."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        names = book.sheet_names
        if not names:
            return json.dumps({"error": "empty"}).encode()
        name = "Laporan" if "Laporan" in names else names[-1]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    except Exception as error:  # whatever a hostile file makes the parser say
        return json.dumps({"error": type(error).__name__}).encode()
    if len(rows) > MOST_ROWS:
        return json.dumps({"error": "long"}).encode()
    texts = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    return json.dumps({"rows": texts}).encode()


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(round(cell, 3)).replace(".", ",")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell)[:5000]
