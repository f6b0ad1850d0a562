"""Ending an agency's part in an assignment and starting another's.

Shared by rulings and the secretariat's changes. Called inside a service's transaction.

What an agency has sent stays its own. What it had not sent ends; its receiver gets an obligation
with its own last day. Reports belong to a higher layer, so the caller says what was not sent.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.obligations.service import create_obligations
from coordinator.assignments.service import NewParty, add_parties
from coordinator.clock import now
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions.rules import PartyKind

Unsent = Mapping[int, Sequence[Obligation]]  # what can still be sent, by party id


def end_obligation(obligation: Obligation, reason: ObligationEnd) -> None:
    """End one obligation."""
    obligation.ended_as = reason
    obligation.ended_at = now()


def end_party(
    party: AssignmentParty, unsent: Unsent, reason: ObligationEnd
) -> list[ReportingPeriod]:
    """End a part and what it has not sent; return the periods of what it had not."""
    party.ended_at = now()
    party.assignment.version += 1
    ended = unsent.get(party.id, ())
    for obligation in ended:
        end_obligation(obligation, reason)
    # The partial unique indexes allow one lead and one part an agency: end first, then start.
    db.session.flush()
    return [obligation.period for obligation in ended]


def start_party(
    assignment: Assignment,
    receiver: Agency,
    kind: PartyKind,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    not_before: date,
) -> int:
    """Start a part based on `duties` (ids), reported in `periods`; return how many obligations.

    They are due at the window's close or on the day `not_before`, whichever is later.
    """
    assignment.version += 1
    [party_id] = add_parties([NewParty(assignment.id, receiver.id, kind, duties)])
    db.session.expire(assignment, ["parties"])
    return create_obligations(periods, AssignmentParty.id == party_id, not_before=not_before)


def take_lead(
    assignment: Assignment,
    receiver: Agency,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    not_before: date,
    unsent: Unsent,
) -> int:
    """Make `receiver` the lead of a part nobody holds now; return how many obligations it got.

    If it was a supporter, that part ends and its duties are carried over.
    """
    supporter = assignment.party_of(receiver)
    all_duties = list(duties)
    if supporter is not None:
        known = {link.duty_id for link in supporter.duties}
        all_duties += sorted(known - set(duties))
        end_party(supporter, unsent, ObligationEnd.TRANSFERRED)
    return start_party(assignment, receiver, PartyKind.LEAD, all_duties, periods, not_before)


def add_supporter(
    assignment: Assignment,
    receiver: Agency,
    duties: Sequence[int],
    periods: Sequence[ReportingPeriod],
    not_before: date,
) -> int:
    """Let `receiver` support an assignment; return how many obligations it got.

    If it already takes part, its part is based on these duties too.
    """
    party = assignment.party_of(receiver)
    if party is None:
        return start_party(assignment, receiver, PartyKind.SUPPORT, duties, periods, not_before)
    known = {link.duty_id for link in party.duties}
    party.duties.extend(PartyDuty(duty_id=duty) for duty in duties if duty not in known)
    db.session.flush()
    return 0
