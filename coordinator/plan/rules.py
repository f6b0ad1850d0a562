"""Words of a plan. Pure."""

from enum import StrEnum, auto


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
