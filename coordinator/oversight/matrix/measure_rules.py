"""What was verified against what was due: targets by now, and ratios. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind

ALL = Decimal(1)  # the whole of the target


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of one lead's assignment in one period."""

    kind: IndicatorKind
    better: Better
    accumulation: Accumulation
    yearly_target: Decimal | None
    period_target: Decimal | None
    # Verified in this period, and in the year up to and including it.
    verified_now: Decimal | None
    verified_so_far: Decimal | None
    position: int
    periods_in_year: int


def target_due(measure: Measure) -> Decimal | None:
    """Return the target due by the end of the period, or None where there is none.

    The period's own target if given; else, for cumulative numbers, the yearly target times elapsed
    periods over periods in the year; for per-period numbers and percentages the unchanged target;
    yes/no and milestone only at the end of the year.
    """
    parts = _target_parts(measure)
    return None if parts is None else parts[0] / parts[1]


def _target_parts(measure: Measure) -> tuple[Decimal, int] | None:
    """Return the target due as (amount, divisor): a third of a year is no exact decimal."""
    if measure.period_target is not None:
        return measure.period_target, 1
    if measure.yearly_target is None:
        return None
    if measure.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        return (measure.yearly_target, 1) if measure.position == measure.periods_in_year else None
    if measure.kind is IndicatorKind.NUMBER and measure.accumulation is Accumulation.CUMULATIVE:
        return measure.yearly_target * measure.position, measure.periods_in_year
    return measure.yearly_target, 1


def ratio(measure: Measure) -> Decimal | None:
    """Return verified over due target, unrounded; None where nothing can be compared.

    Down-is-better turns it round: target over value; a value of 0 is then the best there is.
    """
    parts = _target_parts(measure)
    is_choice = measure.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
    adds_up = is_choice or (
        measure.kind is IndicatorKind.NUMBER and measure.accumulation is Accumulation.CUMULATIVE
    )
    if measure.period_target is not None and not is_choice:
        adds_up = False  # a period's own target is for the values of that period
    value = measure.verified_so_far if adds_up else measure.verified_now
    if parts is None:
        return None
    target, divisor = parts
    if value is None:
        return None if measure.better is Better.DOWN else Decimal(0)
    # One division, of whole products: exactly 90 % of a third stays exactly 90 %.
    if measure.better is Better.DOWN:
        return ALL if value == 0 else target / (value * divisor)
    return ALL if target == 0 else value * divisor / target
