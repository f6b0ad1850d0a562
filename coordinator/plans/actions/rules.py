"""Words of a plan, and which target is whose. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum, auto
from typing import Protocol

from coordinator.people.directory.rules import TaskForceLevel


class PlanKind(StrEnum):
    """National (RAN) or regional (RAD) action plan."""

    RAN = auto()
    RAD = auto()


class PlanStatus(StrEnum):
    """A draft is never shown as enacted."""

    DRAFT = auto()
    ENACTED = auto()


class IndicatorKind(StrEnum):
    """What the reported value is. Yes/no and milestone are 1 when reached, 0 before."""

    NUMBER = auto()
    PERCENT = auto()
    YES_NO = auto()
    MILESTONE = auto()


class Better(StrEnum):
    """Which direction is good."""

    UP = auto()
    DOWN = auto()


class Accumulation(StrEnum):
    """Whether values of a year's periods add up."""

    CUMULATIVE = auto()
    PER_PERIOD = auto()


class PartyKind(StrEnum):
    """Lead (penanggung jawab) or support (pendukung) of an action item."""

    LEAD = auto()
    SUPPORT = auto()


class TargetLevel(StrEnum):
    """Whose target it is: the country's, a province's, or a kabupaten/kota's."""

    NATIONAL = auto()
    PROVINCE = auto()
    DISTRICT = auto()


class TargetLike(Protocol):
    """A target, from any source."""

    @property
    def level(self) -> TargetLevel | None: ...
    @property
    def year(self) -> int: ...
    @property
    def value(self) -> Decimal: ...


def is_below_law(value: Decimal, floor: Decimal, better: Better) -> bool:
    """Tell whether a target asks for less than the law does; where less is better, for more."""
    return value < floor if better is Better.UP else value > floor


def target_level(level: TaskForceLevel) -> TargetLevel:
    """Return whose targets a task force of this government answers for."""
    is_province = level is TaskForceLevel.PROVINCE
    return TargetLevel.PROVINCE if is_province else TargetLevel.DISTRICT


def targets_for(targets: Iterable[TargetLike], level: TargetLevel) -> dict[int, Decimal]:
    """Return an indicator's targets by year for one level: its own where there is one, else the
    one for every level."""
    found: dict[int, Decimal] = {}
    for target in sorted(targets, key=lambda one: one.level is not None):
        if target.level in (None, level):
            found[target.year] = target.value
    return dict(sorted(found.items()))
