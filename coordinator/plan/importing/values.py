"""What people write where a target belongs: "12 kali", "≥ 90 %", "1,5 jt", "2 kali/triwulan". Pure.

A writing that may mean two numbers is never decided here: `Unclear` carries both readings.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from coordinator.numbers import NOT_A_NUMBER, SEVERAL, BadNumber, number_of, read
from coordinator.plan.document import plain_number
from coordinator.plan.importing.aloud import aloud
from coordinator.spreadsheets.cells import Cell
from coordinator.spreadsheets.marks import Fault

PLACES = Decimal("0.001")  # as targets are kept
LARGEST = Decimal(10) ** 12

NO_RESULT = "Rumus tanpa hasil. Buka di Excel, simpan, lalu unggah lagi; atau tulis angkanya."
ERROR_VALUE = "Sel ini berisi galat rumus (misalnya #REF!). Perbaiki rumusnya atau tulis angkanya."
RANGE = "Berisi rentang. Tulis satu angka saja sebagai target."
TOO_BIG = "Angka terlalu besar untuk sebuah target."

NONE_WORDS = frozenset(
    (
        "", "-", "--", "n/a", "na", "n.a.", "n.a", "...", "#", "*", "tbd", "tidak ada target",
        "tanpa target", "belum ditentukan", "belum ada",
    )
)  # fmt: skip
YES_WORDS = frozenset(
    (
        "ada", "ya", "tersedia", "terlaksana", "selesai", "tersusun", "terbentuk", "terbit",
        "ditetapkan", "yes", "v", "√", "✓", "✔",
    )
)  # fmt: skip
NO_WORDS = frozenset(("tidak", "belum", "no"))
AT_LEAST = ("≥", ">=", ">", "=>", "minimal", "min.", "min", "paling sedikit", "sekurang-kurangnya")
AT_MOST = ("≤", "<=", "<", "=<", "maksimal", "maks.", "maks", "max", "paling banyak", "setinggi")
PLAIN = ("sebanyak", "sejumlah", "=")
RUPIAH = re.compile(r"(?:rp|idr)\.?\s*(?=\d)", re.I)
# "10.000,-" and "10.000,=": how amounts are closed, no unit.
CLOSED = re.compile(r"(?<=\d)[.,]\s*[-=]+(?=\s|$)")
NUMBER = re.compile(r"[-+]?\d[\d.,  ]*")
RANGE_MARK = re.compile(r"\s*(?:-|s\s*/\s*d|s\.?\s?d\.?|sampai(?: dengan)?|hingga)\s*\d")
IN_WORDS = re.compile(r"\([^()\d]*\)")
PERCENT = re.compile(r"%|persen\b", re.IGNORECASE)
TIMES = re.compile(r"x\b", re.I)

THOUSAND, MILLION, BILLION = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
MAGNITUDE = re.compile(r"(?:(?P<word>ribu|rb|juta|jt|milyar|miliar|mlyr|mlr|bn)\b|M\b)\.?\s*")
MAGNITUDES = {
    "ribu": THOUSAND, "rb": THOUSAND, "juta": MILLION, "jt": MILLION, "milyar": BILLION,
    "miliar": BILLION, "mlyr": BILLION, "mlr": BILLION, "bn": BILLION,
}  # fmt: skip
RATE = re.compile(
    r"(?P<unit>.*?)\s*(?:(?:/|\bper\b|\bsetiap\b|\btiap\b|\bdalam satu\b|\bdlm 1\b)\s*|\bse(?=\w))"
    r"(?P<period>bulan|bln|triwulan|tri wulan|tw|kuartal|semester|smt|tahun|thn|th|minggu|mgg|"
    r"pekan|hari)\b\.?(?P<after>.*)",
    re.I,
)
TIMES_A_YEAR = {
    "tahun": 1, "thn": 1, "th": 1, "semester": 2, "smt": 2, "triwulan": 4, "tri wulan": 4, "tw": 4,
    "kuartal": 4, "bulan": 12, "bln": 12,
}  # fmt: skip
NUMBER_WORDS = ("ribuan", "desimal")
LEAST_GROUPED = 10_000  # below it a number is read well without marks
WEEKS = ("minggu", "mgg", "pekan")


@dataclass(frozen=True, slots=True)
class Amount:
    """A target as it was read.

    `is_most` says that less is better ("≤ 5"), `is_word` that it was a word ("ada"), `is_rate` that
    it was so much a month or a quarter, `note` how a writing was read.
    """

    value: Decimal
    unit: str = ""
    is_most: bool = False
    is_word: bool = False
    is_rate: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways in which a writing can be read: a short name of it that is the same for all
    writings of its kind (one answer may be for all), what it says to a person, and the target."""

    value: str
    label: str
    amount: Amount


class Unclear(Exception):
    """A writing can be read in several ways: a person decides. `group` names the kind of doubt."""

    def __init__(self, group: str, text: str, ways: tuple[Way, ...]) -> None:
        super().__init__(text)
        self.group, self.text, self.ways = group, text, ways


def shown_number(value: Decimal) -> str:
    """Return a number as people here write it: 1234,5."""
    return str(plain_number(value)).replace(".", ",")


def readable(value: Decimal) -> str:
    """Return a number with its thousands divided: 1.234,5."""
    whole, point, part = str(plain_number(value)).partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{part}" if point else "")


def target(cell: Cell | None) -> Amount | None:
    """Return a cell's target, or None where it says there is none. Raises BadNumber, Unclear."""
    if cell is None:
        return None
    if cell.fault is not None:
        raise BadNumber(fault_message(cell.fault))
    value = cell.value
    if isinstance(value, bool):
        return Amount(Decimal(int(value)), is_word=True)
    if isinstance(value, Decimal):
        return _kept(value, "%" if cell.is_percent else getattr(cell, "unit", "") or "")
    if isinstance(value, date):
        raise BadNumber(_date_message(value))
    return _of_text(str(value or ""))


def fault_message(fault: Fault) -> str:
    """Return what is said of a cell without a value."""
    return NO_RESULT if fault is Fault.NO_RESULT else ERROR_VALUE


def _date_message(day: date) -> str:
    if day.year in (1899, 1900, 1904):
        return (
            f"Sel ini berformat tanggal ({day:%d/%m/%Y}): Excel menampilkan angka kecil sebagai "
            "tanggal tahun 1900 atau 1904. Ubah format sel menjadi Angka, lalu periksa isinya."
        )
    return (
        f"Sel ini berisi tanggal ({day:%d/%m/%Y}), bukan angka. Excel mengubah tulisan seperti "
        "10-12 menjadi tanggal. Ubah format sel menjadi Angka, lalu tulis ulang."
    )


def _of_text(text: str) -> Amount | None:
    text = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    text = text.replace("−", "-").replace("…", "...").strip().strip("'").strip()
    word = text.casefold().rstrip(".") if text.casefold() not in NONE_WORDS else ""
    if word in NONE_WORDS:
        return None
    if word in YES_WORDS:
        return Amount(Decimal(1), is_word=True)
    if word in NO_WORDS:
        return Amount(Decimal(0), is_word=True)
    if word == "nihil":
        return Amount(Decimal(0))
    written = " ".join(text.split())
    text = CLOSED.sub("", IN_WORDS.sub(" ", text)).strip()
    is_most, text = _bound(text)
    bare = RUPIAH.sub("", text, count=1) if RUPIAH.match(text) else text
    is_money, text = bare != text, bare
    found = NUMBER.match(text)
    if not found:
        raise BadNumber(NOT_A_NUMBER)
    number = found[0].strip().rstrip(".,")
    rest = text[len(found[0].rstrip()) :] if found[0].strip() == number else text[len(number) :]
    if RANGE_MARK.match(rest):
        raise BadNumber(RANGE)
    ways = _ways(number, rest.strip(" .,*"), written, is_money=is_money)
    kept = tuple(replace(way, amount=replace(way.amount, is_most=is_most)) for way in ways)
    if len(kept) == 1:
        return kept[0].amount
    group = "rate" if kept[0].amount.is_rate else "number"
    raise Unclear(group, f"“{written}” dapat dibaca dengan beberapa cara.", kept)


def _ways(number: str, rest: str, written: str, *, is_money: bool) -> list[Way]:
    """Return all the ways to read a number with what stands behind it. Raises BadNumber."""
    numbers = _numbers(number)
    factors, rest = _magnitude(rest)
    times, unit = _rate(rest)
    if re.search(r"\d", unit):
        raise BadNumber(SEVERAL)
    unit = " ".join(unit.strip(" .,;:*-").split())
    if PERCENT.match(unit):
        unit, times = "%", [(Decimal(1), "")]
    elif TIMES.fullmatch(unit):
        unit = "kali"
    unit = unit or ("rupiah" if is_money else "")
    ways: list[Way] = []
    is_rate = any(factor != 1 for factor, _words in times)
    for (value, word), (factor, name), (count, words) in itertools.product(numbers, factors, times):
        amount = _kept(value * factor * count, unit)
        note = "" if word in NUMBER_WORDS else word
        said = f"{readable(amount.value)} {unit}".strip()
        if factor != 1 or count != 1:
            note = f"“{written}” dibaca {said}{' setahun' if count != 1 else ''}."
        hint = ", ".join(text for text in (name, words) if text)
        if word in NUMBER_WORDS:
            # "1.234" beside "1,234" is misread: no mark in thousands, and both in words.
            plain = shown_number(amount.value) if amount.value < LEAST_GROUPED else ""
            said = f"{plain or readable(amount.value)} {unit}".strip()
            hint = ", ".join(filter(None, (aloud(amount.value), hint)))
        label = said + (f" ({hint})" if hint else "")
        ways.append(
            Way(
                _word_of(word, name, count, words),
                label,
                replace(amount, note=note or amount.note, is_rate=is_rate),
            )
        )
    return ways


def _word_of(word: str, name: str, count: Decimal, words: str) -> str:
    """Return the name of a way to read: the same for every writing of its kind."""
    parts = [word] if word in NUMBER_WORDS else []
    parts += [name.removeprefix("M = ")] if name else []
    parts += [f"x{int(count)}"] if words else []
    return "-".join(parts)


def _numbers(number: str) -> list[tuple[Decimal, str]]:
    """Return what a number may be: "1,234" is a thousand abroad and a little more than one here."""
    readings = read(number).readings if "," in number else ()
    if len(readings) > 1:
        return list(zip(sorted(readings, key=abs, reverse=True), NUMBER_WORDS, strict=True))
    return [number_of(number)]


def _magnitude(rest: str) -> tuple[list[tuple[Decimal, str]], str]:
    """Return by what a number is multiplied ("jt": a million), and what stands behind that."""
    found = MAGNITUDE.match(
        rest[:1] if rest[:1] == "M" and rest[1:2] in ("", " ") else rest.lower()
    )
    if not found:
        return [(Decimal(1), "")], rest
    behind = rest[found.end() :].strip(" .,")
    if found["word"]:
        return [(MAGNITUDES[found["word"]], "")], behind
    return [(BILLION, "M = miliar"), (MILLION, "M = juta")], behind


def _rate(rest: str) -> tuple[list[tuple[Decimal, str]], str]:
    """Return how often a year that is ("per bulan": 12 times), and the unit without it."""
    found = RATE.fullmatch(rest)
    if not found:
        return [(Decimal(1), "")], rest
    unit = f"{found['unit']} {found['after'].strip()}".strip()
    period = found["period"].lower()
    if period in TIMES_A_YEAR:
        return [(Decimal(TIMES_A_YEAR[period]), "")], unit
    if period in WEEKS:
        return [
            (Decimal(52), "52 minggu setahun"),
            (Decimal(48), "4 minggu sebulan"),
            (Decimal(1), "angka setahun"),
        ], unit
    return [
        (Decimal(365), "365 hari setahun"),
        (Decimal(1), "angka setahun"),
    ], unit


def rate_of(unit: str) -> tuple[int, str]:
    """Return how many times a year a column of units means ("laporan per bulan": 12), and the unit
    without it; 1 where it means none, 0 where nobody can tell."""
    times, bare = _rate(unit.strip())
    return (int(times[0][0]), bare) if len(times) == 1 else (0, bare)


def _bound(text: str) -> tuple[bool, str]:
    folded = text.casefold()
    for words, is_most in ((AT_LEAST, False), (AT_MOST, True), (PLAIN, False)):
        for word in words:
            if folded.startswith(word):
                return is_most, text[len(word) :].lstrip(" :")
    return False, text


def _kept(value: Decimal, unit: str) -> Amount:
    if abs(value) >= LARGEST:
        raise BadNumber(TOO_BIG)
    kept = value.quantize(PLACES)
    note = "" if kept == value else f"Dibulatkan menjadi {readable(kept)}."
    return Amount(plain_number(kept), unit, note=note)
