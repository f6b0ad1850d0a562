"""Ending an agency's part in an assignment and beginning another's: what a ruling and the
secretariat's acts have in common. Called inside a service's transaction.

What an agency has submitted stays its own. What it had not answered ends; its receiver gets an
obligation with a last day of its own.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.clock import now
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.periods.models import Extension, Obligation, ReportingPeriod
from coordinator.periods.queries import due_on_column, extension_join
from coordinator.periods.rules import ObligationEnd
from coordinator.plan.rules import PartyKind
from coordinator.progress.models import Report
from coordinator.progress.queries import UNSENT_STATES

# Working days that whoever receives work has for its first report (docs/glossary.md).
DAYS_FOR_RECEIVER = 10


def unanswered(party_id: int, on: date) -> list[Obligation]:
    """Return a party's obligations of which nothing stands submitted and whose window, or own last
    day, has not passed on the day `on`. What has passed stays silent: that is a fact."""
    return list(
        db.session.scalars(
            sa.select(Obligation)
            .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
            .outerjoin(Extension, extension_join())
            .outerjoin(Report, Report.obligation_id == Obligation.id)
            .where(
                Obligation.party_id == party_id,
                Obligation.ended_as.is_(None),
                sa.or_(ReportingPeriod.closes_on >= on, due_on_column() >= on),
                sa.or_(Report.id.is_(None), Report.state.in_(UNSENT_STATES)),
            )
            .order_by(Obligation.id)
        )
    )


def end_obligation(obligation: Obligation, reason: ObligationEnd) -> None:
    """End one obligation."""
    obligation.ended_as = reason
    obligation.ended_at = now()


def end(party: AssignmentParty, on: date, reason: ObligationEnd) -> list[ReportingPeriod]:
    """End a part and what it has not answered; return the periods in which it had not."""
    party.ended_at = now()
    party.assignment.version += 1
    open_ones = unanswered(party.id, on)
    for obligation in open_ones:
        end_obligation(obligation, reason)
    # The partial unique indexes allow one lead and one part an agency: end first, then begin.
    db.session.flush()
    return [obligation.period for obligation in open_ones]


def active_party(assignment: Assignment, agency: Agency) -> AssignmentParty | None:
    """Return an agency's part in an assignment, if it has one that has not ended."""
    return db.session.scalar(
        sa.select(AssignmentParty).where(
            AssignmentParty.assignment_id == assignment.id,
            AssignmentParty.agency_id == agency.id,
            AssignmentParty.ended_at.is_(None),
        )
    )


def begin(
    assignment: Assignment,
    receiver: Agency,
    kind: PartyKind,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    earliest: date,
) -> int:
    """Begin a part that rests on `duties` (ids) and reports in `periods`, due at the window's close
    or on the day `earliest`, whichever is later; return how many obligations it got."""
    party = AssignmentParty(assignment=assignment, agency_id=receiver.id, kind=kind)
    party.duties = [PartyDuty(duty_id=duty) for duty in duties]
    assignment.version += 1
    db.session.add(party)
    db.session.flush()
    return oblige(party, periods, earliest)


def oblige(party: AssignmentParty, periods: Sequence[ReportingPeriod], earliest: date) -> int:
    """Ask a new part to report in `periods`; return how many obligations were made."""
    assignment = party.assignment
    db.session.add_all(
        Obligation(
            period_id=period.id,
            party_id=party.id,
            task_force_id=assignment.task_force_id,
            agency_id=party.agency_id,
            working_group_id=assignment.working_group_id,
            due_on=max(period.closes_on, earliest),
        )
        for period in periods
    )
    db.session.flush()
    return len(periods)


def take_lead(
    assignment: Assignment,
    receiver: Agency,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    earliest: date,
    on: date,
) -> int:
    """Make `receiver` the lead, whose part nobody holds now; a supporter's part of theirs ends and
    its duties go along. Return how many obligations it got."""
    supporter = active_party(assignment, receiver)
    all_duties = list(duties)
    if supporter is not None:
        known = {link.duty_id for link in supporter.duties}
        all_duties += sorted(known - set(duties))
        end(supporter, on, ObligationEnd.TRANSFERRED)
    return begin(assignment, receiver, PartyKind.LEAD, all_duties, periods, earliest)


def join(
    assignment: Assignment,
    receiver: Agency,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    earliest: date,
) -> int:
    """Let `receiver` support an assignment; where it takes part already, its part rests on these
    duties too. Return how many obligations it got."""
    party = active_party(assignment, receiver)
    if party is None:
        return begin(assignment, receiver, PartyKind.SUPPORT, duties, periods, earliest)
    known = {link.duty_id for link in party.duties}
    party.duties.extend(PartyDuty(duty_id=duty) for duty in duties if duty not in known)
    db.session.flush()
    return 0


def joined_periods(
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
