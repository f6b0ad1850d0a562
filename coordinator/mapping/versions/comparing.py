"""Two versions side by side: what each difference says on the left and on the right. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from coordinator.mapping.duties.differences import (
    MappingChange,
    MappingDifference,
    MappingSubject,
    by_agency,
)
from coordinator.mapping.duties.seed import Mapping

PIECES = re.compile(r"\s+|[^\s]+")
LONGEST = 4000  # characters of both; longer texts are shown whole
Marked = tuple[tuple[bool, str], ...]  # (is it different, text) in order


@dataclass(frozen=True, slots=True)
class SidedChange:
    """One change: of what kind, about what, and both sides; an empty side is one that is not
    there."""

    change: MappingChange
    subject: MappingSubject
    label: str
    old: Marked
    new: Marked
    is_of_chain: bool


@dataclass(frozen=True, slots=True)
class AgencyChanges:
    """What changed for an agency; `key` is empty for pokja and legal instruments."""

    key: str
    name: str
    changes: tuple[SidedChange, ...]


def with_marks(before: str, after: str) -> tuple[Marked, Marked]:
    """Return both texts in pieces, with the words that are only in one of them marked."""
    if not before or not after or len(before) + len(after) > LONGEST:
        return _whole(before), _whole(after)
    old, new = PIECES.findall(before), PIECES.findall(after)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for what, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = what != "equal" or (i > 0 and j < len(old) and not "".join(old[i:j]).strip())
        for side, pieces in ((left, old[i:j]), (right, new[k:n])):
            if pieces:
                side.append((is_changed, "".join(pieces)))
    return tuple(left), tuple(right)


def _whole(text: str) -> Marked:
    return ((False, text),) if text else ()


def sided(one: MappingDifference) -> SidedChange:
    """Return a difference with its two sides. What was added or removed is named on its side."""
    label, before, after = one.label, one.before, one.after
    if one.change is MappingChange.ADDED:
        label, after = "", f"{one.label}\n{one.after}".strip()
    elif one.change is MappingChange.REMOVED:
        label, before = "", f"{one.label}\n{one.before}".strip()
    elif after.startswith(label):  # a reworded duty is called by its new words
        label = ""
    return SidedChange(one.change, one.subject, label, *with_marks(before, after), one.is_of_chain)


def by_agencies(
    differences: Sequence[MappingDifference], before: Mapping, after: Mapping, *, only: str = ""
) -> list[AgencyChanges]:
    """Return the changes of each agency by name, and at the end those that touch none; of one
    agency where `only` names it."""
    names = agency_names(before, after)
    found = [
        AgencyChanges(key, names.get(key, key), tuple(map(sided, own)))
        for key, own in by_agency(list(differences)).items()
        if only in ("", key)
    ]
    found.sort(key=lambda one: one.name.casefold())
    general = tuple(sided(one) for one in differences if not one.agencies)
    if general and not only:
        found.append(AgencyChanges("", "", general))
    return found


def agency_names(before: Mapping, after: Mapping) -> dict[str, str]:
    """Return the abbreviations of the agencies of both versions, by the id they have now."""
    renamed = {old: part.id for part in after.agencies for old in part.former_ids}
    older = {renamed.get(part.id, part.id): part.abbreviation for part in before.agencies}
    return older | {part.id: part.abbreviation for part in after.agencies}
