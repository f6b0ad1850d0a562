"""Presets of a year, windows, gaps: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.people.directory.rules import is_working_day
from coordinator.periods.rules import (
    PeriodState,
    Preset,
    Window,
    gaps,
    is_name_typed,
    place_in_year,
    preset_spans,
    state_of,
    usual_window,
)

YEARS = st.integers(2020, 2100)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
ONE = timedelta(days=1)


@given(st.sampled_from(Preset), YEARS)
def test_a_presets_parts_are_the_year_without_gap_or_overlap(preset: Preset, year: int) -> None:
    spans = preset_spans(preset, year)
    days = [
        span.covers_from + ONE * n
        for span in spans
        for n in range((span.covers_until - span.covers_from).days + 1)
    ]
    assert days == [
        date(year, 1, 1) + ONE * n for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)
    ]
    assert len({span.label for span in spans}) == len(spans)
    assert gaps(year, [(span.covers_from, span.covers_until) for span in spans]) == []
    places = [place_in_year(span.covers_from, span.covers_until) for span in spans]
    assert places == [(number, len(spans)) for number in range(1, len(spans) + 1)]


@given(st.lists(st.tuples(DAYS, st.integers(0, 200)), max_size=6))
def test_gaps_are_exactly_the_days_that_no_span_has(parts: list[tuple[date, int]]) -> None:
    spans = [(start, start + timedelta(days=length)) for start, length in parts]
    covered = {start + ONE * n for start, end in spans for n in range((end - start).days + 1)}
    bare = {
        start + ONE * n for start, end in gaps(2027, spans) for n in range((end - start).days + 1)
    }
    assert bare == {date(2027, 1, 1) + ONE * n for n in range(365)} - covered


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.integers(0, 364))
def test_every_span_has_a_place_in_its_year(start: date, length: int) -> None:
    end = min(start + timedelta(days=length), date(2027, 12, 31))
    position, parts = place_in_year(start, end)
    assert 1 <= position <= parts <= 12


@given(DAYS, st.frozensets(DAYS, max_size=40))
def test_the_usual_window_begins_after_the_span_and_ends_on_a_working_day(
    end: date, off: frozenset[date]
) -> None:
    window = usual_window(end, off)
    assert end < window.opens_on
    assert is_working_day(window.opens_on, off)
    assert is_working_day(window.closes_on, off)
    assert not window.is_short


def test_a_window_of_thirteen_days_is_short_and_of_fourteen_is_not() -> None:
    assert Window(date(2027, 4, 1), date(2027, 4, 13)).is_short
    assert not Window(date(2027, 4, 1), date(2027, 4, 14)).is_short
    assert (
        Window(date(2026, 12, 23), date(2026, 12, 28)).working_days(
            {date(2026, 12, 24), date(2026, 12, 25)}
        )
        == 2
    )


@pytest.mark.parametrize(
    ("is_opened", "is_closed", "closes_on", "state"),
    [
        (False, False, date(2027, 4, 15), PeriodState.PLANNED),
        (True, False, date(2027, 4, 15), PeriodState.OPEN),
        (True, False, date(2027, 4, 14), PeriodState.PAST),
        (True, True, date(2027, 4, 14), PeriodState.CLOSED),
    ],
)
def test_where_a_period_is(
    is_opened: bool, is_closed: bool, closes_on: date, state: PeriodState
) -> None:
    assert (
        state_of(
            is_opened=is_opened, is_closed=is_closed, closes_on=closes_on, on=date(2027, 4, 15)
        )
        is state
    )


def test_the_name_is_typed_exactly_but_for_spaces() -> None:
    assert is_name_typed("  Triwulan  I 2027 ", "Triwulan I 2027")
    assert not is_name_typed("triwulan I 2027", "Triwulan I 2027")
