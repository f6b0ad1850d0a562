"""What the names in a plan's file are matched against."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from coordinator.db import db
from coordinator.mapping.duties import queries as duty_queries
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.use_queries import all_keys_in_use
from coordinator.plans.reading.shapes import KnownNames


def known(viewer: Viewer, base: PlanFile | None = None) -> KnownNames:
    """Return the names of the agencies and pokja of the viewer's task force, and its duties.

    `base` is the plan in force that the file may change. The first name of each is the one that a
    template's lists show.
    """
    agencies = db.session.scalars(
        sa.select(Agency)
        .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
        .options(selectinload(Agency.aliases))
        .order_by(Agency.id)
    ).all()
    return KnownNames(
        agencies={
            one.key: [one.abbreviation, one.name, *(alias.name for alias in one.aliases)]
            for one in agencies
        },
        working_groups={
            one.key: [one.short, one.name, one.numeral, f"Pokja {one.numeral}", one.code]
            for one in duty_queries.working_groups(viewer)
        },
        duties=[one.duty.key for one in duty_queries.duties(viewer)],
        courts=[one.key for one in agencies if one.is_court],
        base=base,
        in_use=sorted(all_keys_in_use(base.plan.id)) if base else [],
    )
