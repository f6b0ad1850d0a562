"""Reading proposals: the receiver its own, the proposer its acts as counts and nothing more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.changes.models import AssignmentBatch, AssignmentBatchItem
from coordinator.assignments.models import Assignment
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.clock import is_within
from coordinator.db import db
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_wait

MOST_ANSWERED = 50  # shown below what waits


def forces_below(viewer: Viewer) -> list[TaskForce]:
    """Return the task forces directly below the viewer's, by code."""
    return list(
        db.session.scalars(
            sa.select(TaskForce)
            .where(TaskForce.parent_id == viewer.own_task_force_id)
            .order_by(TaskForce.code)
        )
    )


def may_propose(viewer: Viewer) -> bool:
    """Return whether a viewer may propose to task forces below: its access allows it, and there are
    some."""
    return (
        viewer.may(Permission.ASSIGN_ACTIONS)
        and viewer.may(Permission.SEE_TASK_FORCES_BELOW)
        and bool(
            db.session.scalar(
                sa.select(sa.exists().where(TaskForce.parent_id == viewer.own_task_force_id))
            )
        )
    )


# --- what the proposer may count -----------------------------------------------------------------


def held_below(force_ids: Collection[int], item_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (task force id, item id) of what task forces already hold."""
    return _pairs(
        sa.select(Assignment.task_force_id, Assignment.action_item_id).where(
            Assignment.closed_at.is_(None), Assignment.task_force_id.in_(force_ids)
        ),
        item_ids,
    )


def waiting_below(force_ids: Collection[int], item_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (task force id, item id) of what waits for task forces' answers."""
    return _pairs(
        sa.select(Proposal.task_force_id, Proposal.action_item_id).where(
            Proposal.state == ProposalState.OPEN, Proposal.task_force_id.in_(force_ids)
        ),
        item_ids,
    )


def _pairs(query: sa.Select[int, int], item_ids: Collection[int]) -> set[tuple[int, int]]:
    wanted = set(item_ids)
    return {(force, item) for force, item in db.session.execute(query) if item in wanted}


@dataclass(frozen=True, slots=True)
class Answers:
    """How many of an act's proposals wait, were accepted, declined, taken back; to one task force
    or to all, and when the last answer came."""

    region: str
    open: int
    accepted: int
    declined: int
    withdrawn: int
    answered_at: datetime | None

    @property
    def total(self) -> int:
        """How many were proposed."""
        return self.open + self.accepted + self.declined + self.withdrawn


def _count(state: ProposalState) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((Proposal.state == state, 1), else_=0))


_COUNTS: tuple[sa.ColumnElement[Any], ...] = tuple(_count(state) for state in ProposalState)
# Only the receiver's own answers: taking back is the proposer's act.
_ANSWERED_AT = sa.func.max(
    sa.case(
        (
            Proposal.state.in_([ProposalState.ACCEPTED, ProposalState.DECLINED]),
            Proposal.decided_at,
        )
    )
)


def answers_by_force(batch: ProposalBatch) -> list[Answers]:
    """Return what each task force answered to an act, as counts, by code."""
    rows = db.session.execute(
        sa.select(TaskForce.region, *_COUNTS, _ANSWERED_AT)
        .join(Proposal, Proposal.task_force_id == TaskForce.id)
        .where(Proposal.batch_id == batch.id)
        .group_by(TaskForce.id, TaskForce.code, TaskForce.region)
        .order_by(TaskForce.code)
    )
    return [_answers(row[0], row[1:]) for row in rows]


def _answers(region: str, row: Sequence[Any]) -> Answers:
    waiting, accepted, declined, withdrawn, answered_at = row
    return Answers(region, waiting, accepted, declined, withdrawn, answered_at)


@dataclass(frozen=True, slots=True)
class Sent:
    """One act of proposing, with what became of it."""

    batch: ProposalBatch
    items: int
    forces: int
    answers: Answers


def sent(viewer: Viewer, public_id: str = "") -> list[Sent]:
    """Return what the viewer's task force proposed, newest first; or one act."""
    counts = (
        sa.select(
            Proposal.batch_id,
            sa.func.count(Proposal.action_item_id.distinct()),
            sa.func.count(Proposal.task_force_id.distinct()),
            *_COUNTS,
            _ANSWERED_AT,
        )
        .join(ProposalBatch, ProposalBatch.id == Proposal.batch_id)
        .where(ProposalBatch.task_force_id == viewer.own_task_force_id)
        .group_by(Proposal.batch_id)
    )
    if public_id:
        counts = counts.where(ProposalBatch.public_id == public_id)
    found: dict[int, Sequence[Any]] = {row[0]: row for row in db.session.execute(counts)}
    batches = db.session.scalars(
        sa.select(ProposalBatch)
        .where(ProposalBatch.id.in_(found))
        .order_by(ProposalBatch.made_at.desc(), ProposalBatch.id.desc())
    )
    return [
        Sent(one, found[one.id][1], found[one.id][2], _answers("", found[one.id][3:]))
        for one in batches
    ]


def sent_batch(viewer: Viewer, public_id: str) -> ProposalBatch | None:
    """Return an act of the viewer's task force."""
    return db.session.scalar(
        sa.select(ProposalBatch).where(
            ProposalBatch.public_id == public_id,
            ProposalBatch.task_force_id == viewer.own_task_force_id,
        )
    )


def items_of(batch: ProposalBatch) -> list[ActionItem]:
    """Return the items of an act, in the plan's order."""
    return list(
        db.session.scalars(
            sa.select(ActionItem)
            .where(
                ActionItem.id.in_(
                    sa.select(Proposal.action_item_id).where(Proposal.batch_id == batch.id)
                )
            )
            .order_by(ActionItem.plan_id, ActionItem.position, ActionItem.id)
        )
    )


def may_undo(batch: ProposalBatch, *, at: datetime) -> bool:
    """Return whether two minutes have not passed, no mail has left, and nobody has answered."""
    if not is_within(GRACE, batch.made_at, at) or not all_wait(batch.mail_thread):
        return False
    return not db.session.scalar(
        sa.select(
            sa.exists().where(Proposal.batch_id == batch.id, Proposal.state != ProposalState.OPEN)
        )
    )


# --- what the receiver reads ---------------------------------------------------------------------


def _own(viewer: Viewer) -> sa.Select[Proposal]:
    return (
        sa.select(Proposal)
        .join(ActionItem, ActionItem.id == Proposal.action_item_id)
        .where(Proposal.task_force_id == viewer.own_task_force_id)
        .options(
            joinedload(Proposal.action_item).options(
                joinedload(ActionItem.plan), selectinload(ActionItem.candidates)
            ),
            joinedload(Proposal.batch).joinedload(ProposalBatch.task_force),
        )
    )


def count_open(viewer: Viewer) -> int:
    """Count the proposals that wait for the viewer's task force."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                Proposal.task_force_id == viewer.own_task_force_id,
                Proposal.state == ProposalState.OPEN,
            )
        )
        or 0
    )


def open_proposals(viewer: Viewer, *, batch_id: str = "", proposal_id: str = "") -> list[Proposal]:
    """Return what waits for the viewer's task force, by act and then in the plan's order; of one
    act or a single one where their public ids are given."""
    query = _own(viewer).where(Proposal.state == ProposalState.OPEN)
    if batch_id:
        query = query.where(
            Proposal.batch_id.in_(
                sa.select(ProposalBatch.id).where(ProposalBatch.public_id == batch_id)
            )
        )
    if proposal_id:
        query = query.where(Proposal.public_id == proposal_id)
    return list(
        db.session.scalars(
            query.order_by(
                Proposal.batch_id, ActionItem.plan_id, ActionItem.position, ActionItem.id
            )
        )
    )


def answered(viewer: Viewer) -> list[Proposal]:
    """Return what the viewer's task force answered, or what was taken back, newest first."""
    return list(
        db.session.scalars(
            _own(viewer)
            .where(Proposal.state != ProposalState.OPEN)
            .options(joinedload(Proposal.assignment))
            .order_by(Proposal.decided_at.desc(), Proposal.id.desc())
            .limit(MOST_ANSWERED)
        )
    )


def proposal(viewer: Viewer, public_id: str) -> Proposal | None:
    """Return one proposal to the viewer's task force, in any state."""
    return db.session.scalar(_own(viewer).where(Proposal.public_id == public_id))


def was_sent_to(viewer: Viewer, batch_id: str) -> bool:
    """Return whether an act (public id) proposed anything to the viewer's task force."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists(
                    sa.select(Proposal.id)
                    .join(ProposalBatch, ProposalBatch.id == Proposal.batch_id)
                    .where(
                        ProposalBatch.public_id == batch_id,
                        Proposal.task_force_id == viewer.own_task_force_id,
                    )
                )
            )
        )
    )


def is_of_proposals(batch: AssignmentBatch) -> bool:
    """Return whether assignments that were given in one act answered proposals."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists(
                    sa.select(Proposal.id)
                    .join(
                        AssignmentBatchItem,
                        AssignmentBatchItem.assignment_id == Proposal.assignment_id,
                    )
                    .where(AssignmentBatchItem.batch_id == batch.id)
                )
            )
        )
    )
