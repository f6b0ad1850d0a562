"""Who would get what, when many items are given at once: worked out, nothing changed."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from coordinator.assignments.changes import queries
from coordinator.assignments.changes.queries import Filter
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.mapping.duties.rules import MembershipKind
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind


class Assignee(StrEnum):
    """To whom many items go: to whom the plan suggests, to one agency, or to the coordinator of
    each item's pokja."""

    PLAN = auto()
    AGENCY = auto()
    COORDINATOR = auto()


class Obstacle(StrEnum):
    """Why an item cannot be given this way."""

    HELD = auto()
    NO_LEAD_IN_PLAN = auto()
    LEAD_NOT_HERE = auto()
    LEAD_IS_COURT = auto()
    NO_GROUP = auto()
    NO_COORDINATOR = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class SuggestedAssignment:
    """One item, its pokja, and who would get it."""

    action: ActionItem
    working_group: WorkingGroup
    lead: Agency
    support: tuple[Agency, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What giving would do. `left_out` counts supporters of the plan that this task force does not
    have, or that are courts."""

    proposals: Sequence[SuggestedAssignment]
    obstacles: Sequence[tuple[ActionItem, Obstacle]]
    left_out: int

    @property
    def agencies(self) -> dict[int, Agency]:
        """Everybody who would get something, by id."""
        return {agency.id: agency for one in self.proposals for agency in (one.lead, *one.support)}

    @property
    def leads(self) -> Counter[int]:
        """How many items each agency would lead, by agency id."""
        return Counter(one.lead.id for one in self.proposals)

    @property
    def supports(self) -> Counter[int]:
        """How many items each agency would support, by agency id."""
        return Counter(agency.id for one in self.proposals for agency in one.support)

    @property
    def fingerprint(self) -> str:
        """What tells whether this is still what a person saw and confirmed."""
        text = ";".join(
            f"{one.action.public_id}:{one.lead.id}:{','.join(str(a.id) for a in one.support)}"
            for one in self.proposals
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def prepare(viewer: Viewer, wanted: Filter, towards: Assignee, *, lead: str = "") -> Prepared:
    """Return who of the viewer's task force would get which of the free items.

    `lead` is the slug of the one agency, for `Towards.AGENCY`.
    """
    agencies = directory.agencies(viewer)
    by_key = by_kind(agencies)
    chosen = next((a for a in agencies if a.slug == lead and not a.is_court), None)
    groups = {group.key: group for group in duty_queries.working_groups(viewer)}
    coordinators = {
        member.working_group_id: member.agency
        for member in duty_queries.memberships(viewer)
        if member.kind is MembershipKind.LEAD
    }
    proposals: list[SuggestedAssignment] = []
    obstacles: list[tuple[ActionItem, Obstacle]] = [
        (action, Obstacle.HELD)
        for action in (queries.held_among(viewer, wanted.ids) if wanted.ids else [])
    ]
    left_out = 0
    for action in queries.items_to_give(viewer, wanted):
        group = groups.get(action.working_group_key)
        if group is None:
            obstacles.append((action, Obstacle.NO_GROUP))
            continue
        support: tuple[Agency, ...] = ()
        found: Agency | Obstacle
        if towards is Assignee.AGENCY:
            found = chosen or Obstacle.LEAD_NOT_HERE
        elif towards is Assignee.COORDINATOR:
            found = coordinators.get(group.id, Obstacle.NO_COORDINATOR)
        else:
            found = _lead_of(action, by_key)
            support, missing = _support_of(action, by_key, found)
            left_out += 0 if isinstance(found, Obstacle) else missing
        if isinstance(found, Agency) and found.is_court:
            found = Obstacle.LEAD_IS_COURT
        if isinstance(found, Obstacle):
            obstacles.append((action, found))
        else:
            proposals.append(SuggestedAssignment(action, group, found, support))
    return Prepared(proposals, obstacles, left_out)


def by_kind(agencies: Sequence[Agency]) -> dict[str, Agency]:
    """Return agencies by the keys a plan may name them with.

    Those are their own keys, and the key of the same kind of agency where the mapping was copied
    from.
    """
    return {agency.lineage: agency for agency in agencies} | {
        agency.key: agency for agency in agencies
    }


def _lead_of(action: ActionItem, by_key: Mapping[str, Agency]) -> Agency | Obstacle:
    key = next((c.agency_key for c in action.candidates if c.kind is PartyKind.LEAD), None)
    if key is None:
        return Obstacle.NO_LEAD_IN_PLAN
    return by_key.get(key, Obstacle.LEAD_NOT_HERE)


def _support_of(
    action: ActionItem, by_key: Mapping[str, Agency], lead: Agency | Obstacle
) -> tuple[tuple[Agency, ...], int]:
    """Return the supporters that may be given work, and how many others the plan suggests."""
    keys = [c.agency_key for c in action.candidates if c.kind is PartyKind.SUPPORT]
    found = [by_key[key] for key in keys if key in by_key and not by_key[key].is_court]
    # Two names of the plan may be one agency here.
    return tuple(one for one in dict.fromkeys(found) if one is not lead), len(keys) - len(found)
