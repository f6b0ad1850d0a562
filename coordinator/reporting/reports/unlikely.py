"""Numbers that are asked about, as the verifier sees them: what was asked, and whether its writer
said that it is meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from coordinator import numbers
from coordinator.formatting import parse_number
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.rules import SURE, AskedIndicator, ReportKind, is_said


@dataclass(frozen=True, slots=True)
class Unlikely:
    """A number of a submission that a person is asked about."""

    question: str
    is_meant: bool


class _Measured(Protocol):
    @property
    def kind(self) -> IndicatorKind: ...


class _Reported(Protocol):
    """A number of a submission."""

    @property
    def indicator_id(self) -> int: ...
    @property
    def indicator(self) -> _Measured: ...
    @property
    def value(self) -> Decimal: ...


def unlikely(
    draft: Mapping[str, str], asked: Iterable[AskedIndicator], values: Iterable[_Reported]
) -> dict[int, Unlikely]:
    """Return the unlikely numbers among a submission's `values`, by indicator.

    The rule is the form's. The draft shows what its writer was asked, if it is still what was sent.
    """
    found = {}
    items = {one.indicator_id: one for one in asked}
    for reported in values:
        item = items.get(
            reported.indicator_id, AskedIndicator(reported.indicator_id, reported.indicator.kind)
        )
        text = (draft.get(item.field) or "").strip()
        is_sent = parse_number(text.removesuffix("%")) == reported.value
        question = item.question(text if is_sent else numbers.shown(reported.value))
        is_meant = is_sent and is_said(draft, item.field)
        if question or is_meant:
            found[reported.indicator_id] = Unlikely(question, is_meant)
    return found


def has_meant(draft: Mapping[str, str], kind: ReportKind) -> bool:
    """Return whether a draft that was sent has a number that its writer was asked about."""
    return kind is ReportKind.ACHIEVEMENT and any(
        is_said(draft, name.removeprefix(SURE)) for name in draft if name.startswith(SURE)
    )
