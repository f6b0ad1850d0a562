"""Periods an assignment is reported in, budget codes, rupiah."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.assignments.rules import (
    ReportedIn,
    is_budget_code,
    is_reported_in,
    months_mask,
    months_of,
    parse_rupiah,
)
from coordinator.formatting import rupiah

QUARTERS = {
    "TW I": (date(2026, 1, 1), date(2026, 3, 31)),
    "TW II": (date(2026, 4, 1), date(2026, 6, 30)),
    "TW III": (date(2026, 7, 1), date(2026, 9, 30)),
    "TW IV": (date(2026, 10, 1), date(2026, 12, 31)),
}


@pytest.mark.parametrize(
    ("kind", "months", "due_on", "asked"),
    [
        (ReportedIn.EVERY, None, date(2026, 12, 31), ["TW I", "TW II", "TW III", "TW IV"]),
        # Overdue and still open: asked until somebody closes it.
        (ReportedIn.EVERY, None, date(2026, 7, 1), ["TW I", "TW II", "TW III", "TW IV"]),
        (ReportedIn.LAST, None, date(2026, 9, 30), ["TW III"]),
        (ReportedIn.LAST, None, date(2026, 8, 15), ["TW III"]),
        (ReportedIn.MONTHS, months_mask([6, 12]), date(2026, 12, 31), ["TW II", "TW IV"]),
        (ReportedIn.MONTHS, months_mask([6, 12]), date(2026, 9, 30), ["TW II", "TW IV"]),
        (ReportedIn.MONTHS, months_mask([6]), date(2025, 12, 31), ["TW II"]),
        (ReportedIn.EVERY, None, date(2025, 12, 31), ["TW I", "TW II", "TW III", "TW IV"]),
        (ReportedIn.LAST, None, date(2025, 12, 31), []),
    ],
)
def test_in_which_quarters_an_assignment_is_reported(
    kind: ReportedIn, months: int | None, due_on: date, asked: list[str]
) -> None:
    found = [
        label
        for label, (start, end) in QUARTERS.items()
        if is_reported_in(kind, months, due_on, covers_from=start, covers_until=end)
    ]
    assert found == asked


@given(st.sets(st.integers(1, 12), min_size=1))
def test_months_come_back_as_they_went(months: set[int]) -> None:
    assert months_of(months_mask(months)) == tuple(sorted(months))


@given(st.integers(0, 999_999_999_999_999))
def test_rupiah_are_read_as_they_are_written(amount: int) -> None:
    assert parse_rupiah(rupiah(amount)) == amount
    assert parse_rupiah(str(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Rp12.500.000,00", 12_500_000),
        ("rp. 5.000,-", 5_000),
        ("12.50", None),
        ("1.000.00", None),
        ("-5", None),
        ("12,5", None),
        ("lima juta", None),
        ("", None),
        ("9" * 20, None),
    ],
)
def test_rupiah_by_hand(text: str, amount: int | None) -> None:
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("2.08.03.2.01.0002", True),
        ("2.08", True),
        ("208", False),
        ("2..08", False),
        ("2.08.", False),
        ("A.1", False),
    ],
)
def test_budget_codes(text: str, is_code: bool) -> None:
    assert is_budget_code(text) is is_code
