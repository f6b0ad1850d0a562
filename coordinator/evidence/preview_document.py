"""The words of a document's beginning, and the largest pictures in it. Runs in a child process
(`coordinator.child`): the bytes are foreign.

The answer is one line of JSON ({"text", "pages", "is_cut", "sizes", "more"}), then the bytes of the
pictures one after another, `sizes` long; `more` counts those that are not among them.
"""

import io
import json
import re
import time
import zipfile
from typing import Any

import docx
import pypdf
import python_calamine
from PIL import Image
from pypdf.errors import PyPdfError

MOST_CHARACTERS = 3000
MOST_PAGES = 3
MOST_ROWS = 40
MOST_PICTURES = 3
PAGES_WITH_PICTURES = 20
SECONDS_FOR_PICTURES = 4.0  # of processor time, of the child's ten
MOST_PIXELS = 12_000_000  # that are unpacked here; photos stay packed
LARGEST_PICTURE = 10_000_000  # bytes
RULE = 4  # pixels: what is no thicker is a line
MEDIA = re.compile(r"^(?:word|xl)/media/", re.IGNORECASE)
BROKEN = (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError)


def main(payload: bytes) -> bytes:
    """Return what can be shown of a PDF, DOCX or XLSX."""
    pages = None
    if payload.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(payload))
        pages = len(reader.pages)
        text = "\n".join(page.extract_text() for page in reader.pages[:MOST_PAGES])
        pictures, more = _of_pdf(reader)
    else:
        if b"word/document.xml" in payload:
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


def _of_pdf(reader: pypdf.PdfReader) -> tuple[list[bytes], int]:
    """Return the largest pictures of the first pages, and how many others there are."""
    deadline = time.process_time() + SECONDS_FOR_PICTURES
    found: list[tuple[int, bytes]] = []
    seen: set[int] = set()
    others = 0
    for page in reader.pages[:PAGES_WITH_PICTURES]:
        try:
            names = page.images.keys()
        except BROKEN:
            others += 1
            continue
        for name in names:
            try:
                look = _image(page, name)
                if look is not None and id(look) in seen:
                    continue  # the letterhead of every page
                seen.add(id(look))
                sides = [int(look[side]) for side in ("/Width", "/Height")] if look else []
                if sides and min(sides) <= RULE:
                    continue
                if look is not None and look.get("/Filter") == "/DCTDecode":
                    data = look._data
                elif time.process_time() > deadline or (
                    sides and sides[0] * sides[1] > MOST_PIXELS
                ):
                    others += 1
                    continue
                else:
                    data = page.images[name].data
            except BROKEN:
                others += 1
                continue
            found.append((_pixels(data), data))
    return _largest(found, others)


def _image(page: pypdf.PageObject, name: Any) -> Any:
    """Return the object of a picture that the page itself names; None for one within a form or
    between the words."""
    if not isinstance(name, str) or name.startswith("~"):
        return None
    resources: Any = page["/Resources"]
    return resources["/XObject"][name].get_object()


def _of_office(payload: bytes) -> tuple[list[bytes], int]:
    found: list[tuple[int, bytes]] = []
    others = 0
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        parts = [part for part in archive.infolist() if MEDIA.search(part.filename)]
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
