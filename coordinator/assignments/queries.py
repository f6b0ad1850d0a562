"""Reading assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.models import Assignment, AssignmentChange, AssignmentParty
from coordinator.assignments.rules import ReportedIn
from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind


def title_column() -> sa.ColumnElement[str]:
    """Return an action's title with its part, for queries that join ActionItem and Assignment."""
    return sa.case(
        (Assignment.part == "", ActionItem.title),
        else_=ActionItem.title + " (" + Assignment.part + ")",
    ).label("title")


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


def assignment(viewer: Viewer, public_id: str) -> Assignment | None:
    """Return one assignment of the viewer's task force."""
    return db.session.scalar(_assignments(viewer).where(Assignment.public_id == public_id))


def open_assignments_by_action(viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Return, by action item id, the (public id, lead's abbreviation) of its open assignment.

    For an item held in parts: the oldest part's id and every lead.
    """
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
        .order_by(Assignment.id)
    )
    found: dict[int, tuple[str, str]] = {}
    for action_id, public_id, lead in rows:
        first, leads = found.get(action_id, (public_id, ""))
        found[action_id] = (first, f"{leads}, {lead}" if leads else lead)
    return found


def held_items(viewer: Viewer) -> set[int]:
    """Return the ids of the action items that somebody of the viewer's task force holds."""
    return set(
        db.session.scalars(
            sa.select(Assignment.action_item_id).where(
                Assignment.task_force_id == viewer.own_task_force_id,
                Assignment.closed_at.is_(None),
            )
        )
    )


def siblings(assignment: Assignment) -> list[Assignment]:
    """Return the other open parts of the same item, in their order."""
    return list(
        db.session.scalars(
            sa.select(Assignment)
            .where(
                Assignment.task_force_id == assignment.task_force_id,
                Assignment.action_item_id == assignment.action_item_id,
                Assignment.closed_at.is_(None),
                Assignment.id != assignment.id,
            )
            .options(selectinload(Assignment.parties).joinedload(AssignmentParty.agency))
            .order_by(Assignment.part)
        )
    )


@dataclass(frozen=True, slots=True)
class Workload:
    """How many open assignments an agency has a part in, and how many of them it leads."""

    parts: int = 0
    leads: int = 0


def workloads(viewer: Viewer) -> dict[int, Workload]:
    """Return, by agency id, what each agency of the viewer's task force holds now."""
    leads = sa.func.sum(sa.case((AssignmentParty.kind == PartyKind.LEAD, 1), else_=0))
    rows = db.session.execute(
        sa.select(AssignmentParty.agency_id, sa.func.count(), leads)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
        .group_by(AssignmentParty.agency_id)
    )
    return {agency_id: Workload(parts, led) for agency_id, parts, led in rows}


def duties_behind(
    task_force_id: int, actions: Iterable[ActionItem]
) -> dict[int, dict[int, list[int]]]:
    """Return the agency's duties (ids) that an action carries out, by action item id and agency id.

    They are as the mapping in force has them.
    """
    wanted = {action.id: {link.duty_key for link in action.duties} for action in actions}
    rows = db.session.execute(
        sa.select(Duty.key, DutyRevision.agency_id, Duty.id)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == task_force_id, DutyRevision.until.is_(None))
        .order_by(Duty.id)
    ).all()
    by_key: dict[str, list[tuple[int, int]]] = {}
    for key, agency_id, duty_id in rows:
        by_key.setdefault(key, []).append((agency_id, duty_id))
    found: dict[int, dict[int, list[int]]] = {}
    for action_id, keys in wanted.items():
        own = found.setdefault(action_id, {})
        for key in sorted(keys):
            for agency_id, duty_id in by_key.get(key, ()):
                own.setdefault(agency_id, []).append(duty_id)
    return found


def reported_in(covers_from: date, covers_until: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Assignment` that it is reported in a period.

    The rule is `rules.is_reported_in`, in SQL because a province opens 20,000 at once.
    """
    month = 1 << (covers_until.month - 1)
    return sa.or_(
        Assignment.reported_in == ReportedIn.EVERY,
        sa.and_(
            Assignment.reported_in == ReportedIn.LAST,
            Assignment.due_on.between(covers_from, covers_until),
        ),
        sa.and_(
            Assignment.reported_in == ReportedIn.MONTHS,
            Assignment.report_months.bitwise_and(month) != 0,
        ),
    )


def changes(assignment_id: int) -> list[AssignmentChange]:
    """Return what happened to an assignment a caller already may see, newest first."""
    return list(
        db.session.scalars(
            sa.select(AssignmentChange)
            .where(AssignmentChange.assignment_id == assignment_id)
            .options(joinedload(AssignmentChange.agency), joinedload(AssignmentChange.to_agency))
            .order_by(AssignmentChange.id.desc())
        )
    )
