"""Reading imports, and what a file's names are matched against."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plan import queries as plans
from coordinator.plan.importing.shapes import Known
from coordinator.planning.models import PlanImport
from coordinator.roles import queries as roles

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


def known(viewer: Viewer, plan_key: str | None) -> Known:
    """Return the names of the agencies and pokja of the viewer's task force, and the plan in force
    under the key the file is read for."""
    agencies = db.session.scalars(
        sa.select(Agency)
        .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
        .options(selectinload(Agency.aliases))
    )
    return Known(
        agencies={
            one.key: [one.abbreviation, one.name, *(alias.name for alias in one.aliases)]
            for one in agencies
        },
        working_groups={
            one.key: [one.short, one.name, f"Pokja {one.numeral}", one.code]
            for one in roles.working_groups(viewer)
        },
        duties=[one.duty.key for one in roles.duties(viewer)],
        base=plans.in_force(plan_key) if plan_key else None,
    )
