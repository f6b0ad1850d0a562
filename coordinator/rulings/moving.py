"""What a ruling does to assignments and obligations in the periods that are open.

Called by `rulings.service` inside its transaction. What an agency has submitted stays its own; an
obligation it had not answered ends as "dialihkan", and the receiver gets one with at least ten
working days.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from coordinator.answers.models import Ruling
from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.clock import now
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.directory.queries import days_off
from coordinator.directory.rules import add_working_days
from coordinator.periods.models import Obligation, PeriodException, ReportingPeriod
from coordinator.periods.rules import ObligationEnd
from coordinator.plan.rules import PartyKind
from coordinator.progress.models import Report
from coordinator.progress.queries import OPEN_STATES
from coordinator.rulings.rules import DAYS_AFTER_DISPUTE, DAYS_FOR_RECEIVER


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


def except_from(periods: Sequence[ReportingPeriod], ruling: Ruling) -> None:
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


def _unanswered(party_id: int, periods: Sequence[ReportingPeriod]) -> list[Obligation]:
    """Return a party's obligations in `periods` of which nothing stands submitted."""
    return list(
        db.session.scalars(
            sa.select(Obligation)
            .outerjoin(Report, Report.obligation_id == Obligation.id)
            .where(
                Obligation.party_id == party_id,
                Obligation.period_id.in_([period.id for period in periods]),
                Obligation.ended_as.is_(None),
                sa.or_(Report.id.is_(None), Report.state.in_(OPEN_STATES)),
            )
            .order_by(Obligation.id)
        )
    )


def give_time(duty_id: int, agency_id: int, periods: Sequence[ReportingPeriod], on: date) -> int:
    """After a dispute, let nobody be late for what they could not be asked; return how many
    obligations got a later last day."""
    earliest = add_working_days(on, DAYS_AFTER_DISPUTE, days_off())
    count = 0
    for party in _parties(duty_id, agency_id):
        for obligation in _unanswered(party.id, periods):
            if obligation.due_on < earliest:
                obligation.due_on = earliest
                count += 1
    db.session.flush()
    return count


def move(
    duty_id: int, agency_id: int, receiver: Agency, periods: Sequence[ReportingPeriod], on: date
) -> int:
    """Hand what rests on a duty to its receiver; return how many obligations the receiver got.

    A part that rests on other duties too stays with its agency, without this one; the receiver
    then joins as a supporter.
    """
    count = 0
    for party in _parties(duty_id, agency_id):
        if any(link.duty_id != duty_id for link in party.duties):
            for link in [link for link in party.duties if link.duty_id == duty_id]:
                party.duties.remove(link)
                db.session.delete(link)
            db.session.flush()
            count += _join(party.assignment, receiver, [duty_id], periods, on)
            continue
        _end(party, periods)
        if party.kind is PartyKind.LEAD:
            count += _take_lead(party.assignment, receiver, duty_id, periods, on)
        else:
            count += _join(party.assignment, receiver, [duty_id], periods, on)
    return count


def share(
    duty_id: int,
    agency_id: int,
    receiver: Agency,
    copy_id: int,
    periods: Sequence[ReportingPeriod],
    on: date,
) -> int:
    """Let the receiver support every assignment that rests on a shared duty; return how many
    obligations it got. `copy_id` is the receiver's own duty."""
    return sum(
        _join(party.assignment, receiver, [copy_id], periods, on)
        for party in _parties(duty_id, agency_id)
    )


def _end(party: AssignmentParty, periods: Sequence[ReportingPeriod]) -> None:
    party.ended_at = now()
    for obligation in _unanswered(party.id, periods):
        obligation.ended_as = ObligationEnd.TRANSFERRED
        obligation.ended_at = now()
    # The partial unique indexes allow one lead and one part an agency: end first, then begin.
    db.session.flush()


def _active_party(assignment: Assignment, agency: Agency) -> AssignmentParty | None:
    return db.session.scalar(
        sa.select(AssignmentParty).where(
            AssignmentParty.assignment_id == assignment.id,
            AssignmentParty.agency_id == agency.id,
            AssignmentParty.ended_at.is_(None),
        )
    )


def _take_lead(
    assignment: Assignment,
    receiver: Agency,
    duty_id: int,
    periods: Sequence[ReportingPeriod],
    on: date,
) -> int:
    supporter = _active_party(assignment, receiver)
    duties = [duty_id]
    if supporter is not None:
        duties += [link.duty_id for link in supporter.duties if link.duty_id != duty_id]
        _end(supporter, periods)
    return _begin(assignment, receiver, PartyKind.LEAD, duties, periods, on)


def _join(
    assignment: Assignment,
    receiver: Agency,
    duties: list[int],
    periods: Sequence[ReportingPeriod],
    on: date,
) -> int:
    party = _active_party(assignment, receiver)
    if party is None:
        return _begin(assignment, receiver, PartyKind.SUPPORT, duties, periods, on)
    known = {link.duty_id for link in party.duties}
    party.duties.extend(PartyDuty(duty_id=duty) for duty in duties if duty not in known)
    db.session.flush()
    return 0


def _begin(
    assignment: Assignment,
    receiver: Agency,
    kind: PartyKind,
    duties: list[int],
    periods: Sequence[ReportingPeriod],
    on: date,
) -> int:
    party = AssignmentParty(assignment_id=assignment.id, agency_id=receiver.id, kind=kind)
    party.duties = [PartyDuty(duty_id=duty) for duty in duties]
    db.session.add(party)
    db.session.flush()
    earliest = add_working_days(on, DAYS_FOR_RECEIVER, days_off())
    joined = _periods_of(assignment, periods)
    db.session.add_all(
        Obligation(
            period_id=period.id,
            party_id=party.id,
            task_force_id=assignment.task_force_id,
            agency_id=receiver.id,
            working_group_id=assignment.working_group_id,
            due_on=max(period.closes_on, earliest),
        )
        for period in joined
    )
    db.session.flush()
    return len(joined)


def _periods_of(
    assignment: Assignment, periods: Sequence[ReportingPeriod]
) -> list[ReportingPeriod]:
    """Return those of `periods` in which the assignment is reported at all."""
    joined = set(
        db.session.scalars(
            sa.select(Obligation.period_id)
            .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
            .where(AssignmentParty.assignment_id == assignment.id)
        )
    )
    return [period for period in periods if period.id in joined]
