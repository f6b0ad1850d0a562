"""What people write where a target belongs: "12 kali", "≥ 90 %", "1.234,5", "-", "ada". Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from coordinator.numbers import NOT_A_NUMBER, SEVERAL, BadNumber, number_of
from coordinator.plan.document import plain_number
from coordinator.spreadsheets.cells import Cell
from coordinator.spreadsheets.marks import Fault

# What stands in a cell is no target; the message says why.
BadValue = BadNumber

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
NUMBER = re.compile(r"[-+]?\d[\d.,  ]*")
RANGE_MARK = re.compile(r"\s*(?:-|s\s*/\s*d|s\.?\s?d\.?|sampai(?: dengan)?|hingga)\s*\d")
IN_WORDS = re.compile(r"\([^()\d]*\)")
PERCENT = re.compile(r"%|persen\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A target as it was read.

    `is_most` says that less is better ("≤ 5"), `is_word` that it was a word ("ada"), `note` how an
    unclear number was read.
    """

    value: Decimal
    unit: str = ""
    is_most: bool = False
    is_word: bool = False
    note: str = ""


def shown_number(value: Decimal) -> str:
    """Return a number as people here write it: 1234,5."""
    return str(plain_number(value)).replace(".", ",")


def target(cell: Cell | None) -> Amount | None:
    """Return a cell's target, or None where it says there is none. Raises BadValue."""
    if cell is None:
        return None
    if cell.fault is not None:
        raise BadValue(fault_message(cell.fault))
    value = cell.value
    if isinstance(value, bool):
        return Amount(Decimal(int(value)), is_word=True)
    if isinstance(value, Decimal):
        return _kept(value, "%" if cell.is_percent else "")
    if isinstance(value, date):
        raise BadValue(_date_message(value))
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
    text = IN_WORDS.sub(" ", text).strip()
    is_most, text = _bound(text)
    found = NUMBER.match(text)
    if not found:
        raise BadValue(NOT_A_NUMBER)
    number = found[0].strip().rstrip(".,")
    rest = text[len(found[0].rstrip()) :] if found[0].strip() == number else text[len(number) :]
    if RANGE_MARK.match(rest):
        raise BadValue(RANGE)
    rest = rest.strip(" .,*")
    if re.search(r"\d", rest):
        raise BadValue(SEVERAL)
    value, note = number_of(number)
    unit = "%" if PERCENT.match(rest) else " ".join(rest.split())
    amount = _kept(value, unit)
    return Amount(amount.value, unit, is_most, note=note or amount.note)


def _bound(text: str) -> tuple[bool, str]:
    folded = text.casefold()
    for words, is_most in ((AT_LEAST, False), (AT_MOST, True), (PLAIN, False)):
        for word in words:
            if folded.startswith(word):
                return is_most, text[len(word) :].lstrip(" :")
    return False, text


def _kept(value: Decimal, unit: str) -> Amount:
    if abs(value) >= LARGEST:
        raise BadValue(TOO_BIG)
    kept = value.quantize(PLACES)
    note = "" if kept == value else f"Dibulatkan menjadi {shown_number(kept)}."
    return Amount(plain_number(kept), unit, note=note)
