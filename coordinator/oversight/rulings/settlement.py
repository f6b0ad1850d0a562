"""What a ruling does to assignments and obligations in the periods that are open.

Called by `rulings.service` inside its transaction. What an agency has submitted stays its own; an
obligation it had not answered ends as "dialihkan", and the receiver gets one with at least ten
working days.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import PeriodException
from coordinator.assignments.obligations.reassignment import add_supporter, end_party, take_lead
from coordinator.assignments.obligations.rules import DAYS_FOR_RECEIVER, ObligationEnd
from coordinator.assignments.obligations.service import reported_periods
from coordinator.db import db
from coordinator.mapping.answers.models import Ruling
from coordinator.oversight.rulings.rules import DAYS_AFTER_DISPUTE
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import add_working_days
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.obligation_states import unsent_obligations


def open_periods(task_force_id: int, on: date) -> list[ReportingPeriod]:
    """Return the periods whose window has not closed on the day `on`."""
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == task_force_id,
                ReportingPeriod.opened_at.is_not(None),
                ReportingPeriod.closes_on >= on,
            )
            .order_by(ReportingPeriod.id)
        )
    )


def add_exceptions(periods: Sequence[ReportingPeriod], ruling: Ruling) -> None:
    """Let a ruling hold in periods that keep an older mapping."""
    db.session.add_all(
        PeriodException(period_id=period.id, ruling_id=ruling.id) for period in periods
    )
    db.session.flush()


def _parties(duty_id: int, agency_id: int) -> list[AssignmentParty]:
    """Return an agency's parts in open assignments that rest on a duty."""
    return list(
        db.session.scalars(
            sa.select(AssignmentParty)
            .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
            .where(
                AssignmentParty.agency_id == agency_id,
                AssignmentParty.ended_at.is_(None),
                Assignment.closed_at.is_(None),
                AssignmentParty.duties.any(PartyDuty.duty_id == duty_id),
            )
            .order_by(AssignmentParty.id)
        )
    )


def extend_deadlines(duty_id: int, agency_id: int, on: date) -> int:
    """Extend deadlines after a dispute; return how many obligations got a later last day.

    Nobody may be late for what could not be requested during the dispute.
    """
    earliest = add_working_days(on, DAYS_AFTER_DISPUTE, days_off())
    count = 0
    for party in _parties(duty_id, agency_id):
        for obligation in unsent_obligations(party.assignment, on).get(party.id, ()):
            if obligation.due_on < earliest:
                obligation.due_on = earliest
                count += 1
    db.session.flush()
    return count


def move_duty(
    duty_id: int, agency_id: int, receiver: Agency, periods: Sequence[ReportingPeriod], on: date
) -> int:
    """Move what depends on a duty to its receiver; return how many obligations the receiver got.

    A part that depends on other duties too stays with its agency, without this one; the receiver
    then joins as a supporter.
    """
    earliest = _earliest(on)
    count = 0
    for party in _parties(duty_id, agency_id):
        joined = reported_periods(party.assignment, periods)
        if any(link.duty_id != duty_id for link in party.duties):
            for link in [link for link in party.duties if link.duty_id == duty_id]:
                party.duties.remove(link)
                db.session.delete(link)
            db.session.flush()
            count += add_supporter(party.assignment, receiver, [duty_id], joined, earliest)
            continue
        unsent = unsent_obligations(party.assignment, on)
        end_party(party, unsent, ObligationEnd.TRANSFERRED)
        if party.kind is PartyKind.LEAD:
            count += take_lead(party.assignment, receiver, [duty_id], joined, earliest, unsent)
        else:
            count += add_supporter(party.assignment, receiver, [duty_id], joined, earliest)
    return count


def share_duty(
    duty_id: int,
    agency_id: int,
    receiver: Agency,
    copy_id: int,
    periods: Sequence[ReportingPeriod],
    on: date,
) -> int:
    """Add the receiver as supporter to every assignment that depends on a shared duty.

    Return how many obligations it got. `copy_id` is the receiver's own duty.
    """
    earliest = _earliest(on)
    return sum(
        add_supporter(
            party.assignment,
            receiver,
            [copy_id],
            reported_periods(party.assignment, periods),
            earliest,
        )
        for party in _parties(duty_id, agency_id)
    )


def _earliest(on: date) -> date:
    return add_working_days(on, DAYS_FOR_RECEIVER, days_off())
