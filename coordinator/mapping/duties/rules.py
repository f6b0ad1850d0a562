"""Words of the mapping. Pure."""

from collections.abc import Callable, Sequence
from enum import StrEnum, auto
from typing import Any, TypeVar

C = TypeVar("C")
DECREE_KIND = "keputusan"  # the kind of a legal instrument that is a decree (SK)


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


def split_basis(
    status: BasisStatus, citations: Sequence[C], kind_of: Callable[[C], str]
) -> tuple[list[C], list[C]]:
    """Return what a duty or membership rests on, and the articles that are a general reference.

    No article of a proposal assigns it. What a decree (SK) set rests on the decree: the articles
    that it had as a proposal stay a general reference. `kind_of` is the kind of the instrument.
    """
    if status is BasisStatus.PROPOSAL:
        return [], list(citations)
    own = [one for one in citations if kind_of(one) == DECREE_KIND]
    if status is not BasisStatus.DECREE or not own:
        return list(citations), []
    return own, [one for one in citations if kind_of(one) != DECREE_KIND]


def keeps_answers(former: BasisStatus, status: BasisStatus, *, is_same_law: bool) -> bool:
    """Return whether an answer to the same words, on the basis `former`, holds on the new basis.

    A decree (SK) asks nobody again: what it sets was proposed and answered before.
    """
    return status is BasisStatus.DECREE or (former is status and is_same_law)


class WithBasis:
    """A duty or membership as a row: what it rests on, apart from general references."""

    __slots__ = ()

    @property
    def basis(self: Any) -> list[Any]:
        """Return the citations that assign it; none where it is a proposal."""
        return split_basis(self.status, self.citations, _kind)[0]

    @property
    def general(self: Any) -> list[Any]:
        """Return the citations that assign it to nobody."""
        return split_basis(self.status, self.citations, _kind)[1]


def _kind(citation: Any) -> str:
    return str(citation.instrument.kind)
