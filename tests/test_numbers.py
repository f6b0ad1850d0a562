"""The one rule for numbers that people typed. No database."""

from decimal import Decimal

import pytest

from coordinator import numbers
from coordinator.numbers import BadNumber, Doubt


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("1,234", ("1.234", "1234")),
        ("1.234", ("1234", "1.234")),
        ("12.500", ("12500", "12.500")),
        ("1234,567", ("1234.567",)),
        ("1.234.567", ("1234567",)),
        ("1,234,567", ("1234567",)),
        ("1.234,5", ("1234.5",)),
        ("1,234.5", ("1234.5",)),
        ("0,125", ("0.125",)),
        ("0.125", ("0.125",)),
        ("1 000", ("1000",)),
        ("92.5", ("92.5",)),
        ("-3", ("-3",)),
    ],
)
def test_what_may_be_two_numbers_has_both(written: str, readings: tuple[str, ...]) -> None:
    typed = numbers.read(written)
    assert (typed.value, *typed.readings[1:]) == tuple(map(Decimal, readings))


@pytest.mark.parametrize(
    "written", ["", "1.23.456", "1,23,456", "1..2", ".5", "5,", "1e5", "١٢", "½"]
)
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(BadNumber):
        numbers.read(written)


@pytest.mark.parametrize(
    ("value", "is_percent", "doubt"),
    [
        ("0.9", True, Doubt.BELOW_ONE),
        ("0", True, None),
        ("1", True, None),
        ("100", True, None),
        ("100.5", True, Doubt.ABOVE_HUNDRED),
        ("8000", False, None),
        ("0.9", False, None),
    ],
)
def test_doubtful_percentages(value: str, is_percent: bool, doubt: Doubt | None) -> None:
    assert numbers.doubt(Decimal(value), is_percent=is_percent) == doubt


@pytest.mark.parametrize(
    ("written", "is_percent", "words"),
    [
        ("1,234", False, "1 koma 234, bukan 1234"),
        ("1.234", False, ""),  # everybody here means 1234
        ("0,9 %", True, "0,9 persen, bukan 90 persen"),
        ("8000", True, "8000 persen"),
        ("90%", True, ""),
        ("banyak", False, ""),
    ],
)
def test_the_question_says_both_readings(written: str, is_percent: bool, words: str) -> None:
    said = numbers.asked_of(written, is_percent=is_percent)
    assert (words in said, bool(said)) == (True, bool(words))


def test_importers_learn_of_both_writings_of_a_thousand() -> None:
    assert numbers.number_of("1.234") == (Decimal(1234), "“1.234” dibaca 1234.")
    with pytest.raises(BadNumber) as bad:
        numbers.number_of("1,234")
    assert bad.value.readings == (Decimal(1234), Decimal("1.234"))
