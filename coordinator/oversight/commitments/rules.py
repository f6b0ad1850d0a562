"""How far the report of an assignment is, and how much of its target is verified. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind

CHOICES = (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
WHOLE = 100  # per cent: a bar is never longer


class ReportStatus(IntEnum):
    """How far the lead's report of a period is, as readers outside the agency see it: a draft is
    a report that was not sent. In the order in which somebody has to act."""

    SILENT = 0
    RETURNED = 1
    UNSENT = 2
    DISPUTED = 3
    SUBMITTED = 4
    VERIFIED = 5
    ENDED = 6
    NOT_ASKED = 7


@dataclass(frozen=True, slots=True)
class YearFigure:
    """What was verified of one indicator of an assignment in a year, and the year's target."""

    name: str
    unit: str
    kind: IndicatorKind
    better: Better
    verified: Decimal | None
    target: Decimal | None

    @property
    def ratio(self) -> Decimal | None:
        """Verified over target; None where nothing can be compared. Where less is better, the
        target over the value."""
        if self.target is None:
            return None
        if self.better is Better.DOWN:
            if self.verified is None:
                return None
            return self.target / self.verified if self.verified else Decimal(1)
        if not self.target:
            return Decimal(1)
        return (self.verified or Decimal(0)) / self.target

    @property
    def percent(self) -> int | None:
        """The length of the bar; None for what does not grow towards a target."""
        grows = self.better is Better.UP and self.kind not in CHOICES
        if not grows or self.verified is None or self.ratio is None:
            return None
        return min(int(self.ratio * WHOLE), WHOLE)


def of_the_year(
    values: Sequence[Decimal], kind: IndicatorKind, accumulation: Accumulation
) -> Decimal | None:
    """Return what the verified values of a year's periods, in their order, come to: numbers that
    add up are added (none are 0), a yes stays, of all others the newest counts."""
    if kind is IndicatorKind.NUMBER and accumulation is Accumulation.CUMULATIVE:
        return sum(values, Decimal(0))
    if kind in CHOICES:
        return max(values, default=None)
    return values[-1] if values else None


def by_ratio(
    figures: Iterable[tuple[int, Sequence[YearFigure]]], *, highest_first: bool
) -> list[int]:
    """Return ids by how much of the first indicator's target is verified; what has nothing to
    compare comes last, either way. Equals keep their order."""
    rated: list[tuple[Decimal, int]] = []
    others: list[int] = []
    for key, of_one in figures:
        ratio = of_one[0].ratio if of_one else None
        if ratio is None:
            others.append(key)
        else:
            rated.append((ratio, key))
    rated.sort(key=lambda one: -one[0] if highest_first else one[0])
    return [*(key for _ratio, key in rated), *others]
