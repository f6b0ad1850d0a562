"""What can be shown of a stored file beside the form: a small picture, or the first words.

Nothing is kept: a preview is made anew each time, so that a file that is withdrawn leaves no copy.
No library here draws the pages of a PDF; a page with words is shown as its words, a scanned page
as the picture in it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from coordinator import child
from coordinator.evidence.rules import IMAGE_TYPES


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first words of a document; `pages` is None where it has none."""

    text: str
    pages: int | None
    is_cut: bool
    has_picture: bool


def _document(path: Path) -> tuple[Beginning, bytes] | None:
    try:
        answer = child.run("coordinator.evidence.preview_document", path.read_bytes())
    except (child.ChildFailed, OSError):
        return None
    line, _newline, image = answer.partition(b"\n")
    found = json.loads(line)
    return Beginning(**found, has_picture=bool(image)), image


def beginning(path: Path) -> Beginning | None:
    """Return the first words of a document, or None where it cannot be read."""
    found = _document(path)
    return found[0] if found else None


def picture(path: Path, media_type: str) -> bytes | None:
    """Return a small JPEG of a picture or of a scanned first page; None where there is none."""
    try:
        data = path.read_bytes()
        if media_type not in IMAGE_TYPES:
            found = _document(path)
            data = found[1] if found else b""
        return child.run("coordinator.evidence.preview_image", data) if data else None
    except (child.ChildFailed, OSError):
        return None
