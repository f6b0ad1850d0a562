"""The decision requests of a task force, and the people to notify of a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import Agency
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.rules import DecisionState
from coordinator.reporting.reports.models import Report


@dataclass(frozen=True, slots=True)
class RequestOfReport:
    """A request with what its page says of the report that carries it."""

    request: DecisionRequest
    obligation: Obligation
    agency: AgencyName  # as it was called in the report's period
    title: str

    @property
    def agencies(self) -> list[AgencyName | Agency]:
        """The agencies it is about: who asks, and the other one where it was named."""
        other = self.request.concerned_agency
        return [self.agency, *([other] if other and other.id != self.agency.id else [])]


def _requests(viewer: Viewer) -> sa.Select[DecisionRequest, Obligation, str]:
    force = viewer.own_task_force_id if viewer.may(Permission.SEE_DECISIONS) else -1
    return (
        sa.select(DecisionRequest, Obligation, title_column())
        .join(Report, Report.id == DecisionRequest.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(DecisionRequest.task_force_id == force)
        .options(
            joinedload(DecisionRequest.report),
            joinedload(DecisionRequest.revision),
            joinedload(DecisionRequest.concerned_agency),
            joinedload(Obligation.period),
        )
    )


def requests(viewer: Viewer, state: DecisionState, *, most: int = 200) -> list[RequestOfReport]:
    """Return the task force's requests of a state: open ones oldest first, others newest first."""
    if state is DecisionState.OPEN:
        order: sa.UnaryExpression[Any] = DecisionRequest.created_at.asc()
    elif state is DecisionState.DECIDED:
        order = DecisionRequest.decided_at.desc()
    else:
        order = DecisionRequest.withdrawn_at.desc()
    rows = db.session.execute(
        _requests(viewer)
        .where(DecisionRequest.state == state)
        .order_by(order, DecisionRequest.id)
        .limit(most)
    )
    names = PeriodNames(viewer.own_task_force_id)
    return [_asked(names, *row) for row in rows]


def _asked(
    names: PeriodNames, request: DecisionRequest, obligation: Obligation, title: str
) -> RequestOfReport:
    agency = names.agency(obligation.period_id, obligation.agency_id)
    return RequestOfReport(request, obligation, agency, title)


def request(viewer: Viewer, public_id: str) -> RequestOfReport | None:
    """Return one request, or None where the viewer may not know of it."""
    row = db.session.execute(
        _requests(viewer).where(DecisionRequest.public_id == public_id)
    ).first()
    return _asked(PeriodNames(viewer.own_task_force_id), *row) if row else None


def requests_of(report_id: int) -> list[DecisionRequest]:
    """Return all requests a report ever carried, oldest first."""
    return list(
        db.session.scalars(
            sa.select(DecisionRequest)
            .where(DecisionRequest.report_id == report_id)
            .order_by(DecisionRequest.id)
        )
    )


def counts(viewer: Viewer) -> dict[DecisionState, int]:
    """Count the task force's requests by state."""
    found = dict.fromkeys(DecisionState, 0)
    rows = db.session.execute(
        sa.select(DecisionRequest.state, sa.func.count())
        .where(DecisionRequest.task_force_id == viewer.own_task_force_id)
        .group_by(DecisionRequest.state)
    )
    for state, count in rows:
        found[state] = count
    return found


@cache
def open_requests() -> sa.Select[int]:
    """Return the statement that counts the requests of `:task_force_id` that wait."""
    return sa.select(sa.func.count()).where(
        DecisionRequest.task_force_id == sa.bindparam("task_force_id"),
        DecisionRequest.state == DecisionState.OPEN,
    )


def waiting(viewer: Viewer) -> tuple[int, datetime | None]:
    """Return how many requests of the task force wait for a decision, and since when the oldest."""
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(DecisionRequest.created_at)).where(
            DecisionRequest.task_force_id == viewer.own_task_force_id,
            DecisionRequest.state == DecisionState.OPEN,
        )
    ).one()
    return int(row[0]), row[1]


def recipients(
    asked: RequestOfReport, on: date
) -> list[tuple[AgencyName | Agency, list[AccessGrant]]]:
    """Return, by agency, whom to notify of the decision: both agencies' people on that day."""
    people = recipients_of_agencies((agency.id for agency in asked.agencies), on)
    return [(agency, people[agency.id]) for agency in asked.agencies]
