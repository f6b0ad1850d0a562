"""What a new version of a plan means for each assignment that runs under it. Pure.

An assignment keeps its action, its parties and what was reported. A target that came from the plan
follows the plan; one that the secretariat set for the assignment stays, unless it says otherwise.
An assignment of an action that fell away is closed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

from coordinator.plans.actions.rules import TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile


class TargetFate(StrEnum):
    """What becomes of an assignment's target: it follows the plan, stays as it was set for the
    assignment, or is of an indicator that is new."""

    FOLLOWS = auto()
    KEPT = auto()
    NEW = auto()


@dataclass(frozen=True, slots=True)
class Running:
    """An open assignment. `agency_ids` are its parties, the lead first; `targets` are by indicator
    (its key) and year."""

    id: int
    public_id: str
    version: int
    action_key: str
    part: str
    lead: str
    agency_ids: tuple[int, ...]
    due_on: date
    targets: Mapping[tuple[str, int], Decimal]


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A target of one year: before and after (None: "tanpa target"), and what the plan says.

    `former_unit` is the unit that `before` was in; where it is another, the number means something
    else now.
    """

    indicator: str
    name: str
    unit: str
    year: int
    before: Decimal | None
    after: Decimal | None
    plan: Decimal | None
    fate: TargetFate
    former_unit: str = ""

    @property
    def has_other_unit(self) -> bool:
        """Whether the indicator is measured in another unit than before."""
        return bool(self.former_unit) and self.former_unit != self.unit

    @property
    def changes(self) -> bool:
        """Whether applying it changes anything."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class AssignmentOutcome:
    """What becomes of one assignment. `closed` is the reason where its action fell away; `gone` are
    the indicators that are asked for no more, by name."""

    running: Running
    before: ActionPart
    after: ActionPart
    closed: str | None = None
    targets: tuple[TargetChange, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_renamed(self) -> bool:
        """Whether its action has another code or title."""
        return (self.before.code, self.before.title) != (self.after.code, self.after.title)

    @property
    def has_other_parties(self) -> bool:
        """Whether the plan names other agencies than before: the assignment's own stay."""
        return _parties(self.before) != _parties(self.after)

    @property
    def planned_agencies(self) -> tuple[str, ...]:
        """The agencies (keys) that the plan names now, the lead first."""
        return tuple(key for key in (self.after.lead, *self.after.support) if key)

    @property
    def may_follow(self) -> bool:
        """Whether it has a target of its own that the plan has another value for. A part of a
        divided action never takes the target of the whole."""
        is_kept = any(one.fate is TargetFate.KEPT for one in self.targets)
        return is_kept and not self.running.part


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the secretariat decided: which assignments (public ids) follow the plan in spite of a
    target of their own, and from which year the targets of new indicators count."""

    follow: Collection[str] = ()
    new_from: int = 0


NO_WISHES = Wishes()


def outcomes(
    running: Collection[Running],
    before: PlanFile | None,
    after: PlanFile,
    *,
    level: TargetLevel,
    year: int,
    wishes: Wishes = NO_WISHES,
) -> list[AssignmentOutcome]:
    """Return what becomes of the assignments for which `after` changes anything, in plan order.

    `level` is the task force's; `year` the present one: targets of earlier years stay.
    """
    old = {part.id: part for part in (before.actions if before else ())}
    new = {part.id: part for part in after.actions}
    order = {key: place for place, key in enumerate(old)}
    found = []
    for one in sorted(running, key=lambda one: (order.get(one.action_key, -1), one.part)):
        was = old.get(one.action_key)
        if was is None:
            continue
        outcome = _outcome(one, was, new.get(one.action_key), level, year, wishes)
        if outcome is not None:
            found.append(outcome)
    return found


def _outcome(
    one: Running,
    before: ActionPart,
    after: ActionPart | None,
    level: TargetLevel,
    year: int,
    wishes: Wishes,
) -> AssignmentOutcome | None:
    if after is None:
        return None  # an action that somebody holds never leaves a plan silently
    if after.discontinued:
        # One that was discontinued before ran on because somebody decided so.
        is_new = not before.discontinued
        return AssignmentOutcome(one, before, after, closed=after.discontinued) if is_new else None
    changes = tuple(_targets(one, before, after, level, year, wishes))
    kept = {part.id for part in after.indicators}
    gone = tuple(part.name for part in before.indicators if part.id not in kept)
    found = AssignmentOutcome(one, before, after, targets=changes, gone=gone)
    is_told = changes or gone or found.is_renamed or found.has_other_parties
    return found if is_told else None


def _parties(part: ActionPart) -> tuple[str | None, frozenset[str]]:
    return part.lead, frozenset(part.support)


def _targets(
    one: Running,
    before: ActionPart,
    after: ActionPart,
    level: TargetLevel,
    year: int,
    wishes: Wishes,
) -> Iterator[TargetChange]:
    old = {part.id: part for part in before.indicators}
    for part in after.indicators:
        planned, former = _planned(part, level), _planned(old.get(part.id), level)
        for at in range(year, max(year, one.due_on.year) + 1):
            own, plan = one.targets.get((part.id, at)), planned.get(at)
            if part.id not in old:
                # The parts of a divided action share its target: a person divides it.
                is_given = at >= wishes.new_from and not one.part
                fate, value = TargetFate.NEW, plan if is_given else None
            elif not one.part and (own == former.get(at) or one.public_id in wishes.follow):
                fate, value = TargetFate.FOLLOWS, plan
            else:
                fate, value = TargetFate.KEPT, own
            unit = old[part.id].unit if part.id in old else ""
            change = TargetChange(part.id, part.name, part.unit, at, own, value, plan, fate, unit)
            is_same = own == plan or (fate is TargetFate.KEPT and plan == former.get(at))
            has_news = change.has_other_unit and own is not None
            if fate is TargetFate.NEW or has_news or not is_same:
                yield change


def _planned(part: IndicatorPart | None, level: TargetLevel) -> dict[int, Decimal]:
    return {**part.targets, **part.level_targets.get(level, {})} if part else {}
