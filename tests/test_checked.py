"""Data classes that are checked when they are read: what is refused, and how names are written."""

from dataclasses import FrozenInstanceError, field
from typing import Annotated, Any

import pytest

from coordinator.checked import CheckedData, Limits, Unfit
from coordinator.plans.reading.shapes import Choices


def _no_word(value: object) -> object:
    if value == "kata":
        raise ValueError("a word")
    return value


class _Line(CheckedData):
    from_: Annotated[int, Limits(_no_word, ge=1)]
    notes: Annotated[list[str], Limits(max_length=2)] = field(default_factory=list)


def test_a_name_that_is_a_word_of_python_is_written_without_underscore() -> None:
    line = _Line.checked({"from": 3})
    assert line == _Line(from_=3) == _Line.from_json(line.to_json())
    assert line.to_plain() == {"from": 3, "notes": []}
    assert line.to_plain(exclude_defaults=True) == {"from": 3}
    assert line.to_json() == '{"from":3,"notes":[]}'


@pytest.mark.parametrize(
    ("values", "kind", "place"),
    [
        ({"from": 0}, "greater_than_equal", ("from",)),
        ({"from": "kata"}, "value_error", ("from",)),
        ({"from": 1, "notes": ["a", "b", "c"]}, "too_long", ("notes",)),
        ({"from": 1, "to": 2}, "unexpected_keyword_argument", ("to",)),
        ({"from_": 1}, "missing", ("from",)),
        ([], "dataclass_type", ()),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    values: Any, kind: str, place: tuple[str, ...]
) -> None:
    with pytest.raises(Unfit) as refused:
        _Line.checked(values)
    assert (refused.value.faults[0]["type"], refused.value.faults[0]["loc"]) == (kind, place)


def test_what_is_no_json_is_refused_too() -> None:
    with pytest.raises(Unfit):
        _Line.from_json("{")


def test_what_was_checked_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        _Line(from_=1).from_ = 2  # type: ignore[misc]


@pytest.mark.parametrize(("kept", "sheets"), [('"Aksi"', ["Aksi"]), ('""', []), ("null", [])])
def test_choices_kept_while_one_sheet_was_read_still_count(kept: str, sheets: list[str]) -> None:
    assert Choices.from_json(f'{{"sheet": {kept}, "take": ["-"]}}') == Choices(
        sheets=sheets, take=["-"]
    )
