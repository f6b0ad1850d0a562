"""One plain spelling for what Unicode writes in a hundred ways, with the way back."""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from typing import Final

from coordinator.screening.finding import Finding, Hit

# Of every pattern that looks at folded text.
FLAGS: Final = re.ASCII | re.IGNORECASE

# Characters that people, keyboards and PDF extraction put between digits, and NFKC leaves alone.
_FOLD_EXTRA: Final = {
    "\u2212": "-",  # minus sign
    "\u2043": "-",  # hyphen bullet
    "\u00b7": ".",  # middle dot
    "\u2022": ".",  # bullet
    "\u30fb": ".",  # katakana middle dot
    "\u3002": ".",  # ideographic full stop
    "\u2044": "/",  # fraction slash
    "\u2800": " ",  # blank braille pattern
    "\u115f": "",  # the Hangul fillers are letters to Unicode and invisible to people
    "\u1160": "",
    "\u3164": "",
    "\uffa0": "",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
}
# C0 controls one for one: line ends become "\n", the rest (NUL from a bad extraction) a space.
_FOLD_ASCII: Final = {
    **{code: " " for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A)},
    **dict.fromkeys((0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E), "\n"),
}
# Browsers save "ktp 6472....jpg" as "ktp%206472....jpg": undecoded, the 20 would glue to the NIK.
_PERCENT: Final = {
    "%20": " ",
    "%09": "\t",
    "%0A": "\n",
    "%0D": "\n",
    "%2C": ",",
    "%2D": "-",
    "%2E": ".",
    "%2F": "/",
    "%3A": ":",
    "%5F": "_",
    "%7C": "|",
}
# The longest NFKC expansion of one character is 18; none that long has a digit to look for.
_LONGEST_EXPANSION: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class Folded:
    """The folded text; ``starts[i]``, ``ends[i]`` bound the original of its character ``i``."""

    text: str
    starts: array[int] | None
    ends: array[int] | None

    def finding(self, hit: Hit) -> Finding:
        if self.starts is None or self.ends is None:
            return Finding(hit.severity, hit.kind, hit.start, hit.end)
        return Finding(hit.severity, hit.kind, self.starts[hit.start], self.ends[hit.end - 1])


def fold(text: str) -> Folded:
    """Fold to ASCII digits and separators where Unicode has a hundred ways to write them."""
    if text.isascii() and "%" not in text:
        return Folded(text.translate(_FOLD_ASCII), None, None)
    pieces: list[str] = []
    starts, ends = array("Q"), array("Q")
    known: dict[str, str] = {}
    skip_to = 0
    for position, char in enumerate(text):
        if position < skip_to:
            continue
        end = position + 1
        if char == "%" and (decoded := _PERCENT.get(text[position : position + 3].upper())):
            piece = decoded
            end = skip_to = position + 3
        elif (cached := known.get(char)) is not None:
            piece = cached
        else:
            piece = known[char] = _fold_char(char)
        for plain in piece:
            pieces.append(plain)
            starts.append(position)
            ends.append(end)
    return Folded("".join(pieces), starts, ends)


def _fold_char(char: str) -> str:
    if char.isascii():
        return char.translate(_FOLD_ASCII)
    if (extra := _FOLD_EXTRA.get(char)) is not None:
        return extra
    # NFKC knows full-width digits; Arabic-Indic, Javanese and the other decimal digits it keeps.
    if (value := unicodedata.decimal(char, None)) is not None:
        return str(value)
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):  # zero-width, soft hyphen, bidi marks, keycap enclosures
        return ""
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    if category == "Cc":
        return " "
    normal = unicodedata.normalize("NFKC", char)
    if normal == char or len(normal) > _LONGEST_EXPANSION:
        return char
    return "".join(_fold_char(part) if part != char else part for part in normal)
