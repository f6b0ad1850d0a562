"""The words of a document's beginning; its first pages drawn (PDF), or the largest pictures in it
(DOCX, XLSX). Runs in a child process (`coordinator.child`): the bytes are foreign.

The answer is one line of JSON ({"text", "pages", "is_cut", "sizes", "more"}), then the bytes of the
pictures one after another, `sizes` long; `more` counts those that are not among them.
"""

import io
import json
import re
import zipfile

import docx
import pypdf
import pypdfium2
import python_calamine
from PIL import Image

MOST_CHARACTERS = 3000
MOST_PAGES = 3
MOST_ROWS = 40
MOST_PICTURES = 3
LONGEST_SIDE = 960  # pixels of a drawn page: legible next to the form
LARGEST_SCALE = 4.0  # of a page as small as a stamp
LARGEST_PICTURE = 10_000_000  # bytes
# A picture may be anywhere and have any name; these are none.
NO_PICTURE = re.compile(
    r"\.(?:xml|rels|vml|odttf|fntdata)$|/$|embeddings/|docProps/", re.IGNORECASE
)


def main(payload: bytes) -> bytes:
    """Return what can be shown of a PDF, DOCX or XLSX."""
    pages = None
    if payload.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(payload))
        pages = len(reader.pages)
        text = "\n".join(page.extract_text() for page in reader.pages[:MOST_PAGES])
        pictures, more = _pages_of(payload)
    else:
        if _is_word(payload):
            document = docx.Document(io.BytesIO(payload))
            lines = [paragraph.text for paragraph in document.paragraphs]
            for table in document.tables:
                lines += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
            text = "\n".join(lines)
        else:
            text = _sheets(payload)
        pictures, more = _of_office(payload)
    text = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
    answer = {
        "text": text[:MOST_CHARACTERS],
        "pages": pages,
        "is_cut": len(text) > MOST_CHARACTERS,
        "sizes": [len(data) for data in pictures],
        "more": more,
    }
    return json.dumps(answer).encode() + b"\n" + b"".join(pictures)


def _is_word(payload: bytes) -> bool:
    """Tell a text document from a workbook: by its types, for its parts may have any name."""
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        types = archive.read("[Content_Types].xml")
        return b"wordprocessingml" in types and b"spreadsheetml.sheet.main" not in types


def _pages_of(payload: bytes) -> tuple[list[bytes], int]:
    """Draw the first pages as they look on paper; return them, and how many pages are left."""
    document = pypdfium2.PdfDocument(payload)
    drawn = []
    for number in range(min(MOST_PAGES, len(document))):
        page = document[number]
        scale = min(LONGEST_SIDE / max(page.get_size()), LARGEST_SCALE)
        out = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(out, "JPEG", quality=85)
        drawn.append(out.getvalue())
    return drawn, len(document) - len(drawn)


def _of_office(payload: bytes) -> tuple[list[bytes], int]:
    found: list[tuple[int, bytes]] = []
    others = 0
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        parts = [part for part in archive.infolist() if not NO_PICTURE.search(part.filename)]
        parts.sort(key=lambda part: part.file_size, reverse=True)
        for part in parts:
            if len(found) >= 2 * MOST_PICTURES or part.file_size > LARGEST_PICTURE:
                others += 1
                continue
            data = archive.read(part)
            found.append((_pixels(data), data))
    return _largest(found, others)


def _pixels(data: bytes) -> int:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.width * image.height
    except (OSError, ValueError, SyntaxError):
        return 0


def _largest(found: list[tuple[int, bytes]], others: int) -> tuple[list[bytes], int]:
    """Return the largest pictures that can be drawn, and how many are left."""
    drawn = sorted((one for one in found if one[0] > 1), key=lambda one: one[0], reverse=True)
    shown = [data for _pixels, data in drawn[:MOST_PICTURES]]
    return shown, others + len(found) - len(shown)


def _sheets(payload: bytes) -> str:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(payload))
    lines = []
    for name in book.sheet_names[:MOST_PAGES]:
        lines.append(f"[{name}]")
        rows = book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS)
        lines += [" | ".join(str(cell) for cell in row if cell != "") for row in rows]
    return "\n".join(lines)
