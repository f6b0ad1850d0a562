"""How far the reports of obligations are, and what of an assignment can still be sent."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.db import db
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import UNSENT_STATES
from coordinator.reporting.reports.rules import ReportState


def states_of_obligations(obligation_ids: Iterable[int]) -> dict[int, ReportState]:
    """Return the report states of obligations a caller already may see."""
    rows = db.session.execute(
        sa.select(Report.obligation_id, Report.state).where(
            Report.obligation_id.in_(list(obligation_ids))
        )
    )
    return {row[0]: row[1] for row in rows}


def unsent_obligations(assignment: Assignment, on: date) -> dict[int, list[Obligation]]:
    """Return, by party id, an assignment's obligations whose report can still be submitted.

    Nothing was submitted, and the window, or the obligation's own last day, has not passed on the
    day `on`. What has passed stays unreported: that is a fact.
    """
    found: dict[int, list[Obligation]] = {}
    for obligation in db.session.scalars(
        sa.select(Obligation)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            AssignmentParty.assignment_id == assignment.id,
            Obligation.ended_as.is_(None),
            sa.or_(ReportingPeriod.closes_on >= on, due_on_column() >= on),
            sa.or_(Report.id.is_(None), Report.state.in_(UNSENT_STATES)),
        )
        .order_by(Obligation.id)
    ):
        found.setdefault(obligation.party_id, []).append(obligation)
    return found
