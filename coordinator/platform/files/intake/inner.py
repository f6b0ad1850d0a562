"""Pictures inside an office file, recognised by their content, not by their names.

JPEG and PNG keep their pixels as they are, without what says who, where and with what; other
photos are redrawn. What cannot be drawn here (SVG, EMF, WMF) may hold names and numbers as words:
it is replaced by a blank, and this is noted with the file.
"""

import io
import re
import struct

from PIL import Image

from coordinator.platform.files.intake.answer import BadUpload, Text
from coordinator.platform.files.intake.jpeg import (
    PNG_START,
    START,
    BrokenPicture,
    without_chunks,
    without_segments,
)
from coordinator.platform.files.intake.markup import NotMarkup, words
from coordinator.platform.files.rules import HEIF_BRANDS, Refusal, Removed

DRAWN = ("GIF", "BMP", "DIB", "TIFF", "WEBP")
MOST_PIXELS = 10_000_000  # fits three times in the child's 200 MB, in addition to the file
BLANK_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
RUNS = re.compile(rb"<(?:[\w.-]+:)?script|\son\w+\s*=|javascript:", re.IGNORECASE)
MEDIA = re.compile(
    r"\.(?:jpe?g|jfif|png|gif|bmp|tiff?|webp|emf|wmf|emz|wmz|svg|wdp)$", re.IGNORECASE
)
STARTS = (START, PNG_START, b"GIF8", b"II*\x00", b"MM\x00*", b"\xd7\xcd\xc6\x9a")


def is_picture(name: str, data: bytes) -> bool:
    """Tell whether a part is a picture, by its ending or its first bytes: programs also write
    "image1.tmp" or "image1" without an ending."""
    return bool(
        MEDIA.search(name)
        or data.startswith(STARTS)
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or data[40:44] == b" EMF"
        or (data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS | {b"avif"})
    )


def cleaned(name: str, data: bytes, text: Text, removed: set[Removed]) -> bytes:
    """Return what is kept of a picture; notes in `removed` what was taken out of it.

    Raises BadUpload for a script in it.
    """
    if name.lower().endswith(".svg") or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _without_drawing(name, data, text, removed)
    try:
        if data.startswith(START):
            clean, found = without_segments(data)
        elif data.startswith(PNG_START):
            clean, found = without_chunks(data)
        else:
            clean, found = _redrawn(data), {Removed.METADATA}
    except (BrokenPicture, OSError, ValueError, SyntaxError, EOFError, struct.error, KeyError):
        clean, found = blank(), {Removed.PICTURES}
    removed |= found
    return clean


def _redrawn(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=DRAWN) as image:
        if image.width * image.height > MOST_PIXELS:
            raise BrokenPicture
        mode = "RGBA" if image.mode in ("RGBA", "LA", "P", "PA") else "RGB"
        return _png(image.convert(mode))


def _png(image: Image.Image) -> bytes:
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "PNG")
    return out.getvalue()


def blank() -> bytes:
    """Return a picture of nothing."""
    return _png(Image.new("RGBA", (1, 1)))


def _without_drawing(name: str, data: bytes, text: Text, removed: set[Removed]) -> bytes:
    if RUNS.search(data):
        raise BadUpload(Refusal.PROGRAM)
    try:
        text.add_all(words(data), "gambar")
    except NotMarkup:
        text.add(data.decode("utf-8", errors="replace"), "gambar")
    removed.add(Removed.PICTURES)
    return BLANK_SVG if name.lower().endswith(".svg") else blank()
