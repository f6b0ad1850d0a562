"""The open assignments under a plan, as `rules.outcomes` needs them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    ReplannedAssignment,
)
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.assignments.replanning.rules import Running
from coordinator.clock import today
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem, Indicator, Plan
from coordinator.plans.actions.rules import PartyKind


def _of_plan(plan_key: str) -> sa.Select[int]:
    """Return the ids of the open assignments of a plan's actions."""
    return (
        sa.select(Assignment.id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .where(Plan.key == plan_key, Assignment.closed_at.is_(None))
    )


def running(viewer: Viewer, plan_key: str) -> list[Running]:
    """Return the open assignments of the viewer's task force under a plan."""
    own = _of_plan(plan_key).where(Assignment.task_force_id == viewer.own_task_force_id)
    parties: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for assignment_id, agency_id, name in db.session.execute(
        sa.select(AssignmentParty.assignment_id, Agency.id, Agency.abbreviation)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(AssignmentParty.assignment_id.in_(own), AssignmentParty.ended_at.is_(None))
        .order_by(AssignmentParty.kind != PartyKind.LEAD, AssignmentParty.id)
    ):
        parties[assignment_id].append((agency_id, name))
    targets: dict[int, dict[tuple[str, int], Decimal]] = defaultdict(dict)
    for assignment_id, key, year, value in db.session.execute(
        sa.select(
            AssignmentTarget.assignment_id,
            Indicator.key,
            AssignmentTarget.year,
            AssignmentTarget.value,
        )
        .join(Indicator, Indicator.id == AssignmentTarget.indicator_id)
        .where(AssignmentTarget.assignment_id.in_(own), AssignmentTarget.period_id.is_(None))
        .order_by(AssignmentTarget.id)
    ):
        targets[assignment_id][key, year] = value
    rows = db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.public_id,
            Assignment.version,
            ActionItem.key,
            Assignment.part,
            Assignment.due_on,
        )
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(Assignment.id.in_(own))
        .order_by(Assignment.id)
    )
    return [
        Running(
            id=row.id,
            public_id=row.public_id,
            version=row.version,
            action_key=row.key,
            part=row.part,
            lead=next((name for _id, name in parties[row.id]), ""),
            agency_ids=tuple(agency_id for agency_id, _name in parties[row.id]),
            due_on=row.due_on,
            targets=targets[row.id],
        )
        for row in rows
    ]


def unsent_reports(viewer: Viewer, assignment_ids: Collection[int]) -> int:
    """Return how many reports of some assignments of the viewer's task force can still be sent, and
    would be asked for no more if the assignments were closed."""
    on = today(viewer.zone)
    return (
        db.session.scalar(
            sa.select(sa.func.count(Obligation.id))
            .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
            .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
            .outerjoin(Extension, extension_join())
            .where(
                Obligation.task_force_id == viewer.own_task_force_id,
                AssignmentParty.assignment_id.in_(assignment_ids),
                Obligation.ended_as.is_(None),
                ~Obligation.is_sent,
                sa.or_(ReportingPeriod.closes_on >= on, due_on_column() >= on),
            )
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How many open assignments other task forces have under actions that change, and how many
    task forces those are: what only they may change."""

    assignments: int
    task_forces: int


def elsewhere(viewer: Viewer, plan_key: str, action_keys: Collection[str]) -> Elsewhere:
    """Return what other task forces than the viewer's hold of some actions of a plan, as counts."""
    row = db.session.execute(
        sa.select(
            sa.func.count(Assignment.id), sa.func.count(sa.distinct(Assignment.task_force_id))
        )
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Assignment.id.in_(_of_plan(plan_key)),
            Assignment.task_force_id != viewer.own_task_force_id,
            ActionItem.key.in_(list(action_keys)),
        )
    ).one()
    return Elsewhere(row[0], row[1])


def all_held_under(
    task_force_id: int, plan_key: str, action_keys: Collection[str]
) -> dict[str, int]:
    """Count a task force's open assignments of some actions of a plan, by action (its key)."""
    rows = db.session.execute(
        sa.select(ActionItem.key, sa.func.count(Assignment.id).label("assignments"))
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Assignment.id.in_(_of_plan(plan_key)),
            Assignment.task_force_id == task_force_id,
            ActionItem.key.in_(list(action_keys)),
        )
        .group_by(ActionItem.key)
    )
    return {row.key: row.assignments for row in rows}


def all_replanned(plan_version_id: int) -> list[ReplannedAssignment]:
    """Return what a version of a plan did to assignments, regardless of whose they are."""
    return list(
        db.session.scalars(
            sa.select(ReplannedAssignment)
            .where(ReplannedAssignment.plan_version_id == plan_version_id)
            .options(
                joinedload(ReplannedAssignment.assignment).options(
                    joinedload(Assignment.action_item), selectinload(Assignment.parties)
                )
            )
            .order_by(ReplannedAssignment.id)
        )
    )


def all_opened_since(task_force_id: int, instant: datetime) -> list[ReportingPeriod]:
    """Return the periods of a task force that were opened since an instant and are not closed."""
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == task_force_id,
                ReportingPeriod.opened_at >= instant,
                ReportingPeriod.closed_at.is_(None),
            )
            .order_by(ReportingPeriod.id)
        )
    )
