"""Which strategy each action belongs to: its number, its title, and what the file calls it."""

import re
from collections.abc import Mapping

from coordinator.plans.reading.codes import title_of
from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.raw import PlacedText, Raw, RawAction, RawStrategy
from coordinator.plans.reading.shapes import Field, Option
from coordinator.plans.reading.sheet_context import SheetContext
from coordinator.plans.reading.writings import numbered, ordinal
from coordinator.platform.yaml_files import shown

ONLY_STRATEGY = 1
BAND, COLUMN = "band", "column"

TWO_TITLES = "Strategi {} punya dua judul yang berbeda."
NO_STRATEGY_TITLE = "Judul strategi {0} tidak ditemukan; ditulis “Strategi {0}”."
TWO_STRATEGIES = (
    "Baris judul di atasnya menyebut strategi “%s”, kolom Strategi menulis “%s”. Mana strateginya?"
)


class Strategies:
    """Takes in the strategies of one sheet.

    A title across the table and a column in its rows may name two: then a person says which it is,
    unless the plan in force has one of them. Until then the title counts, with its number.
    """

    def __init__(self, raw: Raw, given: SheetContext, titles: Mapping[int, str]) -> None:
        """`titles`: strategies' titles by number from elsewhere in the file."""
        self.raw, self.given = raw, given
        base = given.known.base
        self._before = {part.number: part.title for part in base.strategies} if base else {}
        self.titles = given.shared.titles
        for number, title in titles.items():
            self.titles.setdefault(number, title)
        self._waiting: set[int] = set()
        self._places = [self._meant(place) for place in range(len(raw.strategies))]
        self.numbers = self._numbered()

    def _meant(self, place: int) -> int:
        """Return the strategy that one is: itself, or the title above it."""
        strategy = self.raw.strategies[place]
        if strategy.under < 0:
            return place
        band = self.raw.strategies[strategy.under]
        known = {folded(title) for title in self._before.values()}
        is_known = [folded(one.title) in known for one in (band, strategy)]
        if any(is_known) and not all(is_known):
            return strategy.under if is_known[0] else place
        answer = self.given.choose(
            "strategy",
            TWO_STRATEGIES % (shown(band.written), shown(strategy.written)),
            [
                Option(value=BAND, label=f"Judul di atas: {shown(band.written)}"),
                Option(value=COLUMN, label=f"Kolom Strategi: {shown(strategy.written)}"),
            ],
            (strategy.row, strategy.column),
            written=strategy.written,
        )
        if not answer:
            self._waiting.add(place)
        return place if answer == COLUMN else strategy.under

    def _numbered(self) -> list[int]:
        """Return the number of each strategy found.

        It is its own, that of the same strategy in the plan in force, that of the title above it,
        or the next that is free.
        """
        taken = self.given.shared.numbers
        taken |= {strategy.number for strategy in self.raw.strategies if strategy.number}
        known = {folded(title): number for number, title in self._before.items()}
        used = {self._places[one.strategy] for one in self.raw.actions if one.strategy >= 0}
        made: dict[str, int] = {}
        numbers: list[int] = []
        for place, strategy in enumerate(self.raw.strategies):
            title = folded(strategy.title)
            number = strategy.number or known.get(title, 0)
            if not strategy.number and number in taken:
                number = 0
            if not number and self._places[place] == place and strategy.under >= 0:
                number = made.get(title, 0) or self._of_band(place, used)
            if not number:
                number = next(n for n in range(1, 100_000) if n not in taken)
            if self._places[place] == place:
                taken.add(number)
                made.setdefault(title, number)
            numbers.append(number)
        return numbers

    def _of_band(self, place: int, used: set[int]) -> int:
        """Return the number of the title above, where only this one of the column is under it."""
        band = self.raw.strategies[place].under
        others = {one for one in used if one == band or self.raw.strategies[one].under == band} - {
            place
        }
        return 0 if others else self.raw.strategies[band].number

    def take(self) -> None:
        """Take in the strategies that the sheet names, in its order."""
        titles, faults = self.titles, self.given.faults
        taken_over = {
            one.under
            for place, one in enumerate(self.raw.strategies)
            if one.under >= 0
            and self._places[place] == place
            and self.numbers[place] == self.numbers[one.under]
        }
        for place, (number, strategy) in enumerate(
            zip(self.numbers, self.raw.strategies, strict=True)
        ):
            if self._places[place] != place or place in taken_over:
                continue
            found = PlacedText(strategy.title, strategy.row, strategy.column)
            title = self.given.text(found) if strategy.title else None
            if title and titles.setdefault(number, title) != title:
                faults.error(TWO_TITLES.format(number), found.row, found.column, title)
            self._call(number, strategy)
        for action in self.raw.actions:
            number_or_none = self.of(action)
            if number_or_none is None or number_or_none in titles:
                continue
            number = number_or_none
            titles[number] = self._before.get(number, f"Strategi {number}")
            if number not in self._before:
                column = self.given.column(Field.STRATEGY)
                faults.warning(NO_STRATEGY_TITLE.format(number), action.row, column)

    def _call(self, number: int, strategy: RawStrategy) -> None:
        text = strategy.written or strategy.title
        if text and self.given.text(PlacedText(text, strategy.row, strategy.column)):
            self.given.shared.written.setdefault(number, shown(text))

    def of(self, action: RawAction) -> int | None:
        """Return the number of an action's strategy; None where the template names none."""
        if action.strategy >= 0:
            return self.numbers[self._places[action.strategy]]
        code = action.cells.get(Field.CODE)
        text = code.text if code else numbered(title_of(self.given, action).text)[0]
        first, dot, _rest = text.partition(".")
        if dot and re.fullmatch(r"\d{1,4}|[IVX]{1,5}", first):
            return ordinal(first)
        return None if self.given.exact else ONLY_STRATEGY

    def is_open(self, action: RawAction) -> bool:
        """Whether somebody must say first which strategy an action is of."""
        return action.strategy in self._waiting


def label_of(number: int, titles: Mapping[int, str]) -> str:
    """Return a strategy as the preview names it."""
    title = titles.get(number, "")
    plain = f"Strategi {number}"
    return plain if title in ("", plain) else f"{plain}: {title}"
