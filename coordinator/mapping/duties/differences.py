"""A change from one mapping to another. Pure."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any


class MappingChange(StrEnum):
    """What happened to a part of the mapping."""

    ADDED = auto()
    REMOVED = auto()
    MOVED = auto()
    REWORDED = auto()
    REBASED = auto()


class MappingSubject(StrEnum):
    """What the change is about."""

    DUTY = auto()
    MEMBERSHIP = auto()
    AGENCY = auto()
    WORKING_GROUP = auto()
    INSTRUMENT = auto()


CHAIN = ("step", "step_as", "limit")  # the fields of a duty's place in the chain


@dataclass(frozen=True, slots=True)
class MappingDifference:
    """One change. `agencies` are the ids of those it touches, the receiving one first.

    `before` and `after` are texts to show side by side; `fields` the changed fields' names.
    """

    change: MappingChange
    subject: MappingSubject
    id: str
    label: str
    agencies: tuple[str, ...]
    before: str
    after: str
    fields: tuple[str, ...] = ()

    @property
    def is_of_chain(self) -> bool:
        """Whether of a duty only its step in the chain or its limit changed, not its wording."""
        return bool(self.fields) and set(self.fields) <= set(CHAIN)

    def as_dict(self) -> dict[str, Any]:
        """Return it as `roles diff --json` prints it."""
        return {
            "subject": self.subject.value,
            "id": self.id,
            "label": self.label,
            "agencies": list(self.agencies),
            "before": self.before,
            "after": self.after,
            "fields": list(self.fields),
        }


def by_agency(differences: list[MappingDifference]) -> dict[str, list[MappingDifference]]:
    """Return the differences that affect each agency, in their given order."""
    found: dict[str, list[MappingDifference]] = {}
    for difference in differences:
        for agency in difference.agencies:
            found.setdefault(agency, []).append(difference)
    return found
