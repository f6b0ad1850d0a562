"""Whose target it is."""

from dataclasses import dataclass
from decimal import Decimal

from coordinator.people.directory.rules import TaskForceLevel
from coordinator.plans.actions.rules import TargetLevel, target_level, targets_for


@dataclass(frozen=True)
class One:
    """A target."""

    level: TargetLevel | None
    year: int
    value: Decimal


def test_the_own_levels_target_wins_over_the_one_for_every_level() -> None:
    targets = [
        One(TargetLevel.DISTRICT, 2026, Decimal(3)),
        One(None, 2026, Decimal(12)),
        One(None, 2025, Decimal(10)),
        One(TargetLevel.NATIONAL, 2027, Decimal(500)),
    ]
    every = {2025: Decimal(10), 2026: Decimal(12)}
    assert targets_for(targets, TargetLevel.PROVINCE) == every
    assert targets_for(targets, TargetLevel.DISTRICT) == {**every, 2026: Decimal(3)}
    assert targets_for(targets, TargetLevel.NATIONAL)[2027] == 500
    assert targets_for([], TargetLevel.PROVINCE) == {}


def test_a_province_has_a_level_of_its_own_kabupaten_and_kota_share_one() -> None:
    assert [target_level(level) for level in TaskForceLevel] == [
        TargetLevel.PROVINCE,
        TargetLevel.DISTRICT,
        TargetLevel.DISTRICT,
    ]
