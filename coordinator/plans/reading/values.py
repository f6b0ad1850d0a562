"""What people write where a target belongs: "12 kali", "≥ 90 %", "1,5 jt", "2 kali/triwulan". Pure.

A writing that may mean two numbers is never decided here: `Unclear` carries both readings.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from coordinator.numbers import NOT_A_NUMBER, SEVERAL, BadNumber, number_of, read
from coordinator.plans.reading import factors
from coordinator.plans.reading.number_words import from_words, in_words
from coordinator.platform.spreadsheets.cells import Cell
from coordinator.platform.spreadsheets.marks import Fault
from coordinator.platform.versioned_documents.format import plain_number

PLACES = Decimal("0.001")  # as targets are kept
LARGEST = Decimal(10) ** 12

NO_RESULT = "Rumus tanpa hasil. Buka di Excel, simpan, lalu unggah lagi; atau tulis angkanya."
ERROR_VALUE = "Sel ini berisi galat rumus (misalnya #REF!). Perbaiki rumusnya atau tulis angkanya."
RANGE = "Berisi rentang. Tulis satu angka saja sebagai target."
TOO_BIG = "Angka terlalu besar untuk sebuah target."
NEGATIVE = "Target tidak boleh di bawah nol. Hapus tanda minusnya, atau tulis - bila tanpa target."
FRACTION = "Berisi pecahan (%s). Tulis dengan koma, misalnya 0,5."
ABOUT_THAT = "Berisi angka kira-kira. Tulis satu angka yang pasti sebagai target."
OTHER_WORDS = "Angka dan tulisannya berbeda: %s, tetapi “%s”. Betulkan salah satunya."
FOOTNOTE = "Tanda catatan kaki “%s” pada “%s” tidak dibaca."
NOT_READ = "“%s” tidak dibaca sebagai bagian target."

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
IN_WORDS = re.compile(r"\(([^()\d]*)\)")
PERCENT = re.compile(r"%|persen\b", re.IGNORECASE)
TIMES = re.compile(r"x\b", re.I)
POWER = re.compile(r"\b[ckdhm]?m[23]\b", re.I)  # m2, km2
ABOUT = re.compile(
    r"(?:±|~|≈|\+\s*/?\s*-|sekitar|kira-kira|kurang lebih|lebih kurang|k\.?\s?l\.?)\s*(?=\d|$)",
    re.I,
)
NUMBER_WORDS = ("ribuan", "desimal")
LEAST_GROUPED = 10_000  # below it a number is read well without marks


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
    scale: Decimal = Decimal(1)
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
        return _kept(value, "%") if cell.is_percent else _of_number(value, cell)
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


def _of_number(value: Decimal, cell: Cell) -> Amount:
    """Return a number with what its format writes around it, as if it were written as text."""
    if ABOUT.match(cell.before):
        raise BadNumber(ABOUT_THAT)
    is_most, before = _bound(cell.before)
    is_money = RUPIAH.match(f"{before} 0") is not None
    written = " ".join(filter(None, (cell.before, shown_number(value), cell.unit)))
    return _decided(_ways([(value, "")], cell.unit, written, is_money=is_money), written, is_most)


def _of_text(text: str) -> Amount | None:  # noqa: C901
    text, marks = _unmarked(text)
    text = text.replace("–", "-").replace("—", "-")
    text = text.replace("−", "-").replace("…", "...").strip().strip("'").strip()
    word = text.casefold().rstrip(".") if text.casefold() not in NONE_WORDS else ""
    if word in NONE_WORDS:
        if marks and not text:
            raise BadNumber(NOT_A_NUMBER)
        return None
    if word in YES_WORDS:
        return Amount(Decimal(1), is_word=True)
    if word in NO_WORDS:
        return Amount(Decimal(0), is_word=True)
    if word == "nihil":
        return Amount(Decimal(0))
    written = " ".join(text.split())
    notes = [FOOTNOTE % (marks, written)] if marks else []
    text, spoken, aside = _brackets(text)
    notes += [NOT_READ % one for one in aside]
    text = CLOSED.sub("", text).strip()
    if ABOUT.match(text):
        raise BadNumber(ABOUT_THAT)
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
    rest = rest.strip(" .,*")
    every = factors.once(number, rest)
    if every is None:
        ways = _ways(_numbers(number), rest, written, is_money=is_money)
    else:
        ways = _ways([(Decimal(1), "")], every[1], written, is_money=is_money, times=every[0])
    amounts = {way.amount.value for way in ways} | {
        way.amount.value / way.amount.scale for way in ways
    }
    for value, words in spoken:
        if value not in amounts | {one for one, _word in _numbers(number)}:
            raise BadNumber(OTHER_WORDS % (number, words))
    return _decided(ways, written, is_most, notes)


def _decided(ways: list[Way], written: str, is_most: bool, notes: Sequence[str] = ()) -> Amount:
    """Return the one way to read a writing. Raises Unclear where there are several."""
    kept = tuple(
        replace(
            way,
            amount=replace(
                way.amount, is_most=is_most, note=" ".join(filter(None, (*notes, way.amount.note)))
            ),
        )
        for way in ways
    )
    if len(kept) == 1:
        return kept[0].amount
    group = "rate" if any(way.amount.is_rate for way in kept) else "number"
    raise Unclear(group, f"“{written}” dapat dibaca dengan beberapa cara.", kept)


def _unmarked(text: str) -> tuple[str, str]:
    """Return a text without its footnote marks (5¹, 12⁽²⁾, 7①), and these marks; the powers of
    m² and m³ stay. Raises BadNumber where there is a fraction such as ½."""
    kept, marks = "", ""
    for char in text:
        kind = unicodedata.decomposition(char).partition(">")[0]
        if kind == "<fraction":
            raise BadNumber(FRACTION % char)
        plain = unicodedata.normalize("NFKC", char)
        is_digit = any(one.isdigit() for one in plain)
        is_mark = kind in ("<super", "<sub", "<circle") or (kind == "<compat" and is_digit)
        if not is_mark or (char in "²³" and POWER.search(kept.rpartition(" ")[2] + plain)):
            kept += plain
        else:
            marks += char
    return kept, marks


def _brackets(text: str) -> tuple[str, list[tuple[Decimal, str]], list[str]]:
    """Return a text with what its brackets say put in its place, the numbers that they spell ("12
    (dua belas)"), and what in them is no part of an amount."""
    spoken: list[tuple[Decimal, str]] = []
    aside: list[str] = []
    is_bare = not re.search(r"[^\W\d_]|%", IN_WORDS.sub("", text))

    def put(found: re.Match[str]) -> str:
        value, rest = from_words(found[1])
        if value is not None:
            spoken.append((value, found[1].strip()))
        if not rest or is_bare or factors.is_factor(rest) or PERCENT.fullmatch(rest):
            return f" {rest} "
        aside.append(found[0])
        return " "

    return IN_WORDS.sub(put, text), spoken, aside


def _ways(
    numbers: list[tuple[Decimal, str]],
    rest: str,
    written: str,
    *,
    is_money: bool,
    times: factors.Factor | None = None,
) -> list[Way]:
    """Return all the ways to read a number with the text after it. Raises BadNumber."""
    scales, rest = factors.magnitude(rest)
    if PERCENT.match(rest):
        times, unit = factors.ONE, "%"
    elif times is None:
        times, unit = factors.rate(rest)
    else:
        unit = rest
    if re.search(r"\d", POWER.sub("", unit)):
        raise BadNumber(SEVERAL)
    unit = " ".join(unit.strip(" .,;:*-").split())
    if PERCENT.match(unit):
        unit, times = "%", factors.ONE
    elif TIMES.fullmatch(unit):
        unit = "kali"
    unit = unit or ("rupiah" if is_money else "")
    ways: list[Way] = []
    is_rate = any(factor != 1 for factor, _words in times)
    for (value, word), (factor, name), (count, words) in itertools.product(numbers, scales, times):
        amount = _kept(value * factor * count, unit)
        note = "" if word in NUMBER_WORDS else word
        said = f"{readable(amount.value)} {unit}".strip()
        if factor != 1 or count != 1:
            note = f"“{written}” dibaca {said}{' setahun' if count != 1 else ''}."
        hint = ", ".join(text for text in (name, words) if text)
        if word in NUMBER_WORDS:
            # "1.234" next to "1,234" is misread: no mark in thousands, and both in words.
            plain = shown_number(amount.value) if amount.value < LEAST_GROUPED else ""
            said = f"{plain or readable(amount.value)} {unit}".strip()
            hint = ", ".join(filter(None, (in_words(amount.value), hint)))
        label = said + (f" ({hint})" if hint else "")
        amount = replace(amount, note=note or amount.note, is_rate=is_rate, scale=factor)
        ways.append(Way(_word_of(word, name, count, words), label, amount))
    return ways


def _word_of(word: str, name: str, count: Decimal, words: str) -> str:
    """Return the name of a way to read: the same for every writing of its kind."""
    parts = [word] if word in NUMBER_WORDS else []
    parts += [name.partition(" = ")[2]] if name else []
    parts += [f"x{int(count)}"] if words else []
    return "-".join(parts)


def _numbers(number: str) -> list[tuple[Decimal, str]]:
    """Return what a number may be: "1,234" is a thousand abroad and a little more than one here."""
    readings = read(number).readings if "," in number else ()
    if len(readings) > 1:
        return list(zip(sorted(readings, key=abs, reverse=True), NUMBER_WORDS, strict=True))
    return [number_of(number)]


def _bound(text: str) -> tuple[bool, str]:
    folded = text.casefold()
    for words, is_most in ((AT_LEAST, False), (AT_MOST, True), (PLAIN, False)):
        for word in words:
            if folded.startswith(word):
                return is_most, text[len(word) :].lstrip(" :")
    return False, text


def _kept(value: Decimal, unit: str) -> Amount:
    if value < 0:
        raise BadNumber(NEGATIVE)
    if value >= LARGEST:
        raise BadNumber(TOO_BIG)
    kept = value.quantize(PLACES)
    note = "" if kept == value else f"Dibulatkan menjadi {readable(kept)}."
    return Amount(plain_number(kept), unit, note=note)
