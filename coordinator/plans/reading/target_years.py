"""The year of a column of targets whose header names none: a person says it, or that it is no part
of the plan. Until then no row of the sheet is applied: it would have no target."""

from collections.abc import Mapping

from coordinator.plans.reading.layout import Column, PlanLayout
from coordinator.plans.reading.shapes import Option
from coordinator.plans.reading.sheet_context import SheetContext, question_key
from coordinator.plans.reading.slots import SkipReason, Slot, named, target_label

GROUP = "target-year"
LEAVE = "leave"
QUESTION = "Kolom target “%s” tidak menyebut tahun. Target tahun berapa?"
NOT_READ = "Jangan baca kolom ini"
LONGEST = 60


def settle(layout: PlanLayout, sheet: str, answers: Mapping[str, str]) -> None:
    """Give the columns without a year the year that was answered."""
    for at, column in list(layout.columns.items()):
        if column.why is not SkipReason.NO_YEAR:
            continue
        key = question_key(GROUP, sheet, (layout.bottom, at))
        answer = answers.get(key) or answers.get(GROUP, "")
        found = named(column.text.split(" / "), int(answer)) if answer.isdecimal() else None
        if found is not None and found.field is not None:
            layout.replace(at, Column(column.text, found.field, True, SkipReason.NO_YEAR))


def ask(given: SheetContext) -> bool:
    """Ask about the columns without a year; return whether one of them waits for an answer."""
    plan = given.plan
    if plan is None:  # what plan it is comes first
        return False
    is_open = False
    for at, column in sorted(given.layout.columns.items()):
        if column.why is not SkipReason.NO_YEAR:
            continue
        years = range(plan.first_year, plan.last_year + 1)
        options = [Option(value=str(year), label=target_label(*Slot(None, year))) for year in years]
        answer = given.choose(
            GROUP,
            QUESTION % column.text[:LONGEST],
            [*options, Option(value=LEAVE, label=NOT_READ)],
            (given.layout.bottom, at),
            written=column.text,
        )
        is_open = is_open or not answer
    return is_open
