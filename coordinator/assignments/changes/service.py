"""Moving an assignment to another lead, its supporters, closing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from coordinator.assignments.changes import queries
from coordinator.assignments.changes.changes import (
    ChangeRequest,
    add_change,
    duties_of,
    first_due,
    forget_mail,
    last_due,
    load_for_change,
    notify_parties,
    require_not_in_sibling,
    require_reason,
)
from coordinator.assignments.changes.emails import ChangeNotice
from coordinator.assignments.changes.models import BasisFile
from coordinator.assignments.models import Assignment, AssignmentChange
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.reassignment import (
    add_supporter,
    end_obligation,
    end_party,
    take_lead,
)
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.rules import (
    BasisKind,
    ChangeKind,
    CloseKind,
)
from coordinator.assignments.service import agency_to_give, notify_party
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.permissions import Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record
from coordinator.reporting.reports.obligation_states import unsent_obligations
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class AssignmentBasis:
    """The letter or meeting that an assignment rests on from now on."""

    kind: BasisKind
    reference: str
    on: date


@transactional
def reassign(
    public_id: str,
    *,
    lead: str,
    basis: AssignmentBasis,
    request: ChangeRequest,
    report_due_on: date | None = None,
    by: Viewer,
) -> Assignment:
    """Give an assignment to another lead, from now on resting on `basis`.

    What the former lead submitted stays its own; what it still owed ends as "dialihkan", and the
    new lead owes it with at least ten working days. A supporter that becomes the lead supports no
    longer. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    assignment, is_done = load_for_change(public_id, request, by)
    if is_done:
        return assignment
    on = today(by.zone)
    receiver = agency_to_give(lead, by, "lead")
    former = assignment.lead
    if former.agency_id == receiver.id:
        raise InvalidInput({"lead": _("Instansi ini sudah penanggung jawabnya")})
    if basis.on > on:
        raise InvalidInput({"basis_on": _("Tanggal dasar penugasan belum terjadi.")})
    require_not_in_sibling(assignment, receiver, "lead")
    earliest = first_due(on, report_due_on)
    unsent = unsent_obligations(assignment, on)
    running = end_party(former, unsent, ObligationEnd.TRANSFERRED)
    forget_mail(former)
    count = take_lead(
        assignment, receiver, duties_of(assignment, receiver), running, earliest, unsent
    )
    assignment.basis_kind, assignment.basis_on = basis.kind, basis.on
    assignment.basis_reference = basis.reference
    if (file := db.session.get(BasisFile, assignment.id)) is not None:
        db.session.delete(file)  # it was the scan of the former letter
    change = add_change(
        assignment,
        ChangeKind.REASSIGNED,
        request,
        by,
        agency_id=former.agency_id,
        to_agency_id=receiver.id,
    )
    db.session.refresh(assignment, ["parties"])
    due = last_due(running, earliest)
    notify_party(assignment.lead, assignment, assignment.action_item, due)
    supporters = {
        party.agency_id: ChangeNotice.NEW_LEAD
        for party in assignment.active_parties
        if party.kind is PartyKind.SUPPORT
    }
    notify_parties(
        assignment, change, {former.agency_id: ChangeNotice.MOVED_AWAY, **supporters}, on
    )
    record(
        "assignment.reassigned",
        by=by,
        subject=("assignment", assignment.public_id),
        agency_id=receiver.id,
        former=former.agency.key,
        lead=receiver.key,
        obligations=count,
    )
    return assignment


@transactional
def set_support(  # noqa: C901
    public_id: str, *, support: Collection[str], request: ChangeRequest, by: Viewer
) -> Assignment:
    """Let exactly the agencies `support` (slugs) support an assignment.

    Who leaves owes nothing more of it; who comes has at least ten working days for its first
    report. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    assignment, is_done = load_for_change(public_id, request, by)
    if is_done:
        return assignment
    on = today(by.zone)
    wanted = [agency_to_give(slug, by, "support") for slug in dict.fromkeys(support)]
    if any(agency.id == assignment.lead.agency_id for agency in wanted):
        raise InvalidInput({"support": _("Penanggung jawab tidak sekaligus pendukung")})
    now_there = {
        party.agency_id: party
        for party in assignment.active_parties
        if party.kind is PartyKind.SUPPORT
    }
    added = [agency for agency in wanted if agency.id not in now_there]
    kept = {agency.id for agency in wanted}
    removed = [party for agency_id, party in now_there.items() if agency_id not in kept]
    for agency in added:
        require_not_in_sibling(assignment, agency, "support")
    if not added and not removed:
        return assignment
    made = []
    unsent = unsent_obligations(assignment, on)
    for party in removed:
        end_party(party, unsent, ObligationEnd.CLOSED)
        forget_mail(party)
        made.append((ChangeKind.SUPPORT_REMOVED, party.agency_id))
    earliest = first_due(on)
    due: dict[int, date] = {}
    for agency in added:
        running = queries.periods_to_join(assignment, agency, on)
        add_supporter(assignment, agency, duties_of(assignment, agency), running, earliest)
        made.append((ChangeKind.SUPPORT_ADDED, agency.id))
        if running:
            due[agency.id] = max(earliest, *(period.closes_on for period in running))
    db.session.refresh(assignment, ["parties"])
    for place, (kind, agency_id) in enumerate(made):
        change = add_change(assignment, kind, request, by, agency_id=agency_id, first=place == 0)
        if kind is ChangeKind.SUPPORT_REMOVED:
            notify_parties(assignment, change, {agency_id: ChangeNotice.SUPPORT_ENDED}, on)
    new_ids = {agency.id for agency in added}
    for party in assignment.active_parties:
        if party.agency_id in new_ids:
            notify_party(party, assignment, assignment.action_item, due.get(party.agency_id))
    record(
        "assignment.support_changed",
        by=by,
        subject=("assignment", assignment.public_id),
        added=[agency.key for agency in added],
        removed=[party.agency.key for party in removed],
    )
    return assignment


@transactional
def close(public_id: str, *, kind: CloseKind, request: ChangeRequest, by: Viewer) -> Assignment:
    """Close an assignment with a reason; nobody is asked about it any more.

    What was submitted stays. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    assignment, is_done = load_for_change(public_id, request, by)
    if is_done:
        return assignment
    require_reason(request)
    on = today(by.zone)
    change, _ended = close_assignment(assignment, kind, request, on, by=by)
    parties = assignment.active_parties
    notify_parties(
        assignment, change, {party.agency_id: ChangeNotice.CLOSED for party in parties}, on
    )
    return assignment


def close_assignment(
    assignment: Assignment, kind: CloseKind, request: ChangeRequest, on: date, *, by: Viewer
) -> tuple[AssignmentChange, list[Obligation]]:
    """Close an assignment on the day `on` without telling anybody; return the line of history and
    the obligations that ended. The caller has checked access and reason, and tells the parties."""
    parties = assignment.active_parties
    ended: list[Obligation] = []
    unsent = unsent_obligations(assignment, on)
    for party in parties:
        for obligation in unsent.get(party.id, ()):
            end_obligation(obligation, ObligationEnd.CLOSED)
            ended.append(obligation)
        forget_mail(party)
    # The parties stay as they are: who held it when it was closed is part of the record.
    assignment.closed_at, assignment.closed_kind = now(), kind
    assignment.closed_reason = request.reason.strip()
    assignment.version += 1
    change = add_change(assignment, ChangeKind.CLOSED, request, by)
    record(
        "assignment.closed",
        by=by,
        subject=("assignment", assignment.public_id),
        agency_id=assignment.lead.agency_id,
        kind=kind.value,
        obligations=len(ended),
    )
    return change, ended
