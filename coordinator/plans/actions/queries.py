"""Reading plans."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.db import db
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Viewer
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, PlanVersion, Strategy
from coordinator.plans.actions.rules import TargetLevel, target_level
from coordinator.plans.actions.seed import PlanFile


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition on `Plan` for what the viewer's task force reads: national, its own."""
    return sa.or_(Plan.task_force_id.is_(None), Plan.task_force_id == viewer.own_task_force_id)


def may_be_assigned(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition on `ActionItem` for what the viewer's task force may give to somebody:
    in a plan it reads, not gone from it, not discontinued."""
    return sa.and_(
        ActionItem.plan_id.in_(sa.select(Plan.id).where(visible(viewer))),
        ActionItem.left_in.is_(None),
        ActionItem.discontinued.is_(None),
    )


def plans(viewer: Viewer) -> list[Plan]:
    """Return the plans the viewer's task force reads: national ones and its own."""
    return list(db.session.scalars(sa.select(Plan).where(visible(viewer)).order_by(Plan.id)))


def plan(viewer: Viewer, key: str) -> Plan | None:
    """Return one plan the viewer's task force reads."""
    return db.session.scalar(sa.select(Plan).where(Plan.key == key, visible(viewer)))


def plan_by_id(viewer: Viewer, plan_id: int) -> Plan | None:
    """Return one plan the viewer's task force reads."""
    return db.session.scalar(sa.select(Plan).where(Plan.id == plan_id, visible(viewer)))


def plan_by_key(key: str) -> Plan | None:
    """Return a plan, regardless of who reads it: for loading."""
    return db.session.scalar(sa.select(Plan).where(Plan.key == key))


def all_keys() -> set[str]:
    """Return the key of every plan, also of other task forces: a new one takes none of them."""
    return set(db.session.scalars(sa.select(Plan.key)))


def strategies(viewer: Viewer) -> list[Strategy]:
    """Return strategies with their actions, indicators, targets and suggested agencies."""
    return list(
        db.session.scalars(
            sa.select(Strategy)
            .join(Strategy.plan)
            .where(visible(viewer))
            .options(
                joinedload(Strategy.plan),
                selectinload(Strategy.actions).options(
                    selectinload(ActionItem.indicators).selectinload(Indicator.targets),
                    selectinload(ActionItem.candidates),
                ),
            )
            .order_by(Plan.id, Strategy.number)
        )
    )


def action(viewer: Viewer, public_id: str) -> ActionItem | None:
    """Return one action item of a plan the viewer's task force reads."""
    return db.session.scalar(
        sa.select(ActionItem)
        .join(ActionItem.plan)
        .where(ActionItem.public_id == public_id, ActionItem.left_in.is_(None), visible(viewer))
        .options(
            joinedload(ActionItem.strategy),
            joinedload(ActionItem.plan),
            selectinload(ActionItem.indicators).selectinload(Indicator.targets),
            selectinload(ActionItem.candidates),
            selectinload(ActionItem.duties),
        )
    )


def level_of(task_force_id: int) -> TargetLevel:
    """Return whose targets a task force answers for."""
    force = db.session.get(TaskForce, task_force_id)
    return target_level(force.level) if force else TargetLevel.PROVINCE


def newest_version(plan_id: int) -> PlanVersion | None:
    """Return the version in force."""
    return db.session.scalar(
        sa.select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def version(viewer: Viewer, key: str, number: int) -> PlanVersion | None:
    """Return one version of a plan the viewer's task force reads."""
    return db.session.scalar(
        sa.select(PlanVersion)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.key == key, PlanVersion.number == number, visible(viewer))
    )


def version_of(plan_id: int, number: int) -> PlanVersion | None:
    """Return one version of a plan, regardless of who reads it."""
    return db.session.scalar(
        sa.select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    )


def document(plan_id: int, number: int) -> PlanFile | None:
    """Return a plan as version `number` published it."""
    text = db.session.scalar(
        sa.select(PlanVersion.content).where(
            PlanVersion.plan_id == plan_id, PlanVersion.number == number
        )
    )
    return None if text is None else PLAN_FORMAT.from_json(text)


def newest_national() -> PlanFile | None:
    """Return the newest RAN, in the version in force."""
    key = db.session.scalar(
        sa.select(Plan.key).where(Plan.task_force_id.is_(None)).order_by(Plan.id.desc()).limit(1)
    )
    return in_force(key) if key else None


def in_force(key: str) -> PlanFile | None:
    """Return a plan in the version in force, regardless of who reads it."""
    found = plan_by_key(key)
    newest = newest_version(found.id) if found else None
    return document(newest.plan_id, newest.number) if newest else None
