"""An action's indicators and their targets."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from coordinator.numbers import BadNumber
from coordinator.plans.actions.rules import Accumulation, IndicatorKind, TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart
from coordinator.plans.reading import continuing, factors, guesses
from coordinator.plans.reading.columns import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS, folded
from coordinator.plans.reading.layout import PlanLayout
from coordinator.plans.reading.raw import PlacedText, RawAction, RawIndicator, RawTarget
from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.sheet_context import KEY_TWICE, ONLY_ONE_OF, SheetContext
from coordinator.plans.reading.slots import Slot
from coordinator.plans.reading.values import Amount, Unclear, Way, readable, target
from coordinator.plans.reading.writings import numbered
from coordinator.plans.reading.years import Read, Year, Years
from coordinator.platform.yaml_files import shown

LONGEST_UNIT = 60
W = TypeVar("W", bound=StrEnum)

NO_INDICATOR = "Aksi ini tidak punya indikator."
RATE_IN_PART = "Tulis satu angka untuk bagian tahun ini, tanpa “per bulan” atau “per triwulan”."
NOT_OF_UNIT = "Satuannya %%, tetapi target ditulis “%s”. Samakan satuan dan targetnya."
SCALE_OF_UNIT = "Satuannya “%s”, dan target ditulis “%s”. Yang dimaksud?"
RATE_OF_UNIT = "Satuannya “%s”. Target %s berarti berapa setahun?"
OTHER_UNIT = "Target ditulis dalam “%s”, tetapi satuan indikatornya “%s”. Periksa satuannya."
NOT_PERCENT = "Target ditulis dengan %, tetapi satuan indikatornya bukan persen. Periksa satuannya."
WORD_AS_NUMBER = "“%s” dibaca %s, bukan ya/tidak, karena satuannya tertulis. Periksa."
YEAR_BEHIND = "Tahun %d sesudah masa rencana (%d-%d). Ubah tahun kolom ini, atau abaikan."
RUNNING = re.compile(r"\b(?:kumulatif|s d|sampai dengan|sd)\b")
UNIT_IN_NAME = re.compile(r"\(([^()\d]{1,30})\)\s*$")
NO_INDICATOR_NAME = "Indikator kosong, padahal baris ini punya target."


class Indicators:
    """Makes the indicators of one sheet; their ids are of one plan."""

    def __init__(self, given: SheetContext) -> None:
        """Begin with no id taken."""
        self.given = given
        self._keys = given.shared.indicator_keys

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

    def _indicator(  # noqa: C901
        self,
        raw: RawIndicator,
        raws: list[RawIndicator],
        action_key: str,
        title: str,
        before: ActionPart | None,
    ) -> IndicatorPart | None:
        found = raw.cells.get(Field.INDICATOR)
        if found is None and not self.given.has(Field.INDICATOR):
            found = PlacedText(title, raw.row, self.given.column(Field.ACTION) or 0)
        if found is None:
            self.given.faults.error(NO_INDICATOR_NAME, raw.row, self.given.column(Field.INDICATOR))
            return None
        name = found.text if self.given.exact else numbered(found.text)[1] or found.text
        kept = self.given.text(PlacedText(name, found.row, found.column))
        unit = self.given.text(raw.cells.get(Field.UNIT), LONGEST_UNIT)
        key = self.given.key(raw.cells.get(Field.INDICATOR_KEY))
        bare_unit = _rate_of(unit or "")[1]
        known = continuing.indicator_of(self.given, before, raw, raws, key, found, name, bare_unit)
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
        in_force = self._in_force(known)
        reads = self._reads(raw, unit or "", in_force)
        amounts = [read.amount for read in reads]
        if unit and not self.given.exact:
            unit = _rate_of(unit)[1] or None
        years = len({slot.year for slot in self.given.layout.targets.values()})
        if not unit and not any(amount.unit for amount in amounts) and not self.given.exact:
            bracket = UNIT_IN_NAME.search(name)
            unit = bracket[1].strip() if bracket else unit
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
        is_said = Field.ACCUMULATION in raw.cells or known is not None
        found_targets = Years(
            self.given,
            reads,
            replace(measure, kind=kind, accumulation=accumulation),
            is_sum_sure=_is_sum_sure(accumulation, self.given.layout, is_said=is_said),
            before=in_force,
            mark=f"#{raw.place + 1}" if raw.place else "",
        ).found()
        self._two_units(raw, reads, kind, unit or "")
        self._words_as_numbers(reads, kind, unit or measure.unit, accumulation)
        if known and not self.given.has(Field.UNIT) and not any(a.unit for a in amounts):
            unit = known.unit
        elif measure.doubt and not (known or Field.KIND in raw.cells):
            self.given.faults.warning(measure.doubt, raw.row, found.column, name)
        if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
            for value in found_targets.values():
                if value not in (0, 1):
                    self.given.faults.warning(
                        f"Target {readable(value)} untuk ya/tidak atau tonggak: "
                        "seharusnya 1 atau 0.",
                        raw.row,
                    )
        if kept is None:
            return None
        targets, level_targets = self._with_kept(found_targets, known)
        return IndicatorPart.made(
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

    def _two_units(
        self, raw: RawIndicator, reads: list[Read], kind: IndicatorKind, unit: str
    ) -> None:
        """Say where a target is written in another unit than the indicator's."""
        if kind is not IndicatorKind.NUMBER or self.given.exact:
            return
        for read in reads:
            own, of = read.amount.unit.casefold(), unit.casefold()
            if own == "%":
                self.given.faults.warning(NOT_PERCENT, raw.row, read.column, read.written)
            elif own and of and own not in of and of not in own:
                message = OTHER_UNIT % (shown(read.amount.unit), shown(unit))
                self.given.faults.warning(message, raw.row, read.column, read.written)

    def _words_as_numbers(
        self, reads: list[Read], kind: IndicatorKind, unit: str, accumulation: Accumulation
    ) -> None:
        """Note each word read as a number: "ada" of documents is one document, and counts."""
        if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
            return
        way = f", {ACCUMULATION_WORDS[accumulation][0]}" if kind is IndicatorKind.NUMBER else ""
        for read in reads:
            if read.amount.is_word:
                said = f"{readable(read.amount.value)} {unit}{way}"
                message = WORD_AS_NUMBER % (shown(str(read.written)), said)
                self.given.faults.warning(message, read.row, read.column, read.written)

    def _with_kept(
        self, found: Mapping[Year, Decimal], known: IndicatorPart | None
    ) -> tuple[dict[int, Decimal], dict[TargetLevel, dict[int, Decimal]]]:
        """Return the targets of the file; a year without a column keeps what is in force."""
        slots = self.given.layout.targets.values()
        columns = {(slot.level, slot.year) for slot in slots}
        kept = {year: value for year, value in self._in_force(known).items() if year not in columns}
        targets: dict[int, Decimal] = {}
        levels: dict[TargetLevel, dict[int, Decimal]] = {}
        for (level, year), value in {**kept, **found}.items():
            into = targets if level is None else levels.setdefault(level, {})
            into[year] = value
        return dict(sorted(targets.items())), levels

    def _in_force(self, known: IndicatorPart | None) -> dict[Year, Decimal]:
        """Return the targets in force, by level and year; those of a sample are none."""
        if known is None or self.given.replaces_sample:
            return {}
        found: dict[Year, Decimal] = {(None, year): value for year, value in known.targets.items()}
        for level, years in known.level_targets.items():
            found |= {(level, year): value for year, value in years.items()}
        return found

    def _reads(self, raw: RawIndicator, unit: str, before: Mapping[Year, Decimal]) -> list[Read]:
        """Return what the target cells say; what they cannot mean is noted."""
        found: list[Read] = []
        plan = self.given.plan
        for slot, one in raw.targets.items():
            if plan and slot.year < plan.first_year:
                continue  # said of the column
            amount = self._amount(raw, slot, one, unit, before)
            if amount is None:
                continue
            if amount.note:
                self.given.faults.warning(amount.note, raw.row, one.column, one.cell.value)
            if plan and slot.year > plan.last_year:
                message = YEAR_BEHIND % (slot.year, plan.first_year, plan.last_year)
                self.given.faults.error(message, raw.row, one.column)
                continue
            found.append(Read(slot, raw.row, one.column, amount, one.cell.value, one.merged))
        return found

    def _amount(  # noqa: C901
        self,
        raw: RawIndicator,
        slot: Slot,
        one: RawTarget,
        unit: str,
        before: Mapping[Year, Decimal],
    ) -> Amount | None:
        place = (raw.row, one.column)
        known = before.get((slot.level, slot.year))
        mark = f"#{raw.place + 1}" if raw.place else ""
        try:
            amount = target(one.cell)
        except BadNumber as bad:
            if one.cell.fault is None:  # a faulty cell has been said already
                self.given.faults.error(str(bad), raw.row, one.column, one.cell.value)
            return None
        except Unclear as unclear:
            way = self.given.ask(
                unclear.group,
                unclear.text,
                unclear.ways,
                place,
                written=one.cell.value,
                before=known,
                mark=mark,
            )
            amount = (way or unclear.ways[0]).amount
        if amount is None:
            return None
        if amount.is_rate and slot.part:
            self.given.faults.error(RATE_IN_PART, raw.row, one.column, one.cell.value)
            return None
        if self.given.exact:
            return amount
        written = " ".join(str(one.cell.value).split())
        if guesses.is_percent(unit) and amount.unit and not guesses.is_percent(amount.unit):
            message = NOT_OF_UNIT % f"{written} {one.cell.unit}".strip()
            self.given.faults.error(message, raw.row, one.column, one.cell.value)
            return None
        if known == amount.value:
            return amount
        if amount.scale != 1 and factors.scale_of(unit) != 1:
            # A column of units says "juta rupiah": "1,5 jt" is 1,5 of them, or the whole number.
            inside = replace(amount, value=amount.value / amount.scale, note="")
            ways = (
                Way("in-unit", f"{readable(inside.value)} {unit}", inside),
                Way("as-written", f"{readable(amount.value)} {unit}", amount),
            )
            text = SCALE_OF_UNIT % (unit, written)
            asked = self.given.ask("unit-scale", text, ways, place, written=written, mark=mark)
            return asked.amount if asked else inside
        if slot.part or amount.is_rate or amount.is_word:
            return amount
        return self._of_unit(unit, amount, one, place, known, mark)

    def _of_unit(
        self,
        unit: str,
        amount: Amount,
        one: RawTarget,
        place: tuple[int, int],
        known: Decimal | None,
        mark: str,
    ) -> Amount | None:
        """Return what a target means whose column of units says "laporan per bulan": 1 may be one
        a month, or one a year."""
        try:
            (times, _words), *_others = factors.rate(unit.strip())[0]
        except BadNumber as bad:
            self.given.faults.error(str(bad), *place, unit)
            return None
        if times == 1:
            return amount
        bare = _rate_of(unit)[1]
        year = replace(amount, value=amount.value * times)
        ways = (
            Way("times", f"{readable(year.value)} {bare} setahun", year),
            Way("as-written", f"{readable(amount.value)} {bare} setahun", amount),
        )
        text = RATE_OF_UNIT % (unit, readable(amount.value))
        asked = self.given.ask(
            "unit-rate", text, ways, place, written=one.cell.value, before=known, mark=mark
        )
        return asked.amount if asked else year


def _rate_of(unit: str) -> tuple[bool, str]:
    """Return whether a column of units says how often ("laporan per bulan"), and the unit without
    it."""
    try:
        times, bare = factors.rate(unit.strip())
    except BadNumber:
        return True, unit
    return (True, bare) if times != factors.ONE else (False, unit)


def _is_sum_sure(accumulation: Accumulation, layout: PlanLayout, *, is_said: bool) -> bool | None:
    """Return whether parts of a year add up, where the header or the indicator says so: "kumulatif"
    and "s.d." are running totals."""
    texts = [folded(layout.columns[at].text) for at, slot in layout.targets.items() if slot.part]
    if any(RUNNING.search(text) for text in texts):
        return False
    return False if is_said and accumulation is Accumulation.PER_PERIOD else None
