"""By what a written number is multiplied: "jt", "per dua bulan", "3 bulan sekali". Pure.

A factor is a list of all its possible values, each with a label where a person must choose.
"""

import re
from decimal import Decimal

from coordinator.numbers import BadNumber

Factor = list[tuple[Decimal, str]]

ONE: Factor = [(Decimal(1), "")]
HUNDRED, THOUSAND, MILLION = Decimal(100), Decimal(10) ** 3, Decimal(10) ** 6
BILLION, TRILLION = Decimal(10) ** 9, Decimal(10) ** 12
MAGNITUDES = {
    "puluh": Decimal(10), "ratus": HUNDRED, "ribu": THOUSAND, "rb": THOUSAND,
    "thousand": THOUSAND, "juta": MILLION, "jt": MILLION, "million": MILLION, "milyar": BILLION,
    "miliar": BILLION, "mlyr": BILLION, "mlr": BILLION, "bn": BILLION, "billion": BILLION,
    "triliun": TRILLION, "trilyun": TRILLION, "trilliun": TRILLION, "trillion": TRILLION,
}  # fmt: skip
MAGNITUDE = re.compile(rf"(?:{'|'.join(sorted(MAGNITUDES, key=len, reverse=True))})\b\.?\s*", re.I)
LETTER = re.compile(r"[MTKk](?=\s|$)")
LETTERS: dict[str, Factor] = {
    "M": [(BILLION, "M = miliar"), (MILLION, "M = juta")],
    "T": [(TRILLION, "T = triliun"), (Decimal(1), "T = satuan")],
    "K": [(THOUSAND, "K = ribu"), (Decimal(1), "K = satuan")],
}
OF_UNIT = re.compile(r"\b(ribu|rb|juta|jt|milyar|miliar|triliun|trilyun)(?:an)?\b", re.I)

TIMES_A_YEAR = {
    "tahun": 1, "thn": 1, "th": 1, "semester": 2, "smt": 2, "caturwulan": 3, "catur wulan": 3,
    "cawu": 3, "triwulan": 4, "tri wulan": 4, "tribulan": 4, "tw": 4, "kuartal": 4, "kwartal": 4,
    "bulan": 12, "bln": 12,
}  # fmt: skip
WEEKS = ("minggu", "mgg", "pekan")
COUNTS = {
    word: number
    for number, word in enumerate(
        (
            "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
            "sepuluh", "sebelas", "dua belas",
        ),
        start=1,
    )
}  # fmt: skip
COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
PERIODS = (*TIMES_A_YEAR, *WEEKS, "hari")
PERIOD = rf"(?P<period>{'|'.join(sorted(PERIODS, key=len, reverse=True))})"
TIED = r"/|@|\bper\b|\b(?:se)?tiap(?:[- ]*tiap)?\b"
RATE = re.compile(
    rf"(?P<unit>.*?)\s*(?:(?:{TIED})\s*(?:{COUNT}\s*)?|\bse(?=\w)){PERIOD}\b\.?(?P<after>.*)",
    re.I,
)
WITHIN = re.compile(
    rf"(?P<unit>.*?)\s*\b(?:dalam|dlm)\s*{COUNT}\s*{PERIOD}\b\.?(?P<after>.*)", re.I
)
ONCE = re.compile(rf"(?P<unit>.*?)\s*(?:\b{COUNT}\s*)?\b{PERIOD}\s+sekali\b(?P<after>.*)", re.I)
# "laporan bulanan": one a month, or one in all.
NAMED = re.compile(
    rf"\b(?:{COUNT}[ -]?)?(?P<period>bulan|triwulan|tribulan|caturwulan|kuartal|semester|minggu|"
    r"pekan|hari)an\b",
    re.I,
)
LOOSE = re.compile(r"(?:dalam|dlm|(?:se)?tiap|per|sekali|sebanyak)\s*$|^\s*sekali\b", re.I)
# "setiap akhir bulan": a rate, but which one cannot be known.
UNTOLD = re.compile(rf"(?:\bper\b|\b(?:se)?tiap\b|\bsekali\b|/).*\b{PERIOD}\b", re.I)

RARE = (
    "Berulang tidak pas dalam setahun (“%s”). Tulis target setahun sebagai satu angka, misalnya "
    "2 kali; kosongkan tahun yang tanpa target."
)
AS_WRITTEN = (Decimal(1), "angka setahun")


def magnitude(rest: str) -> tuple[Factor, str]:
    """Return by what a number is multiplied ("jt": a million), and the text after that."""
    found = MAGNITUDE.match(rest)
    if found:
        factor = MAGNITUDES[found[0].strip(" .").lower()]
        return [(factor, "")], rest[found.end() :].strip(" .,")
    found = LETTER.match(rest)
    if found:
        return LETTERS[found[0].upper()], rest[1:].strip(" .,")
    return ONE, rest


def once(number: str, rest: str) -> tuple[Factor, str] | None:
    """Return how often a year "3 bulan sekali" is, whose number is no amount, and the unit behind
    it; None where it is something else. Raises BadNumber."""
    found = ONCE.fullmatch(rest)
    if not found or found["count"] or found["unit"] or not number.isdigit():
        return None
    factor = [one for one in _of_period(found["period"], number) if one != AS_WRITTEN]
    return _whole(factor, f"{number} {rest}"), _unit(found) or "kali"


def rate(rest: str) -> tuple[Factor, str]:
    """Return how often a year that is ("per bulan": 12 times), and the unit without it. Raises
    BadNumber where it is no whole number of times."""
    found = ONCE.fullmatch(rest)
    if found:
        return _whole(_of_period(found["period"], found["count"] or ""), rest), _unit(found)
    found = WITHIN.fullmatch(rest)
    if found:
        factor = _of_period(found["period"], found["count"])
        if _count(found["count"]) > 1:
            factor = [(factor[0][0], f"{factor[0][0]:f} kali setahun"), AS_WRITTEN]
        return _whole(factor, rest), _unit(found)
    found = RATE.fullmatch(rest)
    if found:
        factor = _of_period(found["period"], found.groupdict()["count"] or "")
        return _whole(factor, rest), _unit(found)
    found = NAMED.search(rest)
    if found:
        factor = _of_period(found["period"], found["count"] or "")
        first = factor[0][0]
        return _whole([(first, f"{first:f} kali setahun"), AS_WRITTEN], rest), rest
    if UNTOLD.search(rest):
        raise BadNumber(RARE % rest)
    return ONE, LOOSE.sub("", rest)


def is_factor(text: str) -> bool:
    """Return whether words next to a number change what it means."""
    patterns = (MAGNITUDE, LETTER, ONCE, WITHIN, RATE)
    return any(pattern.fullmatch(text.strip()) for pattern in patterns) or bool(
        NAMED.search(text) or UNTOLD.search(text)
    )


def scale_of(unit: str) -> Decimal:
    """Return by what a unit multiplies its numbers: "juta rupiah" by a million."""
    found = OF_UNIT.search(unit)
    return MAGNITUDES[found[1].lower()] if found else Decimal(1)


def _of_period(period: str, count: str) -> Factor:
    every = _count(count)
    period = period.lower()
    if period in TIMES_A_YEAR:
        return [(Decimal(TIMES_A_YEAR[period]) / every, "")]
    if period in WEEKS:
        return [
            (Decimal(52) / every, "52 minggu setahun"),
            (Decimal(48) / every, "4 minggu sebulan"),
            AS_WRITTEN,
        ]
    return [(Decimal(365) / every, "365 hari setahun"), AS_WRITTEN]


def _count(count: str) -> Decimal:
    number = Decimal(COUNTS.get(count.lower(), 0) or (count if count.isdigit() else 1))
    if not number:
        raise BadNumber(RARE % count)
    return number


def _whole(factor: Factor, rest: str) -> Factor:
    """Return the factor. Raises BadNumber where it is not a whole number of times a year."""
    if any(times != int(times) for times, _words in factor):
        raise BadNumber(RARE % rest)
    return factor


def _unit(found: re.Match[str]) -> str:
    before = LOOSE.sub("", found["unit"]).strip()
    after = LOOSE.sub("", found["after"]).strip()
    return f"{before} {after}".strip()
