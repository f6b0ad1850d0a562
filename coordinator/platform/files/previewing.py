"""What can be shown of a stored file next to the form: small pictures, the first words.

Nothing is kept: a preview is made each time, so that a file that is withdrawn leaves no copy. Of a
PDF, the first pages are drawn as they look; a DOCX or XLSX is shown as its words and its largest
pictures, each redrawn.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from coordinator import child
from coordinator.platform.files.rules import IMAGE_TYPES


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first words of a document, and how many of its pictures (of a PDF: its pages) can be
    shown; `more` there are besides. `pages` is None where it has none."""

    text: str
    pages: int | None
    is_cut: bool
    pictures: int
    more: int


def _document(path: Path) -> tuple[Beginning, list[bytes]] | None:
    try:
        answer = child.run("coordinator.platform.files.preview_document", path.read_bytes())
    except (child.ChildFailed, OSError):
        return None
    line, _newline, data = answer.partition(b"\n")
    found = json.loads(line)
    images = []
    for size in found.pop("sizes"):
        images.append(data[:size])
        data = data[size:]
    return Beginning(**found, pictures=len(images)), images


def beginning(path: Path) -> Beginning | None:
    """Return the first words of a document, or None where it cannot be read."""
    found = _document(path)
    return found[0] if found else None


def picture(path: Path, media_type: str, number: int = 0) -> bytes | None:
    """Return a small JPEG of a picture, or of picture `number` (from 0) in a document.

    None where there is none.
    """
    try:
        if media_type in IMAGE_TYPES:
            data = path.read_bytes()
        else:
            found = _document(path)
            images = found[1] if found else []
            data = images[number] if 0 <= number < len(images) else b""
        return child.run("coordinator.platform.files.preview_image", data) if data else None
    except (child.ChildFailed, OSError):
        return None
