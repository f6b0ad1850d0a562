"""What agencies and pokja of a plan are called: one that a task force does not have is called as
the province has it, whose secretariat wrote the plan."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.people.directory.models import Agency, TaskForce


def _with_owners(task_force_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(TaskForce.id == task_force_id, TaskForce.parent_id.is_(None))


def all_agency_names(task_force_id: int) -> dict[str, str]:
    """Return abbreviations by key, for what a task force reads."""
    rows = db.session.execute(
        sa.select(Agency.key, Agency.abbreviation)
        .join(TaskForce, TaskForce.id == Agency.task_force_id)
        .where(_with_owners(task_force_id))
        .order_by(TaskForce.id == task_force_id, Agency.id)  # its own last: they win
    )
    return {row.key: row.abbreviation for row in rows}


def all_pokja_names(task_force_id: int) -> dict[str, str]:
    """Return pokja by key, as "I Pencegahan", for what a task force reads."""
    rows = db.session.execute(
        sa.select(WorkingGroup.key, WorkingGroup.numeral, WorkingGroup.short)
        .join(TaskForce, TaskForce.id == WorkingGroup.task_force_id)
        .where(_with_owners(task_force_id))
        .order_by(TaskForce.id == task_force_id, WorkingGroup.id)
    )
    return {row.key: f"{row.numeral} {row.short}" for row in rows}
