"""Fold Unicode variants to one plain spelling, and map positions back to the original."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Final

from coordinator.screening.finding import Finding, Hit

# Flags of the patterns for folded text. Patterns that search all of it are written in lower case
# for :func:`lowered` text and begin with a letter or sign: `re` then skips characters that cannot
# begin a match, which it does not do with IGNORECASE or a leading lookbehind.
FLAGS: Final = re.ASCII | re.IGNORECASE

# Placeholder for invisible characters (zero-width characters, tags) until the text is settled:
# the digits on its two sides may be one number or two. Never occurs in real text.
JOINT: Final = "\ufdd0"
# Placeholder for marks on the character before: the box of a keycap, a line through a digit.
_MARK: Final = "\ufdd1"
_PLACEHOLDERS: Final = re.compile(f"[{JOINT}{_MARK}]")

# Characters that people, keyboards and PDF extraction put between digits, and NFKC leaves alone.
_FOLD_EXTRA: Final = {
    "\u2212": "-",  # minus sign
    "\u2043": "-",  # hyphen bullet
    "\u00d7": "x",  # multiplication sign
    "\u2044": "/",  # fraction slash
    "\u2215": "/",  # division slash
    "\u2223": "|",  # divides
    "\u2800": " ",  # blank braille pattern
    "\u00b0": "\u00b0",  # a degree sign ends a number, unlike other symbols
    "\u115f": JOINT,  # the Hangul fillers are letters to Unicode and invisible to people
    "\u1160": JOINT,
    "\u3164": JOINT,
    "\uffa0": JOINT,
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    # Cyrillic and Greek letters that look like those of NIK, KTP, KK and like digits.
    **dict.fromkeys("\u041e\u043e\u039f\u03bf", "O"),
    **dict.fromkeys("\u0406\u0456\u0399\u03b9", "I"),
    **dict.fromkeys("\u0405\u0455", "S"),
    **dict.fromkeys("\u0412\u0392", "B"),
    **dict.fromkeys("\u041a\u043a\u039a\u03ba", "K"),
    **dict.fromkeys("\u0422\u03a4", "T"),
    **dict.fromkeys("\u0420\u03a1", "P"),
    "\u0130": "I",  # the one letter whose small form is two characters
    "\u039d": "N",
    "\u0396": "Z",
}
# C0 controls one for one: line ends become "\n", the rest (NUL from a bad extraction) a space.
_LINE_ENDS: Final = "\x0b\x0c\r\x1c\x1d\x1e"
# What other punctuation and symbols between digits are folded to. Currency and mathematical
# symbols are unchanged: they end a number.
_BY_CATEGORY: Final = {
    "Cf": JOINT,  # zero-width characters, soft hyphens, marks of direction
    "Mn": _MARK,  # variation selectors, lines through or under a digit
    "Me": _MARK,  # the box of a keycap
    "Zs": " ",
    "Cc": " ",
    "Pd": "-",
    "Pc": "_",
    "Po": ".",
    "Ps": "(",
    "Pe": ")",
    "Pi": '"',
    "Pf": '"',
    "So": "~",
    "Sk": "~",
}
# The longest NFKC expansion of one character is 18; none that long has a digit to look for.
_LONGEST_EXPANSION: Final = 6
_UNUSUAL: Final = re.compile(r"[^\n\t -~]")


def lowered(text: str) -> str:
    """Return folded text in lower case, with every character at the same position."""
    small = text.lower()
    return small if len(small) == len(text) else text


def begins_word(text: str, start: int) -> bool:
    """Return whether what starts here is not the end of a longer word."""
    return start == 0 or text[start - 1] not in ascii_letters


@dataclass(frozen=True, slots=True, repr=False)
class FoldedText:
    """One reading of a text.

    ``starts[i]``, ``ends[i]`` bound the original of character ``i``; ``joints`` are the places in
    ``text`` where invisible characters were.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    joints: Sequence[int] = ()

    def finding(self, hit: Hit) -> Finding:
        """Return a hit with its place in the original text."""
        severity, kind, start, end = hit
        return Finding(severity, kind, self.starts[start], self.ends[end - 1])


def as_typed(text: str) -> FoldedText:
    """Return the identity reading."""
    return FoldedText(text, range(len(text)), range(1, len(text) + 1))


class Rewriting:
    """Build a reading from parts of another."""

    def __init__(self, source: FoldedText) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._starts, self._ends = array("Q"), array("Q")
        self._position = 0

    def copy_to(self, position: int) -> None:
        """Copy the text before ``position``."""
        if position == self._position:
            return
        here = slice(self._position, position)
        self._pieces.append(self._source.text[here])
        self._starts.extend(self._source.starts[here])
        self._ends.extend(self._source.ends[here])
        self._position = position

    def put(self, piece: str, end: int) -> None:
        """Write ``piece`` in place of the text up to ``end``.

        Each character replaces an equal part of that text if possible, else all of it.
        """
        start = self._position
        starts, ends = self._source.starts, self._source.ends
        if len(piece) == 1:  # most are, and slices take their time
            self._starts.append(starts[start])
            self._ends.append(ends[end - 1])
            self._pieces.append(piece)
            self._position = end
            return
        step, rest = divmod(end - start, len(piece))
        if rest:
            self._starts.extend([starts[start]] * len(piece))
            self._ends.extend([ends[end - 1]] * len(piece))
        else:
            self._starts.extend(starts[start:end:step])
            self._ends.extend(ends[start + step - 1 : end : step])
        self._pieces.append(piece)
        self._position = end

    def done(self) -> FoldedText:
        """Copy the rest and return the result."""
        self.copy_to(len(self._source.text))
        return FoldedText("".join(self._pieces), self._starts, self._ends)


class _Table(dict[str, str]):
    """Each character's plain spelling, computed on first use."""

    def __missing__(self, char: str) -> str:
        piece = self[char] = _fold_char(char)
        return piece


def fold(source: FoldedText) -> FoldedText:
    """Fold the Unicode variants of digits and separators to ASCII."""
    if _UNUSUAL.search(source.text) is None:
        return source
    table = _Table()
    pieces = [table[char] for char in source.text]
    text = "".join(pieces)
    if len(text) == len(source.text):
        return _settled(FoldedText(text, source.starts, source.ends))
    starts, ends = array("Q"), array("Q")
    for piece, start, end in zip(pieces, source.starts, source.ends, strict=True):
        for _char in piece:
            starts.append(start)
            ends.append(end)
    return _settled(FoldedText(text, starts, ends))


def _settled(source: FoldedText) -> FoldedText:
    """Remove the placeholders from the text and keep the positions of the joints."""
    text = source.text
    if JOINT not in text and _MARK not in text:
        return source
    starts, ends, joints = array("Q"), array("Q"), array("Q")
    position = 0
    for match in _PLACEHOLDERS.finditer(text):
        place = match.start()
        if place > position:
            starts.extend(source.starts[position:place])
            ends.extend(source.ends[position:place])
        position = place + 1
        if text[place] == JOINT:
            joints.append(len(starts))
        elif ends:
            ends[-1] = source.ends[place]
    starts.extend(source.starts[position:])
    ends.extend(source.ends[position:])
    return FoldedText(text.replace(JOINT, "").replace(_MARK, ""), starts, ends, joints)


def _fold_char(char: str) -> str:
    if char.isascii():
        return char if " " <= char <= "~" else "\n" if char in _LINE_ENDS + "\n" else " "
    if char in (JOINT, _MARK):
        return char
    if (extra := _FOLD_EXTRA.get(char)) is not None:
        return extra
    # Digits of every script, superscript, circled, mathematical, with a full stop or in a box.
    if (value := unicodedata.digit(char, None)) is not None:
        return str(value)
    category = unicodedata.category(char)
    if category == "Lo" or char == "\u3007":  # the ideographs from zero to nine
        number = unicodedata.numeric(char, -1)
        if number in range(10):
            return str(int(number))
    if (stands_for := _BY_CATEGORY.get(category)) is not None and category not in ("Po", "So"):
        return stands_for
    normal = unicodedata.normalize("NFKC", char)
    if normal != char and len(normal) <= _LONGEST_EXPANSION:
        return "".join(_fold_char(part) if part != char else part for part in normal)
    return _BY_CATEGORY.get(category, char)
