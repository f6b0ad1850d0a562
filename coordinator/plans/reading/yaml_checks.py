"""What a target in a YAML plan can mean: the sense check of spreadsheets, and their questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from coordinator.numbers import BadNumber, Doubt, doubt, read
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile, target_places
from coordinator.plans.reading.shapes import Ambiguity, Choices, Option
from coordinator.plans.reading.values import (
    NUMBER_WORDS,
    PLACES,
    Amount,
    Way,
    readable,
    shown_number,
)
from coordinator.plans.reading.years import LARGE, SMALL, Year
from coordinator.platform.versioned_documents.format import plain_number
from coordinator.platform.yaml_files import Source, YamlFinding
from coordinator.platform.yaml_files import shown as shortened
from coordinator.platform.yaml_files.findings import Location, dotted

TWO_NUMBERS = "“%s” dapat dibaca dengan beberapa cara."
ROUNDED = "Dibulatkan menjadi %s."
NOT_YES_OR_NO = "Target %s untuk ya/tidak atau tonggak: seharusnya 1 atau 0."
ALL_ONE = "Target persen ini 1. Periksa: dibaca 1 persen, bukan 100 persen."


@dataclass(slots=True)
class TargetCheck:
    """Looks at each target of one file.

    `base` is the plan in force under the same id: its numbers were decided once.
    """

    source: Source
    choices: Choices
    base: PlanFile | None
    findings: list[YamlFinding] = field(default_factory=list)
    questions: list[Ambiguity] = field(default_factory=list)

    def of(self, plan: PlanFile) -> PlanFile:
        """Return the plan with the numbers that are meant.

        Where somebody must answer first, the number is the one written.
        """
        before = {
            part.id: part
            for action in (self.base.actions if self.base else ())
            for part in action.indicators
        }
        actions = []
        for place, action in enumerate(plan.actions):
            parts = []
            for at, part in enumerate(action.indicators):
                path: Location = ("actions", place, "indicators", at)
                parts.append(self._indicator(action, part, before.get(part.id), path))
            actions.append(replace(action, indicators=parts))
        return replace(plan, actions=actions)

    def _indicator(
        self, action: ActionPart, part: IndicatorPart, known: IndicatorPart | None, path: Location
    ) -> IndicatorPart:
        former = {year: value for year, value, _place in target_places(known)} if known else {}
        found: dict[Year, Decimal] = {}
        for year, value, place in target_places(part):
            is_known = former.get(year) == value
            name = f"Aksi {action.code}, {shortened(part.name)}, target {year[1]}: "
            found[year] = (
                value if is_known else self._target(value, part.kind, (*path, *place), name)
            )
        if (
            part.kind is IndicatorKind.PERCENT
            and found
            and found != former
            and all(value == 1 for value in found.values())
        ):
            self._warn(path, ALL_ONE)
        return _in_levels(part, found)

    def _target(self, value: Decimal, kind: IndicatorKind, path: Location, name: str) -> Decimal:
        written = self._written(path, value)
        kept = plain_number(value.quantize(PLACES))
        if kept != value:
            self._warn(path, ROUNDED % shown_number(kept))
        kept = self._ask(path, name, written, _two_numbers(written, kept)) or kept
        if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE) and kept not in (0, 1):
            self._warn(path, NOT_YES_OR_NO % shown_number(kept))
        odd = doubt(kept, is_percent=kind is IndicatorKind.PERCENT)
        return self._ask(path, name, written, _percentages(kept, odd)) or kept

    def _ask(
        self, path: Location, name: str, written: str, asked: tuple[str, str, tuple[Way, ...]]
    ) -> Decimal | None:
        """Return the number that a person chose, or None until one is, or if none is needed."""
        group, text, ways = asked
        if not ways:
            return None
        key = f"{group}:{dotted(path)}"
        answer = self.choices.answers.get(key) or self.choices.answers.get(group, "")
        chosen = next((way for way in ways if way.value == answer), None)
        self.questions.append(
            Ambiguity(
                key=key,
                group=group,
                text=f"{name}{text}",
                options=[Option(value=way.value, label=way.label) for way in ways],
                row=self.source.place(path)[0],
                value=shortened(written),
                answer=chosen.value if chosen else "",
            )
        )
        return chosen.amount.value if chosen else None

    def _written(self, path: Location, value: Decimal) -> str:
        data = self.source.data
        for step in path:
            data = data.get(step) if isinstance(data, dict) else data[step]
        return data.strip() if isinstance(data, str) else str(value)

    def _warn(self, path: Location, text: str) -> None:
        self.findings.append(self.source.finding(path, text, severity="warning"))


def _two_numbers(written: str, value: Decimal) -> tuple[str, str, tuple[Way, ...]]:
    """Return what is asked about "1.234": YAML divides with a dot, people here group with it."""
    try:
        readings = read(written).readings
    except BadNumber:
        readings = ()
    ways = tuple(
        Way(word, readable(number), Amount(number))
        for word, number in zip(NUMBER_WORDS, sorted(readings, reverse=True), strict=False)
    )
    return "number", TWO_NUMBERS % written, ways if value in readings else ()


def _percentages(value: Decimal, odd: Doubt | None) -> tuple[str, str, tuple[Way, ...]]:
    is_small = odd is Doubt.BELOW_ONE
    other = value * 100 if is_small else value / 100
    ways = (
        Way("as-written", f"{readable(value)} persen", Amount(value)),
        Way(
            "hundredfold" if is_small else "hundredth",
            f"{readable(other)} persen",
            Amount(other),
        ),
    )
    group, text = ("percent-small", SMALL) if is_small else ("percent-large", LARGE)
    return group, text, ways if odd else ()


def _in_levels(part: IndicatorPart, found: Mapping[Year, Decimal]) -> IndicatorPart:
    levels = {
        level: {year: found[level, year] for year in years}
        for level, years in part.level_targets.items()
    }
    everywhere = {year: found[None, year] for year in part.targets}
    return replace(part, targets=everywhere, level_targets=levels)
