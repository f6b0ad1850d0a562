"""What would be proposed to whom: worked out, nothing changed."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from coordinator.assignments.changes.bulk import Assignee, Obstacle, Prepared, by_kind
from coordinator.assignments.changes.bulk import prepare as prepare_assignments
from coordinator.assignments.changes.queries import Filter, items_to_propose
from coordinator.assignments.proposals import queries
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.clock import today
from coordinator.people.accounts.queries import secretariat_of
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem


@dataclass(frozen=True, slots=True)
class ProposalReceiver:
    """What one task force would be asked, and as counts what it holds, what it was asked already.
    `people` are the ids of the accounts that read its mail: how many, never who."""

    force: TaskForce
    items: Sequence[ActionItem]
    held: int
    waiting: int
    people: frozenset[int]

    @property
    def has_mapping(self) -> bool:
        """Without a mapping of its own it has no agencies yet: what is proposed waits."""
        return self.force.state is TaskForceState.ACTIVE


@dataclass(frozen=True, slots=True)
class ProposalPreview:
    """What proposing would do. `regional` counts chosen items of the proposer's own plan."""

    receivers: Sequence[ProposalReceiver]
    regional: int

    @property
    def asked(self) -> list[ProposalReceiver]:
        """The task forces that would be asked anything."""
        return [one for one in self.receivers if one.items]

    @property
    def items(self) -> int:
        """How many different items would be proposed."""
        return len({item.id for one in self.receivers for item in one.items})

    @property
    def people(self) -> set[int]:
        """The accounts that would get a mail."""
        return {account_id for one in self.asked for account_id in one.people}

    @property
    def fingerprint(self) -> str:
        """What tells whether this is still what a person saw and confirmed."""
        text = ";".join(
            f"{one.force.code}:{','.join(item.public_id for item in one.items)}"
            for one in self.receivers
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def prepare(viewer: Viewer, wanted: Filter, codes: Collection[str]) -> ProposalPreview:
    """Return what would be proposed to the chosen task forces below the viewer's.

    What they hold, or were asked and have not answered, is counted and not proposed again.
    """
    forces = [force for force in queries.forces_below(viewer) if force.code in codes]
    items, regional = items_to_propose(viewer, wanted)
    force_ids, item_ids = [force.id for force in forces], [item.id for item in items]
    held = queries.held_below(force_ids, item_ids)
    waiting = queries.waiting_below(force_ids, item_ids) - held
    return ProposalPreview(
        [
            ProposalReceiver(
                force,
                [item for item in items if (force.id, item.id) not in held | waiting],
                sum(force_id == force.id for force_id, _item in held),
                sum(force_id == force.id for force_id, _item in waiting),
                frozenset(
                    grant.account_id for grant in secretariat_of(force.id, today(force.zone))
                ),
            )
            for force in forces
        ],
        regional,
    )


def kinds(viewer: Viewer) -> dict[str, Agency]:
    """Return the kinds of agency that may be proposed as lead, by lineage, each by the viewer's
    own agency of that kind. A court shares data only."""
    return {agency.lineage: agency for agency in directory.agencies(viewer) if not agency.is_court}


# --- the receiver's side -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """The open proposals of one act to the viewer's task force, and who of it would get them."""

    batch: ProposalBatch
    proposals: Sequence[Proposal]
    prepared: Prepared
    obstacles: Sequence[tuple[Proposal, Obstacle]]

    @property
    def by_item(self) -> dict[int, Proposal]:
        """The proposals by action item id."""
        return {one.action_item_id: one for one in self.proposals}


def way(viewer: Viewer, batch: ProposalBatch) -> tuple[Assignee, str]:
    """Return how an act's items go to agencies of the viewer's task force.

    As the plan suggests, or to the one agency (slug) of the proposed kind, "" if there is none.
    """
    if batch.agency_kind is None:
        return Assignee.PLAN, ""
    found = by_kind(directory.agencies(viewer)).get(batch.agency_kind)
    return Assignee.AGENCY, found.slug if found else ""


def offered(viewer: Viewer, proposals: Sequence[Proposal]) -> Offered:
    """Return who would get the open proposals of one act, and the obstacles of the others."""
    batch = proposals[0].batch
    by_public_id = {one.action_item.public_id: one for one in proposals}
    towards, lead = way(viewer, batch)
    wanted = Filter(ids=tuple(by_public_id))
    prepared = prepare_assignments(viewer, wanted, towards, lead=lead)
    why = {action.public_id: reason for action, reason in prepared.obstacles}
    taken = {one.action.public_id for one in prepared.proposals}
    return Offered(
        batch,
        proposals,
        prepared,
        [
            (one, why.get(public_id, Obstacle.GONE))
            for public_id, one in by_public_id.items()
            if public_id not in taken
        ],
    )


def by_act(viewer: Viewer) -> list[Offered]:
    """Return what waits for the viewer's task force, act by act."""
    acts: dict[int, list[Proposal]] = {}
    for one in queries.open_proposals(viewer):
        acts.setdefault(one.batch_id, []).append(one)
    return [offered(viewer, proposals) for proposals in acts.values()]
