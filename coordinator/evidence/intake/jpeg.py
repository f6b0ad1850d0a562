"""Taking EXIF, GPS and comments out of a picture without drawing it anew: for pictures that stand
inside a document, where there may be a hundred."""

import struct

from coordinator.evidence.rules import Removed

PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"}
)
APP0, APP2, APP14, COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
START_OF_SCAN = 0xDA
END = b"\xff\xd9"
BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def without_segments(data: bytes) -> tuple[bytes, set[Removed]]:
    """Return a JPEG without EXIF, XMP, IPTC and comments, and what was found.

    Not a JPEG, or one that breaks off: returned as it is, with nothing found.
    """
    if not data.startswith(b"\xff\xd8"):
        return data, set()
    out, place, removed = [b"\xff\xd8"], 2, set[Removed]()
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return data, set()
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in BARE:
            out.append(data[place : place + 2])
            place += 2
            continue
        if marker == START_OF_SCAN:
            end = data.rfind(END)
            out.append(data[place : end + 2] if end > place else data[place:])
            return b"".join(out), removed
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        segment = data[place : place + 2 + length]
        if _tells(marker, segment):
            removed.add(Removed.METADATA)
            if marker == 0xE1 and (b"\x88\x25" in segment or b"\x25\x88" in segment):
                removed.add(Removed.PLACE)
        else:
            out.append(segment)
        place += 2 + length
    return data, set()


def _tells(marker: int, segment: bytes) -> bool:
    if marker == COMMENT:
        return True
    if marker in (APP0, APP14) or (marker == APP2 and b"ICC_PROFILE" in segment[:20]):
        return False
    return APP0 <= marker <= 0xEF


def without_chunks(data: bytes) -> tuple[bytes, set[Removed]]:
    """Return a PNG without text, time, EXIF and whatever follows its end, and what was found."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data, set()
    out, place, removed = [data[:8]], 8, set[Removed]()
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
