"""A plan as one table, a row an indicator: what the template's sheet and the CSV hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from coordinator.plans.actions.rules import TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile
from coordinator.plans.reading.columns import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS, LABELS
from coordinator.plans.reading.names import NameIndex
from coordinator.plans.reading.shapes import Field, KnownNames
from coordinator.plans.reading.slots import target_label

USUAL_YEARS = range(2025, 2030)
SEPARATOR = "; "
BEHIND_TARGETS = (
    Field.QUESTION,
    Field.ORIGIN,
    Field.BASIS,
    Field.DUTIES,
    Field.NATIONAL,
    Field.DISCONTINUED,
    Field.ACTION_KEY,
    Field.INDICATOR_KEY,
)
BEFORE_TARGETS = tuple(name for name in LABELS if name not in BEHIND_TARGETS)

Value = str | Decimal | None
Year = tuple[TargetLevel | None, int]


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its field, or the level and year of its targets."""

    field: Field | None
    target: Year | None = None

    @property
    def label(self) -> str:
        """The text at its top."""
        if self.target:
            return target_label(*self.target)
        return LABELS[self.field] if self.field else ""


def names_of(known: KnownNames, plan: PlanFile | None) -> tuple[NameIndex, NameIndex]:
    """Return the names of agencies and of pokja; unknown ones are written by their key."""
    actions = plan.actions if plan else []
    keys = {key for action in actions for key in (action.lead, *action.support) if key}
    groups = {action.working_group for action in actions}
    return NameIndex(known.agencies, also=keys), NameIndex(known.working_groups, also=groups)


def heads(plan: PlanFile | None) -> list[Head]:
    """Return the columns; those of one level's targets only where the plan has some."""
    years = range(plan.plan.first_year, plan.plan.last_year + 1) if plan else USUAL_YEARS
    indicators = [part for action in (plan.actions if plan else []) for part in action.indicators]
    of_levels = sorted(
        {
            (list(TargetLevel).index(level), year)
            for part in indicators
            for level, targets in part.level_targets.items()
            for year in targets
        }
    )
    used = {year for part in indicators for year in part.targets}
    targets: list[Year] = [(None, year) for year in sorted({*years, *used})]
    targets += [(list(TargetLevel)[place], year) for place, year in of_levels]
    return [
        *(Head(name) for name in BEFORE_TARGETS),
        *(Head(None, target) for target in targets),
        *(Head(name) for name in BEHIND_TARGETS),
    ]


def rows(plan: PlanFile, columns: Sequence[Head], known: KnownNames) -> list[list[Value]]:
    """Return a row for each indicator.

    What belongs to the action is in its first row alone, except what identifies the rows when
    somebody sorts them.
    """
    agencies, groups = names_of(known, plan)
    made: list[list[Value]] = []
    for action in plan.actions:
        of_action = _action(action, agencies, groups)
        for place, indicator in enumerate(action.indicators):
            cells: dict[Field, str | None] = {**of_action, **_indicator(indicator)}
            if place:
                again = (Field.STRATEGY, Field.CODE, Field.ACTION, Field.ACTION_KEY)
                cells = {
                    **{name: of_action[name] for name in again},
                    **_indicator(indicator),
                }
            made.append([_value(head, cells, indicator) for head in columns])
    return made


def _value(head: Head, cells: dict[Field, str | None], indicator: IndicatorPart) -> Value:
    if head.field is not None:
        return cells.get(head.field)
    if head.target is None:
        return None
    level, year = head.target
    targets = indicator.targets if level is None else indicator.level_targets.get(level, {})
    return targets.get(year)


def _action(action: ActionPart, agencies: NameIndex, groups: NameIndex) -> dict[Field, str | None]:
    return {
        Field.STRATEGY: str(action.strategy),
        Field.CODE: action.code,
        Field.ACTION: action.title,
        Field.WORKING_GROUP: groups.label(action.working_group),
        Field.TAG: action.tag,
        Field.LEAD: agencies.label(action.lead) if action.lead else None,
        Field.SUPPORT: SEPARATOR.join(agencies.label(key) for key in action.support),
        Field.QUESTION: action.question,
        Field.ORIGIN: action.origin,
        Field.BASIS: action.basis,
        Field.DUTIES: SEPARATOR.join(action.duties),
        Field.NATIONAL: action.national,
        Field.DISCONTINUED: action.discontinued,
        Field.ACTION_KEY: action.id,
    }


def _indicator(indicator: IndicatorPart) -> dict[Field, str | None]:
    return {
        Field.INDICATOR: indicator.name,
        Field.UNIT: indicator.unit,
        Field.KIND: KIND_WORDS[indicator.kind][0],
        Field.BETTER: BETTER_WORDS[indicator.better][0],
        Field.ACCUMULATION: ACCUMULATION_WORDS[indicator.accumulation][0],
        Field.INDICATOR_KEY: indicator.id,
    }
