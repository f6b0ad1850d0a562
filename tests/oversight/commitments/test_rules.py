"""What a year's values come to, and how they stand against the target."""

from decimal import Decimal

import pytest

from coordinator.oversight.commitments.labels import figure_text
from coordinator.oversight.commitments.rules import YearFigure, by_ratio, of_the_year
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind

NUMBER, PERCENT, CHOICE = IndicatorKind.NUMBER, IndicatorKind.PERCENT, IndicatorKind.YES_NO


def figure(
    verified: str | None,
    target: str | None,
    *,
    kind: IndicatorKind = NUMBER,
    better: Better = Better.UP,
) -> YearFigure:
    """A figure of events."""
    return YearFigure(
        "Kegiatan",
        "kegiatan",
        kind,
        better,
        None if verified is None else Decimal(verified),
        None if target is None else Decimal(target),
    )


@pytest.mark.parametrize(
    ("values", "kind", "accumulation", "total"),
    [
        (("3", "4"), NUMBER, Accumulation.CUMULATIVE, "7"),
        ((), NUMBER, Accumulation.CUMULATIVE, "0"),
        (("3", "4"), NUMBER, Accumulation.PER_PERIOD, "4"),
        (("80", "60"), PERCENT, Accumulation.CUMULATIVE, "60"),
        ((), PERCENT, Accumulation.PER_PERIOD, None),
        (("1", "0"), CHOICE, Accumulation.CUMULATIVE, "1"),
        ((), CHOICE, Accumulation.CUMULATIVE, None),
    ],
)
def test_a_year_adds_up_only_what_can_be_added(
    values: tuple[str, ...], kind: IndicatorKind, accumulation: Accumulation, total: str | None
) -> None:
    found = of_the_year([Decimal(one) for one in values], kind, accumulation)
    assert found == (None if total is None else Decimal(total))


@pytest.mark.parametrize(
    ("one", "text", "percent"),
    [
        (figure("7", "12"), "7 dari 12 kegiatan", 58),
        (figure("0", "12"), "0 dari 12 kegiatan", 0),
        (figure("15", "12"), "15 dari 12 kegiatan", 100),
        (figure("7.5", None), "7,5 kegiatan, tanpa target", None),
        (figure(None, "80", kind=PERCENT), "belum ada angka, target 80 kegiatan", None),
        (figure("3", "5", better=Better.DOWN), "3 kegiatan, paling banyak 5", None),
        (figure("1", "1", kind=CHOICE), "sudah tercapai", None),
        (figure(None, "1", kind=CHOICE), "belum tercapai", None),
    ],
)
def test_the_words_and_the_bar(
    in_app: None, one: YearFigure, text: str, percent: int | None
) -> None:
    assert figure_text(one) == text
    assert one.percent == percent


def test_what_cannot_be_compared_comes_last_either_way() -> None:
    figures = [
        (1, [figure("6", "12")]),
        (2, []),
        (3, [figure("1", "12"), figure("9", "9")]),
        (4, [figure("2", "1", better=Better.DOWN)]),
        (5, [figure("3", None)]),
    ]
    assert by_ratio(figures, highest_first=False) == [3, 1, 4, 2, 5]
    assert by_ratio(figures, highest_first=True) == [1, 4, 3, 2, 5]
