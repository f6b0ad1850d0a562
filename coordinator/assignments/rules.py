"""Words of assignments. Pure."""

from enum import StrEnum, auto


class BasisKind(StrEnum):
    """Where an assignment was born: a letter, or a meeting."""

    LETTER = auto()
    MEETING = auto()
