"""What the secretariat reads before it rules: who carries how much, and what would follow."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import DAYS_FOR_RECEIVER
from coordinator.db import db
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.duties.models import DutyRevision
from coordinator.oversight.rulings.rules import DAYS_AFTER_DISPUTE
from coordinator.oversight.rulings.settlement import open_periods
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import AgencyKind, add_working_days
from coordinator.permissions import Viewer
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import UNSENT_STATES


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that could receive a duty, with what it carries already."""

    slug: str
    abbreviation: str
    name: str
    duties: int
    assignments: int


def candidates(viewer: Viewer, *, but: int) -> list[Candidate]:
    """Return the agencies of the viewer's task force that may hold a duty, by name, without the
    agency `but`. A court shares data only."""
    duties = (
        sa.select(sa.func.count(DutyRevision.id))
        .where(DutyRevision.agency_id == Agency.id, DutyRevision.until.is_(None))
        .scalar_subquery()
    )
    assignments = (
        sa.select(sa.func.count(AssignmentParty.id))
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            AssignmentParty.agency_id == Agency.id,
            AssignmentParty.ended_at.is_(None),
            Assignment.closed_at.is_(None),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Agency.slug, Agency.abbreviation, Agency.name, duties, assignments)
        .where(
            Agency.task_force_id == viewer.own_task_force_id,
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
            Agency.id != but,
        )
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return [Candidate(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a ruling would do in the open periods, counted in obligations.

    `asked_again` are those of the agency that nobody could be reminded of during the dispute, due
    on `asked_from` at the earliest; `transferred` would end as "dialihkan" if the duty moves; the
    receiver gets `received` (fewer where it takes part already), due on `received_from` at the
    earliest.
    """

    asked_again: int
    asked_from: date
    transferred: int
    received: int
    received_from: date


def consequences(response: DutyResponse, on: date) -> Consequences:
    """Return what would follow a ruling on a question made on the day `on`; changes nothing."""
    off = days_off()
    asked_from = add_working_days(on, DAYS_AFTER_DISPUTE, off)
    earliest = add_working_days(on, DAYS_FOR_RECEIVER, off)
    periods = open_periods(response.duty.task_force_id, on)
    open_ids = [period.id for period in periods]
    rests_on_more = AssignmentParty.duties.any(PartyDuty.duty_id != response.duty_id)
    parts = db.session.execute(
        sa.select(AssignmentParty.id, AssignmentParty.assignment_id, rests_on_more)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            AssignmentParty.agency_id == response.agency_id,
            AssignmentParty.ended_at.is_(None),
            Assignment.closed_at.is_(None),
            AssignmentParty.duties.any(PartyDuty.duty_id == response.duty_id),
        )
    ).all()
    alone = {party_id for party_id, _assignment, has_more in parts if not has_more}
    unanswered = db.session.scalars(
        sa.select(Obligation.party_id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.party_id.in_([party_id for party_id, _assignment, _more in parts]),
            Obligation.period_id.in_(open_ids),
            Obligation.ended_as.is_(None),
            sa.or_(Report.id.is_(None), Report.state.in_(UNSENT_STATES)),
        )
    ).all()
    other = aliased(AssignmentParty)
    reported_in = db.session.execute(
        sa.select(other.assignment_id, Obligation.period_id)
        .join(other, other.id == Obligation.party_id)
        .where(
            other.assignment_id.in_([assignment for _party, assignment, _more in parts]),
            Obligation.period_id.in_(open_ids),
        )
        .distinct()
    ).all()
    closes_on = {period.id: period.closes_on for period in periods}
    return Consequences(
        asked_again=len(unanswered),
        asked_from=asked_from,
        transferred=sum(party_id in alone for party_id in unanswered),
        received=len(reported_in),
        received_from=min(
            (max(closes_on[period_id], earliest) for _assignment, period_id in reported_in),
            default=earliest,
        ),
    )
