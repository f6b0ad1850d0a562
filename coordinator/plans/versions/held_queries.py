"""What keeps a version of a plan from being taken back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    ReplannedAssignment,
)
from coordinator.db import db
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, PlanVersion
from coordinator.plans.actions.rules import PartyKind
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.use_queries import all_in_use


@dataclass(frozen=True, slots=True)
class Held:
    """An action that a version brought, or brought an indicator to, with what refers to it."""

    code: str
    title: str
    who: str


def all_held_by_version(version: PlanVersion) -> list[Held]:
    """Return what keeps a version from being taken back: its new actions and indicators in use.
    An assignment, a reported figure or a regional plan refers to them."""
    after = plans.document(version.plan_id, version.number)
    before = plans.document(version.plan_id, version.number - 1)
    actions, indicators = _keys(after)
    former_actions, former_indicators = _keys(before)
    rows = db.session.execute(
        sa.select(ActionItem.id, ActionItem.key, ActionItem.code, ActionItem.title)
        .where(ActionItem.plan_id == version.plan_id)
        .order_by(ActionItem.id)
    ).all()
    new = {row.id: row for row in rows if row.key in actions - former_actions}
    of_new = {
        row.id: row.action_item_id
        for row in db.session.execute(
            sa.select(
                Indicator.id,
                Indicator.key,
                Indicator.action_item_id,
                ActionItem.key.label("action_key"),
            )
            .join(ActionItem, ActionItem.id == Indicator.action_item_id)
            .where(ActionItem.plan_id == version.plan_id)
        )
        if (row.action_key, row.key) in indicators - former_indicators
    }
    replanned = sa.select(ReplannedAssignment.assignment_id).where(
        ReplannedAssignment.plan_version_id == version.id
    )
    # Targets that the version itself gave to running assignments go with it.
    own = AssignmentTarget.assignment_id.in_(replanned)
    used = all_in_use(Indicator, of_new, but={AssignmentTarget.__table__: own})
    found = all_in_use(ActionItem, new) | {of_new[one] for one in used}
    who = _who_hold(found)
    hung_in_regions = _hung_in_regions(version.plan_id, {row.key for row in new.values()})
    held = []
    for row in rows:
        if row.id in found:
            held.append(
                Held(row.code, row.title, who.get(row.id, "sudah dilaporkan atau diusulkan"))
            )
        elif row.key in hung_in_regions:
            held.append(Held(row.code, row.title, f"RAD {hung_in_regions[row.key]}"))
    return held


def _keys(plan: PlanFile | None) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the ids of the actions, and those of the indicators with their actions': one that was
    moved is new where it is."""
    actions = plan.actions if plan else []
    indicators = {(part.id, one.id) for part in actions for one in part.indicators}
    return {part.id for part in actions}, indicators


def _who_hold(action_ids: Iterable[int]) -> dict[int, str]:
    """Return by action who was ever given it, in any task force, as "Dispora, Kaltim"."""
    rows = db.session.execute(
        sa.select(Assignment.action_item_id, Agency.abbreviation, TaskForce.region)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .join(TaskForce, TaskForce.id == Assignment.task_force_id)
        .where(
            Assignment.action_item_id.in_(list(action_ids)),
            AssignmentParty.kind == PartyKind.LEAD,
        )
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for action_id, agency, region in rows:
        found[action_id].append(f"{agency}, {region}")
    return {action_id: "; ".join(dict.fromkeys(names)) for action_id, names in found.items()}


def _hung_in_regions(plan_id: int, keys: set[str]) -> dict[str, str]:
    rows = db.session.execute(
        sa.select(ActionItem.national_key, TaskForce.region)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .join(TaskForce, TaskForce.id == Plan.task_force_id)
        .where(
            Plan.national_key == sa.select(Plan.key).where(Plan.id == plan_id).scalar_subquery(),
            ActionItem.national_key.is_not(None),
            ActionItem.left_in.is_(None),
        )
    )
    return {key: region for key, region in rows if key in keys}
