"""Reading plans."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.plan.models import ActionItem, Indicator, Plan, Strategy


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.or_(Plan.task_force_id.is_(None), Plan.task_force_id == viewer.own_task_force_id)


def plans(viewer: Viewer) -> list[Plan]:
    """Return the plans the viewer's task force reads: national ones and its own."""
    return list(db.session.scalars(sa.select(Plan).where(_visible(viewer)).order_by(Plan.id)))


def strategies(viewer: Viewer) -> list[Strategy]:
    """Return strategies with their actions, indicators, targets and suggested agencies."""
    return list(
        db.session.scalars(
            sa.select(Strategy)
            .join(Strategy.plan)
            .where(_visible(viewer))
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
    """Return one action item the viewer's task force reads."""
    return db.session.scalar(
        sa.select(ActionItem)
        .join(ActionItem.plan)
        .where(ActionItem.public_id == public_id, _visible(viewer))
        .options(
            joinedload(ActionItem.strategy),
            joinedload(ActionItem.plan),
            selectinload(ActionItem.indicators).selectinload(Indicator.targets),
            selectinload(ActionItem.candidates),
            selectinload(ActionItem.duties),
        )
    )
