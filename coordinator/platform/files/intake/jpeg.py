"""Removes EXIF, GPS and comments from a picture without redrawing it.

For pictures inside a document, where there may be a hundred.
"""

import re
import struct

from coordinator.platform.files.rules import Removed

START = b"\xff\xd8\xff"
END = b"\xff\xd9"
APP0, APP2, APP14, COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
BARE = frozenset({0x01, 0xD8})  # markers without a length
# Coded pixels may contain FF 00 and the restart markers; any other marker ends them.
MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"}
)
JP2_START = b"\x00\x00\x00\x0cjP  "
JP2_KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})


class BrokenPicture(ValueError):
    """The bytes are no such picture, or not built as one."""


def without_segments(data: bytes) -> tuple[bytes, set[Removed]]:  # noqa: C901
    """Return a JPEG without EXIF, XMP, IPTC, comments and trailing data, and what was found.

    A phone stores a second picture after the end. Raises BrokenPicture.
    """
    place = data.find(START, 0, 64)
    if place < 0:
        raise BrokenPicture
    out, removed, is_coded = [START[:2]], set[Removed](), False
    place += 2
    while found := MARKER.search(data, place):
        if is_coded:
            out.append(data[place : found.start()])
        marker, place, is_coded = found[1][0], found.end(), False
        if marker == END_OF_IMAGE:
            return b"".join(out) + END, removed
        if marker in BARE:
            continue
        if place + 2 > len(data):
            break
        (length,) = struct.unpack(">H", data[place : place + 2])
        segment = data[place : place + length]
        if length < 2:
            raise BrokenPicture
        if _tells(marker, segment):
            removed.add(Removed.METADATA)
            if marker == 0xE1 and (b"\x88\x25" in segment or b"\x25\x88" in segment):
                removed.add(Removed.PLACE)
        else:
            out += [b"\xff", found[1], segment]
        is_coded = marker == START_OF_SCAN
        place += length
    if not is_coded:
        raise BrokenPicture
    out.append(data[place:])  # it breaks off amid its pixels
    return b"".join(out) + END, removed


def _tells(marker: int, segment: bytes) -> bool:
    if marker == COMMENT:
        return True
    if marker == APP0:
        return not segment.startswith(b"\x00\x10JFIF\x00")  # longer ones hold a small picture
    if marker == APP14 or (marker == APP2 and b"ICC_PROFILE" in segment[:20]):
        return False
    return APP0 <= marker <= 0xEF


def without_chunks(data: bytes) -> tuple[bytes, set[Removed]]:
    """Return a PNG without text, time, EXIF and trailing data, and what was found.

    Raises BrokenPicture.
    """
    if not data.startswith(PNG_START):
        raise BrokenPicture
    out, place, removed = [PNG_START], len(PNG_START), set[Removed]()
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind = data[place + 4 : place + 8]
        if kind in PNG_KEPT:
            out.append(data[place : place + 12 + length])
        else:
            removed.add(Removed.METADATA)
        place += 12 + length
        if kind == b"IEND":
            break
    return b"".join(out), removed


def without_boxes(data: bytes) -> tuple[bytes, set[Removed]]:
    """Return a JPEG 2000 file without EXIF, XMP and any box that is no picture, and what was found.

    Raises BrokenPicture.
    """
    if not data.startswith(JP2_START):
        raise BrokenPicture
    out, place, removed = list[bytes](), 0, set[Removed]()
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if length == 1 and place + 16 <= len(data):
            (length,) = struct.unpack(">Q", data[place + 8 : place + 16])
        length = length or len(data) - place
        if length < 8:
            raise BrokenPicture
        if kind in JP2_KEPT:
            out.append(data[place : place + length])
        else:
            removed.add(Removed.METADATA)
        place += length
    return b"".join(out), removed
