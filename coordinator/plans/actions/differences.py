"""A change from one plan to another. Pure."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any


class PlanChange(StrEnum):
    """What happened to a part of the plan."""

    NEW = auto()
    CHANGED = auto()
    DISCONTINUED = auto()
    RESUMED = auto()
    REMOVED = auto()


class PlanSubject(StrEnum):
    """What the change is about."""

    ACTION = auto()
    STRATEGY = auto()
    PLAN = auto()


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One changed field: its name, its value before and its value now; empty is nothing.
    `of` names the indicator it belongs to."""

    label: str
    before: str
    after: str
    of: str = ""

    @property
    def heading(self) -> str:
        """The field, with the indicator it is of: an action may have several."""
        return f"{self.label}: {self.of}" if self.of and self.label != INDICATOR else self.label


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One change. `agencies` are the keys the action names, before or after, the lead first."""

    change: PlanChange
    subject: PlanSubject
    id: str
    code: str
    label: str
    agencies: tuple[str, ...]
    lines: tuple[PlanLine, ...]

    @property
    def blocks(self) -> list[list[PlanLine]]:
        """Return the lines that a person reads together: an indicator with its targets is one."""
        found: list[list[PlanLine]] = []
        for line in self.lines:
            if line.of and found and found[-1][-1].of == line.of and line.label != INDICATOR:
                found[-1].append(line)
            else:
                found.append([line])
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return it as `plan import --dry-run --json` prints it."""
        return {
            "change": self.change.value,
            "subject": self.subject.value,
            "id": self.id,
            "code": self.code,
            "label": self.label,
            "agencies": list(self.agencies),
            "fields": [
                {"field": line.label, "before": line.before, "after": line.after}
                for line in self.lines
            ],
        }


INDICATOR = "Indikator"
