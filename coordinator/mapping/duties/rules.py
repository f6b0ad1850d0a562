"""Words of the mapping. Pure."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
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


class ChainStep(StrEnum):
    """A step of the chain through which a victim and a case pass, in this order."""

    FIND = auto()
    SERVE = auto()
    SHELTER = auto()
    RETURN = auto()
    PROSECUTE = auto()


class StepHolding(StrEnum):
    """What the agency of a duty is in its step: the one that answers for it, or one that helps."""

    LEAD = auto()
    SUPPORT = auto()


class LimitUnit(StrEnum):
    """What a limit counts."""

    HOURS = auto()
    DAYS = auto()
    MONTHS = auto()


class LimitBound(StrEnum):
    """Whether a limit is the most or the least that a duty may take."""

    MOST = auto()
    LEAST = auto()


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

    @property
    def laws(self: Any) -> list[Any]:
        """Return the citations to compare with a law's text; a decree (SK) is none."""
        return [one for one in self.citations if _kind(one) != DECREE_KIND]


def _kind(citation: Any) -> str:
    return str(citation.instrument.kind)


class TextVerdict(StrEnum):
    """What a checker says of a duty's words next to the text that is cited for them."""

    AGREES = auto()
    DIFFERS = auto()
    DOUBTFUL = auto()


@dataclass(frozen=True, slots=True)
class TextStatement:
    """What is known of one citation: compared on a day, by which office ("" where only the mapping
    file says so)."""

    verdict: TextVerdict
    on: date
    office: str = ""

    @property
    def agrees(self) -> bool:
        """Return whether the words were found in the text."""
        return self.verdict is TextVerdict.AGREES


def newest_statement(file_on: date | None, check: TextStatement | None) -> TextStatement | None:
    """Return what counts for a citation: the newer of the day in the mapping file and the check on
    screen, the check where both are of one day."""
    if check is not None and (file_on is None or check.on >= file_on):
        return check
    return None if file_on is None else TextStatement(TextVerdict.AGREES, file_on)


def instrument_checked_on(
    file_on: date | None, statements: Sequence[TextStatement | None]
) -> date | None:
    """Return the day on which the last of an instrument's citations was found to agree.

    None while one is open, differs or is doubtful. The day that the mapping file gives for the
    whole instrument counts for every citation about which nothing newer is known.
    """
    days = [] if file_on is None else [file_on]
    for one in statements:
        if file_on is not None and (one is None or one.on < file_on):
            continue
        if one is None or not one.agrees:
            return None
        days.append(one.on)
    return max(days, default=None)


def subject_of(*parts: str | int | None) -> str:
    """Return the one name of what a check compares: whose words, the words, their status, and the
    citation. A change of any part makes it another."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
