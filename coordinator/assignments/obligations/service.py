"""Making obligations: each party of an assignment owes a report in a period."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db, random_id, transactional
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


def create_obligations(
    periods: Sequence[ReportingPeriod],
    *of: sa.ColumnElement[bool],
    not_before: date | None = None,
) -> int:
    """Create the missing obligations in `periods`; return how many.

    They are those of the parties that have not ended and meet the conditions `of` on Assignment and
    AssignmentParty. Each is due on the day its period's window closes, or on `not_before` if that
    is later. In two statements, not row by row: a province opens 20,000 at once. Called inside a
    service's transaction.
    """
    if not periods:
        return 0
    closes_on = {period.id: period.closes_on for period in periods}
    rows = db.session.execute(
        sa.select(
            ReportingPeriod.id,
            AssignmentParty.id,
            AssignmentParty.agency_id,
            Assignment.task_force_id,
            Assignment.working_group_id,
        )
        .select_from(AssignmentParty)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ReportingPeriod, ReportingPeriod.id.in_(closes_on))
        .outerjoin(
            Obligation,
            sa.and_(
                Obligation.party_id == AssignmentParty.id,
                Obligation.period_id == ReportingPeriod.id,
            ),
        )
        .where(AssignmentParty.ended_at.is_(None), Obligation.id.is_(None), *of)
        .order_by(ReportingPeriod.id, AssignmentParty.id)
    ).all()
    if rows:
        db.session.execute(
            sa.insert(Obligation),
            [
                {
                    "public_id": random_id(),
                    "period_id": period_id,
                    "party_id": party_id,
                    "task_force_id": task_force_id,
                    "agency_id": agency_id,
                    "working_group_id": working_group_id,
                    "due_on": max(closes_on[period_id], not_before or date.min),
                }
                for period_id, party_id, agency_id, task_force_id, working_group_id in rows
            ],
        )
    return len(rows)


@transactional
def join_period(assignment_id: int, period_id: int, *, by: Viewer) -> int:
    """Let an assignment be reported in an open period; return how many obligations were made.

    Raises NotAllowed, NotFound, Conflict (the period was closed). Doing it twice does no harm.
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    assignment = db.session.get(Assignment, assignment_id)
    period = db.session.get(ReportingPeriod, period_id)
    if (
        assignment is None
        or period is None
        or assignment.task_force_id != by.own_task_force_id
        or period.task_force_id != by.own_task_force_id
        or period.opened_at is None
    ):
        raise NotFound(_("Penugasan atau periode itu tidak ada."))
    if period.closed_at is not None:
        raise Conflict(_("%(title)s sudah ditutup.", title=period.title))
    count = create_obligations([period], Assignment.id == assignment.id)
    if count:
        record(
            "assignment.joined_period",
            by=by,
            subject=("assignment", assignment.public_id),
            period=period.title,
            obligations=count,
        )
    return count


def reported_periods(
    assignment: Assignment, periods: Sequence[ReportingPeriod]
) -> list[ReportingPeriod]:
    """Return those of `periods` in which the assignment is reported at all."""
    reported = set(
        db.session.scalars(
            sa.select(Obligation.period_id)
            .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
            .where(AssignmentParty.assignment_id == assignment.id)
        )
    )
    return [period for period in periods if period.id in reported]
