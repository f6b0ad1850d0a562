"""What is aimed at, as reporters and verifiers read it: a period's own target, or the year's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from coordinator import formatting
from coordinator.assignments.models import AssignmentTarget
from coordinator.numbers import NumberComparison
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.rules import AskedIndicator
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class PeriodTarget:
    """The target that a report of one period is read against."""

    value: Decimal
    span: str  # what it is the target of: "November 2026", or "2026"
    of_year: Decimal | None = None  # in addition to a period's own, if the year has one
    verified: Decimal | None = None  # of the year so far; None where its values do not add up

    @property
    def label(self) -> str:
        """ "Target November 2026" """
        return _("Target %(span)s", span=self.span)

    def text(self, unit: str = "") -> str:
        """ "1 rapat (setahun 12, terverifikasi 3)": a period's share is never taken for the year's
        target."""
        shown = f"{formatting.number(self.value)} {unit}".strip()
        more = []
        if self.of_year is not None:
            more.append(_("setahun %(year)s", year=formatting.number(self.of_year)))
        if self.verified is not None:
            more.append(_("terverifikasi %(n)s", n=formatting.number(self.verified)))
        return f"{shown} ({', '.join(more)})" if more else shown


def targets_of(
    targets: Iterable[AssignmentTarget], period: ReportingPeriod
) -> dict[int, PeriodTarget]:
    """Return the targets that count in a period, by indicator: its own, else the year's."""
    of_year: dict[int, Decimal] = {}
    own: dict[int, Decimal] = {}
    for one in targets:
        if one.period_id == period.id:
            own[one.indicator_id] = one.value
        elif one.period_id is None and one.year == period.year:
            of_year[one.indicator_id] = one.value
    found = {key: PeriodTarget(value, str(period.year)) for key, value in of_year.items()}
    return found | {
        key: PeriodTarget(value, period.title, of_year.get(key)) for key, value in own.items()
    }


class _Measured(Protocol):
    """An indicator, as a row or as an entity."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> IndicatorKind: ...


def asked_items(
    indicators: Iterable[_Measured],
    targets: Mapping[int, PeriodTarget],
    previous: Mapping[int, tuple[Decimal, Decimal | None]],
) -> list[AskedIndicator]:
    """Return what a form asks, by indicator.

    The one rule of what is asked about a number, for the form, the sheet, paper and the verifier.
    """
    return [
        AskedIndicator(
            one.id,
            one.kind,
            NumberComparison(
                target=targets[one.id].value if one.id in targets else None,
                last=previous[one.id][0] if one.id in previous else None,
            ),
        )
        for one in indicators
    ]
