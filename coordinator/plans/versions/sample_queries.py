"""Whether the sample plan is there, and what rests on it."""

from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import (
    ActionDuty,
    ActionItem,
    CandidateParty,
    Indicator,
    Plan,
    PlanVersion,
    Strategy,
    Target,
)
from coordinator.plans.actions.queries import visible
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.queries import may_edit
from coordinator.plans.versions.rules import RestsOn

SAMPLE_KEY = "ran-tppo-2025-2029"
ASSIGNMENTS = "assignment"  # a table of the room above


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """What the viewer may do about the sample plan.

    `title` and `actions` are those of the sample plan in force, where there is one. `rests`: what
    rests on it, so that it cannot be removed. `has_plan`: the viewer reads a plan, of any kind.
    """

    may_edit: bool
    has_plan: bool
    title: str = ""
    actions: int = 0
    rests: RestsOn | None = None

    @property
    def may_load(self) -> bool:
        """Tell whether the viewer may load it now."""
        return self.may_edit and not self.has_plan

    @property
    def may_remove(self) -> bool:
        """Tell whether the viewer may remove it now."""
        return self.may_edit and bool(self.title) and self.rests is None


def sample_plan(viewer: Viewer) -> SamplePlan:
    """Return what the viewer may do about the sample plan."""
    may = may_edit(viewer, None)
    plan = db.session.scalar(
        sa.select(Plan).where(Plan.key == SAMPLE_KEY, Plan.is_sample, visible(viewer))
    )
    if plan is None:
        has_plan = db.session.scalar(sa.select(sa.exists().where(visible(viewer))))
        return SamplePlan(may, bool(has_plan))
    count = db.session.scalar(
        sa.select(sa.func.count()).where(
            ActionItem.plan_id == plan.id, ActionItem.left_in.is_(None)
        )
    )
    return SamplePlan(may, True, plan.title, count or 0, all_resting_on(plan))


def all_parts(plan_id: int) -> dict[sa.Table, sa.Select[int]]:
    """Return which rows a plan is made of, by table, each before those that refer to it."""
    actions = sa.select(ActionItem.id).where(ActionItem.plan_id == plan_id)
    indicators = sa.select(Indicator.id).where(Indicator.action_item_id.in_(actions))
    found = {
        Plan: sa.select(Plan.id).where(Plan.id == plan_id),
        PlanVersion: sa.select(PlanVersion.id).where(PlanVersion.plan_id == plan_id),
        Strategy: sa.select(Strategy.id).where(Strategy.plan_id == plan_id),
        ActionItem: actions,
        CandidateParty: sa.select(CandidateParty.id).where(
            CandidateParty.action_item_id.in_(actions)
        ),
        ActionDuty: sa.select(ActionDuty.id).where(ActionDuty.action_item_id.in_(actions)),
        Indicator: indicators,
        Target: sa.select(Target.id).where(Target.indicator_id.in_(indicators)),
    }
    return {Base.metadata.tables[model.__tablename__]: rows for model, rows in found.items()}


def all_resting_on(plan: Plan) -> RestsOn | None:
    """Return what refers to a plan from outside, regardless of whose it is.

    Found along the foreign keys: a new table needs no line here. The note of a file that was
    imported into the plan goes with the plan, and does not count.
    """
    parts = all_parts(plan.id)
    own = {*parts, Base.metadata.tables[PlanImport.__tablename__]}
    found = [
        table.name
        for table in Base.metadata.sorted_tables
        if table not in own
        for key in table.foreign_keys
        if key.column.table in parts
        and db.session.scalar(sa.select(sa.exists().where(key.parent.in_(parts[key.column.table]))))
    ]
    if ASSIGNMENTS in found:
        return RestsOn.ASSIGNMENT
    if db.session.scalar(sa.select(sa.exists().where(Plan.national_key == plan.key))):
        return RestsOn.PLAN
    changed = sa.exists().where(PlanVersion.plan_id == plan.id, PlanVersion.number > 1)
    if db.session.scalar(sa.select(changed)):
        return RestsOn.VERSION  # what people wrote goes in no press of a button
    return RestsOn.OTHER if found else None
