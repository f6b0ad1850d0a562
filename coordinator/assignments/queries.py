"""Reading assignments."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plan.models import ActionItem
from coordinator.plan.queries import may_be_assigned
from coordinator.plan.rules import PartyKind
from coordinator.roles.models import WorkingGroup


def _assignments(viewer: Viewer) -> sa.Select[Assignment]:
    return (
        sa.select(Assignment)
        .where(Assignment.task_force_id == viewer.own_task_force_id)
        .options(
            joinedload(Assignment.action_item),
            joinedload(Assignment.working_group),
            selectinload(Assignment.parties).joinedload(AssignmentParty.agency),
            selectinload(Assignment.targets),
        )
    )


def assignments(
    viewer: Viewer, *, working_group: str = "", agency: str = "", page: int = 1, size: int = 50
) -> tuple[list[Assignment], int]:
    """Return a page of the open assignments of the viewer's task force and how many there are.

    `working_group` and `agency` filter by key and slug.
    """
    query = _assignments(viewer).where(Assignment.closed_at.is_(None))
    if working_group:
        query = query.where(
            Assignment.working_group_id.in_(
                sa.select(WorkingGroup.id).where(WorkingGroup.key == working_group)
            )
        )
    if agency:
        query = query.where(
            Assignment.parties.any(
                sa.and_(
                    AssignmentParty.ended_at.is_(None),
                    AssignmentParty.agency_id.in_(
                        sa.select(Agency.id).where(
                            Agency.slug == agency,
                            Agency.task_force_id == viewer.own_task_force_id,
                        )
                    ),
                )
            )
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(Assignment.due_on, Assignment.id).offset((page - 1) * size).limit(size)
    )
    return list(rows), total


def assignment(viewer: Viewer, public_id: str) -> Assignment | None:
    """Return one assignment of the viewer's task force."""
    return db.session.scalar(_assignments(viewer).where(Assignment.public_id == public_id))


def open_assignments_by_action(viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Return, by action item id, the (public id, lead's abbreviation) of its open assignment."""
    rows = db.session.execute(
        sa.select(Assignment.action_item_id, Assignment.public_id, Agency.abbreviation)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.kind == PartyKind.LEAD,
            AssignmentParty.ended_at.is_(None),
        )
    )
    return {action_id: (public_id, lead) for action_id, public_id, lead in rows}


def open_items_without_assignment(viewer: Viewer) -> int:
    """Count the action items it reads that nobody of the viewer's task force holds."""
    held = sa.select(Assignment.action_item_id).where(
        Assignment.task_force_id == viewer.own_task_force_id, Assignment.closed_at.is_(None)
    )
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(ActionItem)
            .where(ActionItem.id.not_in(held), may_be_assigned(viewer))
        )
        or 0
    )
