"""Words of the mapping. Pure."""

from enum import StrEnum, auto


class BasisStatus(StrEnum):
    """The legal basis of a duty or membership. A `proposal` is never shown as law."""

    REGULATION = auto()
    GUIDE = auto()
    DECREE = auto()
    PROPOSAL = auto()


class MembershipKind(StrEnum):
    """Koordinator or anggota of a pokja."""

    LEAD = auto()
    MEMBER = auto()
