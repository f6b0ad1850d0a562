"""How people write outlines, lists and signatures. Pure."""

import re

PIECE = r"(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])(?![A-Za-z0-9])"
# "1.1", "1.1.a", "I.A.1": of several pieces, one of them a digit or the first a Roman number.
OUTLINE = re.compile(
    rf"\s*\(?(?=\S*\d|[IVX]+\.)(?P<number>{PIECE}(?:\.{PIECE})+)(?P<mark>[.):]*)"
    r"(?:\s*[-–]\s+|\s+|(?<=[.):]))(?=\S)"
)
# As in: 1. or IV. or A. or a) or (1)
NUMBERING = re.compile(
    r"\s*\(?(?P<number>\d{1,3}|[IVX]{1,5}|[A-Za-z])(?:(?P<mark>[.):]+)\s*|\s*[-–]\s+)(?=\S)"
)
LISTED = re.compile(r"\s*(?:\(?(?P<place>\d{1,2}|[A-Za-z])[.)](?!\d)\s*|[-–•▪●*·]\s*)(?=\S)")
# A number behind the first in one line.
INLINE = re.compile(
    r"(?P<join>[;,/]\s*|\b(?:dan|serta)\s+|\s)"
    r"(?P<item>\(?(?P<place>\d{1,2}|[A-Za-z])(?P<mark>[.)])(?!\d)\s*)(?=\S)"
)
JOINED = re.compile(r"\s*(?:[;,/]|\b(?:dan|serta))\s*$")
ROMAN = re.compile(r"[IVX]{1,5}")

ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv")
COMPUTED = re.compile(r"\s*=.*$")  # "(8)=5+6"

MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|"
    "nopember|desember"
)
PLACE_AND_DATE = re.compile(
    rf"\s*[A-Z][A-Za-z .']{{2,30}},\s*(?:tanggal\s*)?[\d.…_ ]{{0,12}}(?:{MONTHS})\s*"
    r"(?:\d{4})?\s*$",
    re.I,
)
SIGNERS = re.compile(
    r"\s*(?:mengetahui|menyetujui|disahkan|ditetapkan di|dibuat di|pada tanggal|a\.\s?n\.|an\.|"
    r"plt\b|plh\b|u\.\s?b\.|n\.?i\.?p\b|ttd\b|tertanda|tim penyusun|kepala\b|sekretaris\b|ketua\b|"
    r"gubernur\b|bupati\b|wali\s?kota\b|direktur\b)",
    re.I,
)


def numbered(text: str) -> tuple[str, str]:
    """Return the numbering in front of a title, and the title without it: "1.1.a Sosialisasi" is
    numbered, "2 kali sosialisasi" is not."""
    found = OUTLINE.match(text) or NUMBERING.match(text)
    if not found:
        return "", text.strip()
    return found["number"], text[found.end() :].strip()


def ordinal(text: str) -> int:
    """Return the number that 4, IV or D means."""
    if text.isdigit():
        return int(text)
    if ROMAN.fullmatch(text):
        values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
        following = [*values[1:], 0]
        return sum(
            -one if one < after else one for one, after in zip(values, following, strict=True)
        )
    return ord(text.upper()) - 64


def lines_of(text: str) -> list[tuple[int, str]]:
    """Return the lines of a numbered list, each with its number (0 behind a mere mark); none where
    it is no list. "1) A; 2) B" in one line is a list too."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = _in_one_line(lines[0])
    found = [LISTED.match(line) for line in lines]
    if len(lines) < 2 or not all(found):
        return []
    return [
        (_place(one), " ".join(line[one.end() :].split()))
        for line, one in zip(lines, found, strict=True)
        if one
    ]


def in_order(lines: list[tuple[int, str]], like: list[tuple[int, str]]) -> list[str]:
    """Return the texts of a list in the order of another with as many lines, by their numbers;
    none where the numbers are not the same."""
    numbers, others = [number for number, _text in lines], [number for number, _text in like]
    if not any(numbers) or not any(others):  # marks alone: in the order written
        return [text for _number, text in lines]
    texts = dict(lines)
    if len(texts) != len(lines) or texts.keys() != set(others) or len(others) != len(lines):
        return []
    return [texts[number] for number in others]


def may_be_several(text: str) -> bool:
    """Whether a text in one line begins with 1 and has a 2 further on: perhaps a list."""
    first = LISTED.match(text)
    return bool(first and _place(first) == 1) and any(
        _place(found) == 2 for found in INLINE.finditer(text)
    )


def _in_one_line(line: str) -> list[str]:
    """Return the pieces of "1) A; 2) B", "a. A dan b. B": numbers that follow one another."""
    first = LISTED.match(line)
    if not first or _place(first) != 1:
        return []
    starts = [0]
    for found in INLINE.finditer(line):
        is_sure = found["mark"] == ")" or bool(found["join"].strip())
        if is_sure and _place(found) == len(starts) + 1:
            starts.append(found.start("item"))
    ends = [*starts[1:], len(line)]
    pieces = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    return [JOINED.sub("", piece) for piece in pieces]


def _place(found: re.Match[str]) -> int:
    """Return which of a list a numbering is: 2 for "2." and "b)", 0 for a mere mark."""
    mark = found["place"] or ""
    return int(mark) if mark.isdigit() else ord(mark.lower()) - 96 if mark else 0


def is_signature(text: str, *, is_sure: bool = False) -> bool:
    """Return whether a text begins a signature: a place with its date, or who signs.

    `is_sure`: only a place with its date, because an office may be there too.
    """
    if PLACE_AND_DATE.match(text):
        return True
    return not is_sure and SIGNERS.match(text) is not None


def are_column_numbers(texts: list[str]) -> bool:
    """Whether a row only counts the columns: (1), (2), (3)=1+2, or a, b, c, or I, II, III."""
    marks = [COMPUTED.sub("", text).strip("() .[]").lower() for text in texts]
    if len(marks) < 3:
        return False
    places = range(1, len(marks) + 1)
    return marks in (
        [str(place) for place in places],
        [chr(96 + place) for place in places],
        list(ROMANS[: len(marks)]),
    )
