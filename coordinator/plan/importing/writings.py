"""How people write outlines, lists and signatures. Pure."""

import re

PIECE = r"(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])(?![A-Za-z0-9])"
# "1.1", "1.1.a", "I.A.1": of several pieces, one of them a digit or the first a Roman number.
OUTLINE = re.compile(
    rf"\s*\(?(?=\S*\d|[IVX]+\.)(?P<number>{PIECE}(?:\.{PIECE})+)(?P<mark>[.):]*)"
    r"(?:\s*[-–]\s+|\s+|(?<=[.):]))(?=\S)"
)
# "1.", "IV.", "A.", "a)", "(1)"
NUMBERING = re.compile(
    r"\s*\(?(?P<number>\d{1,3}|[IVX]{1,5}|[A-Za-z])(?:(?P<mark>[.):]+)\s*|\s*[-–]\s+)(?=\S)"
)
LISTED = re.compile(r"\s*(?:\(?(?:\d{1,2}|[A-Za-z])[.)](?!\d)\s*|[-–•▪●*·]\s*)(?=\S)")
ROMAN = re.compile(r"[IVX]{1,5}")

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
    """Return the number that 4, IV or D stand for."""
    if text.isdigit():
        return int(text)
    if ROMAN.fullmatch(text):
        values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
        following = [*values[1:], 0]
        return sum(
            -one if one < after else one for one, after in zip(values, following, strict=True)
        )
    return ord(text.upper()) - 64


def lines_of(text: str) -> list[str]:
    """Return the lines of a numbered list without their numbers; none where it is no list."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(LISTED.match(line) for line in lines):
        return []
    return [" ".join(LISTED.sub("", line, count=1).split()) for line in lines]


def is_signature(text: str, *, is_sure: bool = False) -> bool:
    """Whether a text begins a signature: a place with its date, or who signs. `is_sure`: only a
    place with its date, because an office may stand there too."""
    if PLACE_AND_DATE.match(text):
        return True
    return not is_sure and SIGNERS.match(text) is not None


def are_column_numbers(texts: list[str]) -> bool:
    """Whether a row only counts the columns: (1), (2), (3)."""
    numbers = [text.strip("() .") for text in texts]
    return len(numbers) >= 3 and numbers == [str(place) for place in range(1, len(numbers) + 1)]
