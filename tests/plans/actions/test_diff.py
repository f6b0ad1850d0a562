"""What changed is said of the indicator it belongs to, with numbers as they are written here."""

from dataclasses import replace
from decimal import Decimal

import pytest

from coordinator.plans.actions.diff import compare_action, number
from coordinator.plans.actions.seed import ActionPart
from tests.plans.actions.builders import sheet_plan


def two() -> ActionPart:
    """Return an action with two indicators."""
    action = sheet_plan().actions[0]
    first = action.indicators[0]
    parts = [
        replace(first, id=key, name=name, targets={2026: Decimal(20)})
        for key, name in (("a", "Petugas"), ("b", "Desa"))
    ]
    return replace(action, indicators=parts)


def test_a_target_that_changed_names_its_indicator() -> None:
    was = two()
    other = replace(was.indicators[1], targets={2026: Decimal(40000)})
    found = compare_action(was, replace(was, indicators=[was.indicators[0], other]))
    assert found is not None
    assert [(one.heading, one.before, one.after) for one in found.lines] == [
        ("Target: Desa", "2026: 20", "2026: 40.000")
    ]


def test_an_indicator_of_a_new_action_is_one_block_with_its_target() -> None:
    found = compare_action(None, two())
    assert found is not None
    blocks = [[line.label for line in block] for block in found.blocks if block[0].of]
    assert [(block[0], block[-1]) for block in blocks] == [("Indikator", "Target")] * 2


@pytest.mark.parametrize(
    ("value", "text"), [("40000", "40.000"), ("8.5", "8,5"), ("0", "0"), ("1234.50", "1.234,5")]
)
def test_a_number(value: str, text: str) -> None:
    assert number(Decimal(value)) == text
