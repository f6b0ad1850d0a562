"""The words of a document's beginning, and the picture of a scanned first page. Runs in a child
process (`coordinator.child`): the bytes are foreign.

The answer is one line of JSON ({"text", "pages", "is_cut"}), then the bytes of the picture, if any.
"""

import io
import json

import docx
import pypdf
import python_calamine

MOST_CHARACTERS = 3000
MOST_PAGES = 3
MOST_ROWS = 40


def main(payload: bytes) -> bytes:
    """Return what can be shown of a PDF, DOCX or XLSX."""
    picture = b""
    pages = None
    if payload.startswith(b"%PDF"):
        text, pages, picture = _pdf(payload)
    elif b"word/document.xml" in payload:
        document = docx.Document(io.BytesIO(payload))
        lines = [paragraph.text for paragraph in document.paragraphs]
        for table in document.tables:
            lines += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
        text = "\n".join(lines)
    else:
        text = _sheets(payload)
    text = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
    answer = {"text": text[:MOST_CHARACTERS], "pages": pages, "is_cut": len(text) > MOST_CHARACTERS}
    return json.dumps(answer).encode() + b"\n" + picture


def _pdf(payload: bytes) -> tuple[str, int, bytes]:
    reader = pypdf.PdfReader(io.BytesIO(payload))
    shown = reader.pages[:MOST_PAGES]
    text = "\n".join(page.extract_text() for page in shown)
    if text.strip() or not shown:
        return text, len(reader.pages), b""
    images = list(shown[0].images)  # a page without words is, as a rule, one scanned picture
    largest = max((image.data for image in images), key=len, default=b"")
    return "", len(reader.pages), largest


def _sheets(payload: bytes) -> str:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(payload))
    lines = []
    for name in book.sheet_names[:MOST_PAGES]:
        lines.append(f"[{name}]")
        rows = book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS)
        lines += [" | ".join(str(cell) for cell in row if cell != "") for row in rows]
    return "\n".join(lines)
