"""Reading imports."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.plans.versions.models import PlanImport

SHOWN = 20


def stored(viewer: Viewer, public_id: str) -> PlanImport | None:
    """Return an import of the viewer's task force, with how it was read."""
    return db.session.scalar(
        sa.select(PlanImport)
        .where(
            PlanImport.public_id == public_id,
            PlanImport.task_force_id == viewer.own_task_force_id,
        )
        .options(undefer(PlanImport.reading), joinedload(PlanImport.version))
    )


def recent(viewer: Viewer) -> list[PlanImport]:
    """Return the newest imports of the viewer's task force."""
    return list(
        db.session.scalars(
            sa.select(PlanImport)
            .where(PlanImport.task_force_id == viewer.own_task_force_id)
            .options(joinedload(PlanImport.version))
            .order_by(PlanImport.id.desc())
            .limit(SHOWN)
        )
    )


def data_of(viewer: Viewer, public_id: str) -> bytes | None:
    """Return the bytes of an import's file, while they are kept."""
    return db.session.scalar(
        sa.select(PlanImport.data).where(
            PlanImport.public_id == public_id,
            PlanImport.task_force_id == viewer.own_task_force_id,
        )
    )
