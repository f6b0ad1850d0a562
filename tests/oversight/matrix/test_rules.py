"""The arithmetic behind a colour: targets due by now, ratios, bands, and what a cell says."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.oversight.matrix.labels import cell_number
from coordinator.oversight.matrix.measure_rules import Measure, ratio, target_due
from coordinator.oversight.matrix.rules import (
    SEVERITY,
    ActionState,
    Band,
    BandCount,
    Counts,
    Layer,
    MatrixCell,
    Tasks,
    achievement_cell,
    band_of_action,
    band_of_ratio,
    band_on_the_day,
    reporting_cell,
    verified_cell,
)
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind

NUMBER = Measure(
    kind=IndicatorKind.NUMBER,
    better=Better.UP,
    accumulation=Accumulation.CUMULATIVE,
    yearly_target=Decimal(12),
    period_target=None,
    verified_now=Decimal(3),
    verified_so_far=Decimal(9),
    position=3,
    periods_in_year=4,
)
PER_PERIOD = replace(NUMBER, accumulation=Accumulation.PER_PERIOD)
PERCENT = replace(PER_PERIOD, kind=IndicatorKind.PERCENT, yearly_target=Decimal(80))
YES_NO = replace(PER_PERIOD, kind=IndicatorKind.YES_NO, yearly_target=Decimal(1))
MILESTONE = replace(YES_NO, kind=IndicatorKind.MILESTONE)
DOWN = replace(PER_PERIOD, better=Better.DOWN, yearly_target=Decimal(6))

DONE = ActionState(
    is_reported=True,
    is_verified=True,
    is_returned=False,
    is_nil=False,
    is_blocked=False,
    measures=(NUMBER,),
)


BEHIND = replace(NUMBER, verified_so_far=Decimal(3))


def with_value(value: str) -> ActionState:
    """A verified action whose only indicator is at a share of its target due (9)."""
    return replace(DONE, measures=(replace(NUMBER, verified_so_far=Decimal(value) * 9),))


@pytest.mark.parametrize(
    ("value", "is_verified", "band"),
    [
        ("0", True, Band.BELOW),
        ("0.6599999", True, Band.BELOW),
        ("0.66", True, Band.ATTENTION),
        ("0.8999", True, Band.ATTENTION),
        ("0.89999999999999999999", True, Band.ATTENTION),
        ("0.90", True, Band.ON_TARGET),
        ("0.99999999999999999999", True, Band.ON_TARGET),
        ("1.0", True, Band.COMPLETE),
        ("1.0", False, Band.ON_TARGET),
        ("7", False, Band.ON_TARGET),
        ("7", True, Band.COMPLETE),
    ],
)
def test_bands_at_their_limits(value: str, is_verified: bool, band: Band) -> None:
    assert band_of_ratio(Decimal(value), is_fully_verified=is_verified) is band


@pytest.mark.parametrize(
    ("measure", "target"),
    [
        (NUMBER, "9"),
        (replace(NUMBER, position=1), "3"),
        (replace(NUMBER, position=4), "12"),
        (replace(NUMBER, yearly_target=Decimal(10)), "7.5"),
        (replace(NUMBER, period_target=Decimal(5)), "5"),
        (replace(NUMBER, period_target=Decimal(0)), "0"),
        (replace(NUMBER, yearly_target=None, period_target=Decimal(5)), "5"),
        (replace(NUMBER, yearly_target=None), None),
        (PER_PERIOD, "12"),
        (replace(PER_PERIOD, position=1), "12"),
        (PERCENT, "80"),
        (replace(PERCENT, accumulation=Accumulation.CUMULATIVE), "80"),
        (DOWN, "6"),
        (YES_NO, None),
        (replace(YES_NO, position=4), "1"),
        (MILESTONE, None),
        (replace(MILESTONE, position=4), "1"),
        (replace(MILESTONE, period_target=Decimal(1)), "1"),
        (replace(MILESTONE, position=1, periods_in_year=1), "1"),
    ],
)
def test_the_target_due_by_now(measure: Measure, target: str | None) -> None:
    assert target_due(measure) == (None if target is None else Decimal(target))


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (NUMBER, "1"),  # nine so far of nine due, no matter what this quarter alone brought
        (replace(NUMBER, verified_so_far=None), "0"),
        (PER_PERIOD, "0.25"),
        (replace(PER_PERIOD, verified_now=None), "0"),
        (replace(PERCENT, verified_now=Decimal(72)), "0.9"),
        (replace(DOWN, verified_now=Decimal(8)), "0.75"),
        (replace(DOWN, verified_now=Decimal(6)), "1"),
        (replace(DOWN, verified_now=Decimal(3)), "2"),
        (replace(DOWN, verified_now=Decimal(0)), "1"),
        (replace(DOWN, verified_now=None), None),
        (replace(YES_NO, position=4, verified_so_far=Decimal(1), verified_now=None), "1"),
        (replace(YES_NO, position=4, verified_so_far=Decimal(0)), "0"),
        (YES_NO, None),
        (replace(NUMBER, yearly_target=None), None),
        (replace(NUMBER, period_target=Decimal(0)), "1"),
        (replace(NUMBER, period_target=Decimal(5)), "0.6"),  # its own target, its own value
    ],
)
def test_verified_against_the_target_due(measure: Measure, value: str | None) -> None:
    assert ratio(measure) == (None if value is None else Decimal(value))


def test_nine_of_ten_is_on_target_exactly() -> None:
    """0.1 summed nine times is less than 0.9 in binary; here it is not."""
    tenths = replace(
        NUMBER, yearly_target=Decimal("1.0"), position=4, verified_so_far=sum([Decimal("0.1")] * 9)
    )
    assert ratio(tenths) == Decimal("0.9")
    cell = cell_of(replace(DONE, measures=(tenths,)))
    assert cell.band is Band.ON_TARGET
    nine = replace(NUMBER, yearly_target=Decimal(10), position=4, verified_so_far=Decimal(9))
    assert cell_of(replace(DONE, measures=(nine,))).band is Band.ON_TARGET


@given(
    yearly=st.integers(1, 10_000),
    periods=st.sampled_from([1, 2, 3, 4, 6, 12]),
    position=st.integers(1, 12),
    limit=st.sampled_from([Fraction(66, 100), Fraction(9, 10), Fraction(1)]),
    nudge=st.sampled_from([-1, 0, 1]),
)
def test_the_limits_are_exact_also_for_a_third_of_a_year(
    yearly: int, periods: int, position: int, limit: Fraction, nudge: int
) -> None:
    position = min(position, periods)
    due = Fraction(yearly * position, periods)
    value = Fraction(int(due * limit * 1000) + nudge, 1000)
    measure = replace(
        NUMBER,
        yearly_target=Decimal(yearly),
        position=position,
        periods_in_year=periods,
        verified_so_far=Decimal(value.numerator) / Decimal(value.denominator),
    )
    found = ratio(measure)
    assert found is not None
    assert (Fraction(found) >= limit) == (value / due >= limit)


@pytest.mark.parametrize(
    ("change", "band"),
    [
        ({}, Band.COMPLETE),
        ({"is_verified": False}, Band.ON_TARGET),
        ({"is_verified": False, "measures": (BEHIND,)}, Band.WAITING),
        ({"is_verified": False, "is_returned": True, "measures": (BEHIND,)}, Band.BELOW),
        ({"measures": (BEHIND,)}, Band.BELOW),
        ({"is_nil": True}, Band.NIL),
        ({"is_blocked": True, "is_verified": False}, Band.BLOCKED),
        ({"is_reported": False, "is_verified": False}, Band.NOT_DUE),
        ({"measures": (replace(NUMBER, yearly_target=None),)}, Band.NO_TARGET),
        ({"measures": (YES_NO,)}, Band.NOT_DUE),
        ({"measures": (NUMBER, replace(PER_PERIOD, verified_now=Decimal(6)))}, Band.BELOW),
        ({"measures": (NUMBER, replace(NUMBER, yearly_target=None))}, Band.COMPLETE),
    ],
)
def test_the_band_of_an_action(change: dict[str, object], band: Band) -> None:
    assert band_of_action(replace(DONE, **change))[0] is band  # type: ignore[arg-type]


def test_only_what_is_late_and_says_nothing_is_silent() -> None:
    assert band_on_the_day(Band.NOT_DUE, is_late=True) is Band.SILENT
    assert band_on_the_day(Band.NOT_DUE, is_late=False) is Band.NOT_DUE
    assert band_on_the_day(Band.NIL, is_late=True) is Band.NIL


def cell_of(*actions: ActionState | Band) -> MatrixCell:
    """The cell of a lead with these actions; a band means one that is not reported, or not
    asked for."""
    outcomes: dict[Band, BandCount] = defaultdict(BandCount)
    for action in actions:
        band, percent = (action, 0) if isinstance(action, Band) else band_of_action(action)
        outcomes[band] += BandCount(1, percent)
    return achievement_cell(outcomes, LEADS)


SILENT = Band.SILENT
NOT_DUE = Band.NOT_DUE
NIL = replace(DONE, is_nil=True)
BLOCKED = replace(DONE, is_blocked=True)
WAITING = replace(DONE, is_verified=False, measures=(replace(NUMBER, verified_so_far=None),))
DISPUTED = Band.DISPUTED
LEADS = Tasks(leads=True)
SUPPORTS = Tasks(supports=True)
NO_TARGET = replace(DONE, measures=(replace(NUMBER, yearly_target=None),))


@pytest.mark.parametrize(
    ("actions", "cell"),
    [
        ([DONE], MatrixCell(Band.COMPLETE, 1, 1, 100)),
        ([DONE, with_value("0.5")], MatrixCell(Band.BELOW, 1, 2)),
        ([with_value("0.95")] * 5 + [with_value("0.7")] * 2, MatrixCell(Band.ATTENTION, 5, 7)),
        ([DONE, SILENT], MatrixCell(Band.SILENT, 1, 2)),
        ([with_value("0.1"), SILENT], MatrixCell(Band.SILENT, 0, 2)),
        ([DONE, NIL], MatrixCell(Band.COMPLETE, 1, 1, 100)),
        ([DONE, NOT_DUE, NO_TARGET, DISPUTED], MatrixCell(Band.COMPLETE, 1, 1, 100)),
        ([with_value("0.7"), WAITING, BLOCKED], MatrixCell(Band.ATTENTION, 0, 1, 70)),
        ([NIL], MatrixCell(Band.NIL, 0, 1)),
        ([BLOCKED], MatrixCell(Band.BLOCKED, 0, 1)),
        ([WAITING], MatrixCell(Band.WAITING, 0, 1)),
        ([NOT_DUE, DISPUTED], MatrixCell(Band.DISPUTED, 0, 2)),
        ([NOT_DUE, NO_TARGET], MatrixCell(Band.NOT_DUE, 0, 2)),
        ([NO_TARGET], MatrixCell(Band.NO_TARGET, 0, 1)),
    ],
)
def test_a_cell_takes_its_lowest_action_and_counts_the_good(
    actions: list[ActionState | Band], cell: MatrixCell
) -> None:
    assert cell_of(*actions) == cell


@pytest.mark.parametrize(
    ("tasks", "capaian", "lapor"),
    [
        (Tasks(), Band.NO_TASK, Band.NO_TASK),
        (SUPPORTS, Band.SUPPORT, Band.NOT_DUE),
        (LEADS, Band.NOT_DUE, Band.NOT_DUE),
        (LEADS | SUPPORTS, Band.NOT_DUE, Band.NOT_DUE),
    ],
)
def test_a_member_that_owes_nothing_is_not_due_only_with_a_task_of_its_own(
    tasks: Tasks, capaian: Band, lapor: Band
) -> None:
    assert achievement_cell({}, tasks) == MatrixCell(capaian)
    assert reporting_cell(Counts(), tasks) == MatrixCell(lapor)
    assert verified_cell(Counts(), tasks) == MatrixCell(lapor)


@given(st.lists(st.decimals("0", "2", places=3), min_size=1, max_size=8))
def test_a_better_action_never_makes_a_cell_better_than_its_worst(shares: list[Decimal]) -> None:
    alone = [cell_of(with_value(str(share))).band for share in shares]
    together = cell_of(*(with_value(str(share)) for share in shares))
    assert together.band is min(alone, key=SEVERITY.index)
    assert together.total == len(shares)


@given(st.decimals("0", "3", places=6))
def test_a_percentage_is_never_rounded_over_a_limit(share: Decimal) -> None:
    cell = cell_of(with_value(str(share)))
    shown = int((cell_number(Layer.CAPAIAN, cell) or "").removesuffix("%"))
    assert shown <= share * 100
    limits = {Band.BELOW: (0, 65), Band.ATTENTION: (66, 89), Band.ON_TARGET: (90, 99)}
    low, high = limits.get(cell.band, (100, 300))
    assert low <= shown <= high


@pytest.mark.parametrize(
    ("counts", "lapor", "terverifikasi"),
    [
        (Counts(total=2), MatrixCell(Band.NOT_DUE, 0, 2), MatrixCell(Band.NOT_DUE, 0, 2)),
        (
            Counts(total=2, disputed=2),
            MatrixCell(Band.DISPUTED, 0, 2),
            MatrixCell(Band.DISPUTED, 0, 2),
        ),
        (
            Counts(total=2, due=2, silent=2),
            MatrixCell(Band.SILENT, 0, 2),
            MatrixCell(Band.BELOW, 0, 2),
        ),
        (
            Counts(total=2, due=2, in_time=2, reported=2, waiting=2),
            MatrixCell(Band.ON_TARGET, 2, 2),
            MatrixCell(Band.ATTENTION, 0, 2),
        ),
        (
            Counts(total=2, due=2, in_time=1, reported=2, verified=2),
            MatrixCell(Band.ATTENTION, 1, 2),
            MatrixCell(Band.ON_TARGET, 2, 2),
        ),
        (
            Counts(total=2, unconfirmed=1, disputed=1),
            MatrixCell(Band.WAITING, 0, 2),
            MatrixCell(Band.WAITING, 0, 2),
        ),
        (
            Counts(total=3, disputed=1, due=2, in_time=2, reported=2, verified=1, waiting=1),
            MatrixCell(Band.ON_TARGET, 2, 2),
            MatrixCell(Band.ATTENTION, 1, 2),
        ),
    ],
)
def test_reporting_and_verification_are_two_cells(
    counts: Counts, lapor: MatrixCell, terverifikasi: MatrixCell
) -> None:
    assert reporting_cell(counts, LEADS) == lapor
    assert verified_cell(counts, LEADS) == terverifikasi
