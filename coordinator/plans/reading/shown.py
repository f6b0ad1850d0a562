"""What was read, row by row, as it will be in the plan: what a person checks before applying."""

from collections.abc import Iterator
from dataclasses import replace

from coordinator.plans.actions.rules import Better, IndicatorKind
from coordinator.plans.actions.seed import ActionPart, IndicatorPart
from coordinator.plans.reading.assembling import Made
from coordinator.plans.reading.columns import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS
from coordinator.plans.reading.layout import HELD_BACK
from coordinator.plans.reading.names import NameIndex, as_shown
from coordinator.plans.reading.raw import RawIndicator, text_of
from coordinator.plans.reading.shapes import Field, RowState, ShownRow, ShownTarget
from coordinator.plans.reading.sheet_context import SheetContext, question_key
from coordinator.plans.reading.slots import Slot, target_label
from coordinator.plans.reading.strategies import label_of
from coordinator.plans.reading.values import readable
from coordinator.screening import blocks

LONGEST = 300
WAITS = "menunggu jawaban"


def rows_of(
    made: list[Made], sheet: str, agencies: NameIndex, given: SheetContext
) -> Iterator[ShownRow]:
    """Return the rows of one sheet; a wrong one as it is written there, and no number where
    somebody must say first which it is."""
    open_cells = {key.partition(":")[2] for key in given.waiting}
    for one in made:
        strategy = label_of(one.strategy, given.shared.titles) if one.strategy else ""
        raws = one.raw.indicators or [RawIndicator(one.raw.row)]
        if one.part is not None and one.state is not RowState.WRONG:
            unsure = [as_shown(name) for name in _unsure(one, agencies)]
            for place, part in enumerate(one.part.indicators):
                raw = raws[min(place, len(raws) - 1)]
                row = of_part(one.part, part, agencies, sheet, raw.row + 1, one.state, unsure)
                waits = _waiting(raw, given.faults.sheet, open_cells)
                in_file = _clean(one.code) if one.code != one.part.code else ""
                yield replace(
                    row,
                    strategy=strategy,
                    code_in_file=in_file,
                    targets=[
                        replace(target, text=WAITS) if target.label in waits else target
                        for target in row.targets
                    ],
                )
            continue
        for raw in raws:
            yield replace(_as_written(one, raw, sheet), strategy=strategy)


def _waiting(raw: RawIndicator, sheet: str, open_cells: set[str]) -> set[str]:
    """Return the years of an indicator whose target waits for an answer: that of the cell asked
    about, and all that one cell is merged over."""
    mark = f"#{raw.place + 1}" if raw.place else ""
    found = set()
    for slot, one in raw.targets.items():
        columns = {one.column, one.merged[1] if one.merged else one.column}
        keys = {question_key("", sheet, (raw.row, at), mark)[1:] for at in columns}
        if keys & open_cells:
            found.add(_label(slot))
    return found


def _label(slot: Slot) -> str:
    return target_label(slot.level, slot.year).removeprefix("Target ")


def _unsure(one: Made, agencies: NameIndex) -> list[str]:
    """Return the names of an action that wait for a person, the lead's first."""
    return [
        name
        for found in (*one.raw.leads, *one.raw.supports)
        for name in agencies.split(found.text)
        if agencies.sure(name) is None
    ]


def of_part(
    action: ActionPart,
    part: IndicatorPart,
    agencies: NameIndex,
    sheet: str = "",
    row: int | None = None,
    state: RowState = RowState.READY,
    unsure: list[str] | None = None,
) -> ShownRow:
    """Return an indicator of a plan with its action. `unsure`: names that nobody knows yet."""
    open_names = [f"{name} (belum dipastikan)" for name in unsure or []]
    lead = agencies.label(action.lead) if action.lead else ""
    if not lead and open_names:
        lead = open_names.pop(0)
    targets = [(Slot(None, year), value) for year, value in sorted(part.targets.items())]
    for level, years in part.level_targets.items():
        targets += [(Slot(level, year), value) for year, value in sorted(years.items())]
    return ShownRow(
        sheet=sheet,
        row=row,
        code=action.code,
        action=action.title,
        indicator=part.name,
        measure=measure_of(part),
        unit=part.unit,
        lead=lead,
        support=[*(agencies.label(key) for key in action.support), *open_names],
        targets=[
            ShownTarget(
                label=_label(slot),
                text=_target(part, value_text=readable(value)),
            )
            for slot, value in targets
        ],
        state=state,
    )


def _target(part: IndicatorPart, *, value_text: str) -> str:
    if part.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return {"1": "ya", "0": "tidak"}.get(value_text, value_text)
    return value_text


def measure_of(part: IndicatorPart) -> str:
    """Return how an indicator is measured, in the words of the template."""
    words = [KIND_WORDS[part.kind][0]]
    if part.kind is IndicatorKind.NUMBER:
        words.append(ACCUMULATION_WORDS[part.accumulation][0])
    if part.better is Better.DOWN:
        words.append(BETTER_WORDS[part.better][0])
    return ", ".join(words)


def _as_written(one: Made, raw: RawIndicator, sheet: str) -> ShownRow:
    def text(name: Field) -> str:
        found = raw.cells.get(name) or one.raw.cells.get(name)
        return _clean(found.text) if found else ""

    return ShownRow(
        sheet=sheet,
        row=raw.row + 1,
        code=_clean(one.code),
        action=text(Field.ACTION),
        indicator=text(Field.INDICATOR),
        unit=text(Field.UNIT),
        lead="; ".join(as_shown(found.text) for found in one.raw.leads),
        support=[as_shown(found.text) for found in one.raw.supports],
        targets=[
            ShownTarget(
                label=target_label(*slot).removeprefix("Target "), text=_clean(text_of(cell.cell))
            )
            for slot, cell in raw.targets.items()
        ],
        state=_state(one),
    )


def _state(one: Made) -> RowState:
    if one.state is RowState.ASKED:
        return RowState.ASKED
    return RowState.KEPT if one.before is not None else RowState.WRONG


def _clean(text: str) -> str:
    return HELD_BACK if blocks(text) else text[:LONGEST]
