"""Which target a column holds: whose, of which year, and which part of the year. Pure.

Parts are months (M01), quarters (Q1), halves (S1) and the labels B03, B06, B09, B12 of reports.
"""

import re
from collections.abc import Sequence
from enum import StrEnum, auto
from typing import NamedTuple

from coordinator.plans.actions.rules import TargetLevel
from coordinator.plans.reading.columns import YEAR, folded

WORDS_OF_LEVELS: dict[TargetLevel, tuple[str, ...]] = {
    TargetLevel.NATIONAL: ("nasional", "pusat"),
    TargetLevel.PROVINCE: ("provinsi", "prov"),
    TargetLevel.DISTRICT: ("kabupaten kota", "kab kota", "kabupaten", "kota"),
}
TARGET_WORDS = frozenset(("target", "targets", "target capaian", "sasaran", "tahun", "th", "thn"))
# The lowest heading over the figure, and over the money next to it.
FIGURE = frozenset(("k", "kinerja", "fisik", "volume", "vol", "output", "target", "targets"))
MONEY = frozenset(("anggaran", "pagu", "dana", "biaya", "rp", "rupiah", "budget", "pendanaan"))
DONE = frozenset(("realisasi", "baseline", "capaian"))
SCHEDULE = frozenset(("waktu", "jadwal", "pelaksanaan", "jangka"))
STATES = ("kondisi awal", "kondisi akhir", "data dasar")
MOST_WORDS = 8

MONTHS = (
    ("januari", "jan"), ("februari", "pebruari", "feb", "peb"), ("maret", "mar"), ("april", "apr"),
    ("mei",), ("juni", "jun"), ("juli", "jul"), ("agustus", "agu", "agt", "ags", "agst"),
    ("september", "sept", "sep"), ("oktober", "okt"), ("november", "nopember", "nov", "nop"),
    ("desember", "des"),
)  # fmt: skip
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
MONTH = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTER = re.compile(r"\b(?:tri ?wulan|tw|kuartal|quarter|q) ?(iv|iii|ii|i|[1-4])\b")
HALF = re.compile(r"\b(?:semester|smt|sem) ?(ii|i|1|2)\b")
LABEL = re.compile(r"\bb ?(0?[1-9]|1[0-2])\b")
MONTH_NUMBER = re.compile(r"\b(?:bulan|bln) ?(?:ke )?(0?[1-9]|1[0-2])\b")
NUMBERED_YEAR = re.compile(
    r"(?:target )?(?:tahun|thn|th)(?: ke)? ?"
    r"(?:[ivx]{1,4}|\d{1,2}|pertama|kesatu|kedua|ketiga|keempat|kelima)"
)
GROUPS = ((re.compile(r"\b(?:tri ?wulan|tw|kuartal)$"), "Q"), (re.compile(r"\bsemester$"), "S"))
PART = re.compile(r"M(?:0[1-9]|1[0-2])|Q[1-4]|S[12]|B(?:0[1-9]|1[0-2])")


class Slot(NamedTuple):
    """Whose target it is (None: everybody's), its year, and the part of it ("": the whole)."""

    level: TargetLevel | None
    year: int
    part: str = ""

    @property
    def month(self) -> int:
        """The last month of the part: targets of a year are in this order."""
        number = int(self.part[1:] or 0) if self.part else 12
        return number * {"Q": 3, "S": 6}.get(self.part[:1], 1)


class SkipReason(StrEnum):
    """Why a column is left aside."""

    MONEY = auto()
    DONE = auto()
    YEARS = auto()
    NO_YEAR = auto()
    TITLE_YEAR = auto()  # not left aside: its year is in the title above
    TWICE = auto()
    NOT_OURS = auto()
    RIVAL = auto()  # one of several columns of the same target, each for something else


class Named(NamedTuple):
    """What a header says of targets: the field, whether that is sure, why it is left aside."""

    field: str | None
    is_sure: bool
    why: SkipReason | None = None


def target_field(slot: Slot) -> str:
    """Return the field of a column of targets."""
    level = f"{slot.level.value}:" if slot.level else ""
    return f"target:{level}{slot.year}" + (f"/{slot.part}" if slot.part else "")


def parse_target_field(name: str) -> Slot | None:
    """Return what `target:2026`, `target:province:2026` or `target:2026/Q1` is, or None."""
    word, _colon, rest = name.partition(":")
    level, _colon, year = rest.rpartition(":")
    year, slash, part = year.partition("/")
    if word != "target" or not YEAR.fullmatch(year) or (slash and not PART.fullmatch(part)):
        return None
    try:
        return Slot(TargetLevel(level) if level else None, int(year), part)
    except ValueError:
        return None


def part_label(part: str) -> str:
    """Return a part of a year as people call it: TW II, Semester 1, Mar, B06."""
    number = int(part[1:])
    if part[0] == "M":
        return MONTH_NAMES[number - 1]
    if part[0] == "Q":
        return f"TW {('I', 'II', 'III', 'IV')[number - 1]}"
    return f"Semester {number}" if part[0] == "S" else part


def target_label(level: TargetLevel | None, year: int, part: str = "") -> str:
    """Return the header of a column of targets, as the template writes it."""
    words = {
        TargetLevel.NATIONAL: "nasional",
        TargetLevel.PROVINCE: "provinsi",
        TargetLevel.DISTRICT: "kabupaten/kota",
    }
    label = f"Target {words[level]} {year}" if level else f"Target {year}"
    return f"{label} {part_label(part)}" if part else label


def named(parts: Sequence[str], only_year: int | None) -> Named | None:
    """Return what a header of several rows says of targets; None where it is none of them.

    `parts` are the header's rows, the highest first; `only_year` is the one year that the rows
    above the header name.
    """
    folds = [folded(part) for part in parts]
    words = " ".join(folds)
    level = _level(words)
    part = part_of(folds)
    is_figure = folds[-1] in FIGURE
    plain = words.replace("target capaian", "target")
    is_target = is_figure or bool(TARGET_WORDS & set(plain.split()))
    years = _years(folds)
    if not years and NUMBERED_YEAR.fullmatch(folds[-1]) and not DONE & set(plain.split()):
        return Named(None, False, SkipReason.NO_YEAR)  # "Tahun III" of the plan: which is not said
    if len(parts) > 1 and folds[-1] in MONEY:
        return Named(None, True, SkipReason.MONEY)
    if not (years or part or words in TARGET_WORDS or (is_target and len(parts) > 1)):
        return None
    if any(state in plain for state in STATES) or DONE & set(plain.split()):
        return Named(None, True, SkipReason.DONE)
    if part and SCHEDULE & set(plain.split()) and not is_target:
        return Named(None, True, SkipReason.NOT_OURS)  # months that are ticked, not counted
    # "Target Kinerja dan Anggaran (2026)" over "K" and "Rp": the lowest row says which is which.
    if MONEY & set(folds[-1].split()) or (MONEY & set(plain.split()) and not is_figure):
        return Named(None, True, SkipReason.MONEY)
    if len(years) > 1:
        return Named(None, True, SkipReason.YEARS) if is_target else None
    if not years:
        return _without_year(words, level, part, only_year, is_target=is_target)
    if not is_target and not part and len(folded(parts[-1]).split()) > MOST_WORDS:
        return None
    is_alone = YEAR.fullmatch(words) is not None
    return Named(
        target_field(Slot(level, years[0], part)), bool(part) or (is_target and not is_alone)
    )


def _without_year(
    words: str, level: TargetLevel | None, part: str, only_year: int | None, *, is_target: bool
) -> Named | None:
    if words in ("sasaran", "tahun") or not (part or is_target):
        return None
    if part and not is_target and len(words.split()) > 2:
        return None
    if only_year is None:
        return Named(None, False, SkipReason.NO_YEAR)
    return Named(target_field(Slot(level, only_year, part)), False, SkipReason.TITLE_YEAR)


def _years(folds: Sequence[str]) -> list[int]:
    """Return the years of the lowest row that names one."""
    for fold in reversed(folds):
        found = re.findall(rf"(?<!\d){YEAR.pattern}(?!\d)", fold)
        if found:
            return sorted({int(year) for year in found})
    return []


def _level(words: str) -> TargetLevel | None:
    return next(
        (
            level
            for level, names in WORDS_OF_LEVELS.items()
            if any(re.search(rf"\b{name}\b", words) for name in names)
        ),
        None,
    )


def part_of(folds: Sequence[str]) -> str:
    """Return the part of a year that the rows of a header name, the lowest first; "" for none."""
    for place in range(len(folds) - 1, -1, -1):
        fold = folds[place]
        if found := QUARTER.search(fold):
            return f"Q{ROMAN.get(found[1]) or int(found[1])}"
        if found := HALF.search(fold):
            return f"S{ROMAN.get(found[1]) or int(found[1])}"
        if found := LABEL.search(fold):
            return f"B{int(found[1]):02}"
        if found := MONTH_NUMBER.search(fold):
            return f"M{int(found[1]):02}"
        months = [MONTH[word] for word in fold.split() if word in MONTH]
        if len(months) == 1:
            return f"M{months[0]:02}"
        for group, letter in GROUPS:
            above = folds[place - 1] if place else ""
            number = ROMAN.get(fold) or (int(fold) if fold in ("1", "2", "3", "4") else 0)
            if number and group.search(above) and (letter == "Q" or number <= 2):
                return f"{letter}{number}"
    return ""
