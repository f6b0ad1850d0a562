"""An action's indicators and their targets."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from coordinator.plan.importing import guesses
from coordinator.plan.importing.columns import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS
from coordinator.plan.importing.given import KEY_TWICE, ONLY_ONE_OF, Given
from coordinator.plan.importing.rows import Found, RawAction, RawIndicator, numbered
from coordinator.plan.importing.shapes import Field
from coordinator.plan.importing.values import Amount, BadValue, shown_number, target
from coordinator.plan.rules import IndicatorKind, TargetLevel
from coordinator.plan.seed import ActionPart, IndicatorPart

LONGEST_UNIT = 60
W = TypeVar("W", bound=StrEnum)

NO_INDICATOR = "Aksi ini tidak punya indikator."
NO_INDICATOR_NAME = "Indikator kosong, padahal baris ini punya target."


class Indicators:
    """Makes the indicators of one sheet; their ids are of one plan."""

    def __init__(self, given: Given) -> None:
        """Begin with no id taken."""
        self.given = given
        self._keys: set[str] = set()

    def made(
        self, action: RawAction, key: str, title: str, before: ActionPart | None
    ) -> list[IndicatorPart]:
        """Return an action's indicators; none where one of them is wrong."""
        raws = action.indicators
        if not raws and not self.given.has(Field.INDICATOR):
            raws = [RawIndicator(action.row)]
        if not raws:
            self.given.faults.error(NO_INDICATOR, action.row, self.given.column(Field.INDICATOR))
        made = [self._indicator(raw, raws, key, title, before) for raw in raws]
        parts = [part for part in made if part is not None]
        return parts if len(parts) == len(made) else []

    def _indicator(
        self,
        raw: RawIndicator,
        raws: list[RawIndicator],
        action_key: str,
        title: str,
        before: ActionPart | None,
    ) -> IndicatorPart | None:
        found = raw.cells.get(Field.INDICATOR)
        if found is None and not self.given.has(Field.INDICATOR):
            found = Found(title, raw.row, self.given.column(Field.ACTION) or 0)
        if found is None:
            self.given.faults.error(NO_INDICATOR_NAME, raw.row, self.given.column(Field.INDICATOR))
            return None
        name = found.text if self.given.exact else numbered(found.text)[1] or found.text
        kept = self.given.text(Found(name, found.row, found.column))
        unit = self.given.text(raw.cells.get(Field.UNIT), LONGEST_UNIT)
        key = self.given.key(raw.cells.get(Field.INDICATOR_KEY))
        known = self.given.base.indicator(before, key, name, is_only=len(raws) == 1)
        if key is None:
            key = known.id if known and known.id not in self._keys else None
        elif key in self._keys:
            self.given.faults.error(
                KEY_TWICE.format(key),
                raw.row,
                self.given.column(Field.INDICATOR_KEY),
            )
            return None
        key = key or guesses.unused(
            f"{action_key}-{guesses.slug(name, 40)}",
            lambda text: text in self._keys or self.given.base.has_indicator(text),
        )
        self._keys.add(key)
        targets, level_targets, amounts = self._targets(raw)
        years = len({year for _level, year in self.given.layout.targets.values()})
        measure = guesses.measure(name, unit or "", amounts, years)
        kind = (
            self._word(raw, Field.KIND, KIND_WORDS, known.kind if known else None) or measure.kind
        )
        better = (
            self._word(raw, Field.BETTER, BETTER_WORDS, known.better if known else None)
            or measure.better
        )
        accumulation = (
            self._word(
                raw, Field.ACCUMULATION, ACCUMULATION_WORDS, known.accumulation if known else None
            )
            or measure.accumulation
        )
        if known and not self.given.has(Field.UNIT) and not any(a.unit for a in amounts):
            unit = known.unit
        elif measure.doubt and not (known or Field.KIND in raw.cells):
            self.given.faults.warning(measure.doubt, raw.row, found.column, name)
        if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
            for amount in amounts:
                if amount.value not in (0, 1):
                    self.given.faults.warning(
                        f"Target {shown_number(amount.value)} untuk ya/tidak atau tonggak: "
                        "seharusnya 1 atau 0.",
                        raw.row,
                    )
        if kept is None:
            return None
        return IndicatorPart(
            id=key,
            name=kept,
            unit=unit or measure.unit,
            kind=kind,
            better=better,
            accumulation=accumulation,
            targets=targets,
            level_targets=level_targets,
        )

    def _word(
        self, raw: RawIndicator, name: Field, words: Mapping[W, tuple[str, ...]], before: W | None
    ) -> W | None:
        found = raw.cells.get(name)
        if found is None:
            return before if not self.given.has(name) else None
        key = guesses.word_key(found.text, words)
        if key is None:
            allowed = ", ".join(names[0] for names in words.values())
            self.given.faults.error(
                ONLY_ONE_OF.format(allowed), found.row, found.column, found.text
            )
        return key

    def _targets(
        self, raw: RawIndicator
    ) -> tuple[dict[int, Decimal], dict[TargetLevel, dict[int, Decimal]], list[Amount]]:
        targets: dict[int, Decimal] = {}
        levels: dict[TargetLevel, dict[int, Decimal]] = {}
        amounts: list[Amount] = []
        for (level, year), (column, cell) in raw.targets.items():
            try:
                amount = target(cell)
            except BadValue as bad:
                if cell.fault is None:  # a faulty cell has been said already
                    self.given.faults.error(str(bad), raw.row, column, cell.value)
                continue
            if amount is None:
                continue
            if amount.note:
                self.given.faults.warning(amount.note, raw.row, column, cell.value)
            if (
                self.given.plan
                and not self.given.plan.first_year <= year <= self.given.plan.last_year
            ):
                self.given.faults.error(f"Tahun {year} di luar masa rencana.", raw.row, column)
                continue
            amounts.append(amount)
            into = targets if level is None else levels.setdefault(level, {})
            into[year] = amount.value
        return targets, levels, amounts
