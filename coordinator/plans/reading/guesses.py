"""What a plan of our own needs and a matrix does not say: kinds, units, questions, ids. Pure."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind, PlanKind
from coordinator.plans.reading.columns import YEAR, folded
from coordinator.plans.reading.shapes import GuessedPlan
from coordinator.plans.reading.values import Amount

W = TypeVar("W", bound=StrEnum)

LONGEST_SLUG = 60
LONGEST_KEY = 120
STATES = re.compile(r"\b(?:rata rata|rasio|indeks|prevalensi|cakupan|tingkat|angka)\b")
FALLING = re.compile(
    r"\b(?:turun|penurunan|menurun|menurunnya|berkurang|berkurangnya|pengurangan)\b"
)
PERCENT_NAME = re.compile(r"(?:persentase|persen|proporsi)\b")
YEARS = re.compile(rf"({YEAR.pattern})\s*(?:-|–|—|/|s\.?d\.?|sampai|hingga)\s*({YEAR.pattern})")
ALONE = re.compile(rf"(?<!\d){YEAR.pattern}(?!\d)")
NAME_MARKS = re.compile(r"[_\s]+")
LONGEST_PLAN = 30  # years
UNKNOWN_UNIT = "angka"


@dataclass(frozen=True, slots=True)
class MeasureGuess:
    """How an indicator is measured, as far as its words and targets tell; `doubt` says what a
    person should look at."""

    kind: IndicatorKind
    unit: str
    better: Better
    accumulation: Accumulation
    doubt: str = ""


def is_percent(unit: str) -> bool:
    """Return whether a unit is percent."""
    return unit.casefold().strip() in ("%", "persen", "persentase", "percent")


def measure(name: str, unit: str, amounts: Collection[Amount], columns: int) -> MeasureGuess:
    """Return how an indicator is measured.

    `unit` as its column says ("" where it does not); `columns` is how many years have a target
    column: something that is there once, in one of several years, is a milestone.
    """
    words = folded(name)
    unit = unit or next((amount.unit for amount in amounts if amount.unit), "")
    is_word = bool(amounts) and all(amount.is_word for amount in amounts)
    if is_percent(unit) or (not unit and PERCENT_NAME.match(words)):
        kind, unit = IndicatorKind.PERCENT, unit or "%"
    elif folded(unit) in ("ya tidak", "ya atau tidak") or (is_word and not unit):
        once = is_word and len(amounts) == 1 and columns > 1
        kind, unit = (IndicatorKind.MILESTONE if once else IndicatorKind.YES_NO), "ya/tidak"
    else:
        kind = IndicatorKind.NUMBER
    is_most = any(amount.is_most for amount in amounts)
    adds_up = kind is IndicatorKind.NUMBER and not is_most and not STATES.search(words)
    doubt = ""
    if not unit:
        unit = UNKNOWN_UNIT
        doubt = f"Satuan tidak tertulis; dipakai “{UNKNOWN_UNIT}”."
    if FALLING.search(words) and not is_most:
        doubt = "Periksa arahnya: dianggap makin besar makin baik."
    if kind is IndicatorKind.PERCENT and amounts and all(a.value == 1 for a in amounts):
        doubt = "Target persen ini 1. Periksa: dibaca 1 persen, bukan 100 persen."
    return MeasureGuess(
        kind,
        unit[:60],
        Better.DOWN if is_most else Better.UP,
        Accumulation.CUMULATIVE if adds_up else Accumulation.PER_PERIOD,
        doubt,
    )


def question(name: str, kind: IndicatorKind) -> str:
    """Return the question a report asks where the file has none."""
    plain = name.strip().rstrip(".?")
    first = plain[:1].lower() + plain[1:] if plain[1:2].islower() else plain
    if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return f"Apakah sudah tercapai: {first}?"[:2000]
    if re.match(r"(?:jumlah|persentase|persen|rata-rata|rasio|cakupan|tingkat)\b", first):
        return f"Berapa {first}?"[:2000]
    if kind is IndicatorKind.PERCENT:
        return f"Berapa persen {first}?"[:2000]
    return f"Berapa capaian: {first}?"[:2000]


def slug(text: str, longest: int = LONGEST_SLUG) -> str:
    """Return text as a key: lower case, digits and hyphens; "aksi" where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    made = ""
    for word in words:
        if made and len(made) + 1 + len(word) > longest:
            break
        made = f"{made}-{word}" if made else word[:longest]
    return made or "aksi"


def unused(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Return a key, with a number behind it where it is taken."""
    wanted = wanted[:LONGEST_KEY].rstrip("-")
    made, number = wanted, 1
    while is_taken(made):
        number += 1
        made = f"{wanted[: LONGEST_KEY - 6].rstrip('-')}-{number}"
    return made


def guessed_plan(titles: Collection[str], years: Collection[int], name: str) -> GuessedPlan:
    """Return what plan a matrix seems to be: its kind and years as its title says, else as its
    columns of targets or the file's name do. What none of them says stays empty."""
    lines = [line for line in titles if len(line) > 3]
    title = " ".join(lines)[:300].strip()
    plain_name = NAME_MARKS.sub(" ", name.rpartition(".")[0] or name).strip()
    kind = next(filter(None, map(kind_in, (title, plain_name))), None)
    # One year alone in a title may be that of a decree: the columns go before it.
    spans = (
        _span(title),
        _of_columns(years),
        _span(plain_name),
        _single(title),
        _single(plain_name),
    )
    first, last = next(filter(None, spans), (None, None))
    return GuessedPlan(title=title or plain_name, kind=kind, first_year=first, last_year=last)


def kind_in(text: str) -> PlanKind | None:
    """Return whether a title names a national or a regional plan; None if it names neither, or
    both."""
    words = f" {folded(text)} "
    national = any(word in words for word in (" ran ", " rencana aksi nasional "))
    regional = any(word in words for word in (" rad ", " rencana aksi daerah "))
    if national == regional:
        national, regional = " nasional " in words, " daerah " in words or " provinsi " in words
    if national == regional:
        return None
    return PlanKind.RAN if national else PlanKind.RAD


def _span(text: str) -> tuple[int, int] | None:
    found = YEARS.search(text)
    return _of_columns((int(found[1]), int(found[2]))) if found else None


def _single(text: str) -> tuple[int, int] | None:
    years = set(map(int, ALONE.findall(text)))
    return _of_columns(years) if len(years) == 1 else None


def _of_columns(years: Collection[int]) -> tuple[int, int] | None:
    if not years or max(years) - min(years) > LONGEST_PLAN:
        return None
    return min(years), max(years)


def word_key(text: str, words: Mapping[W, Collection[str]]) -> W | None:
    """Return the key that a word of our template means."""
    fold = folded(text)
    return next((key for key, names in words.items() if fold in map(folded, names)), None)
