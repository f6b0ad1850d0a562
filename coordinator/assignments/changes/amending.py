"""Changing due date, targets, note, budget and the periods an assignment is reported in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from coordinator import screening
from coordinator.assignments.changes.changes import (
    ChangeRequest,
    add_change,
    load_for_change,
    notify_parties,
    require_reason,
)
from coordinator.assignments.changes.emails import ChangeNotice
from coordinator.assignments.models import (
    Assignment,
)
from coordinator.assignments.obligations.reassignment import end_obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.rules import (
    ChangeKind,
    ReportedIn,
    is_reported_in,
)
from coordinator.assignments.service import (
    Budget,
    require_budget,
    require_reporting,
    set_targets,
)
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.formatting import plain_date
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.reports.obligation_states import unsent_obligations
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class AssignmentTerms:
    """What an assignment says from now on. `targets` are this year's, by indicator id.

    `report_due_on` moves the last day of the reports that are asked for now."""

    due_on: date
    targets: Mapping[int, Decimal]
    note: str
    reported_in: ReportedIn
    report_months: int | None
    budget: Budget
    report_due_on: date | None = None


@transactional
def amend(public_id: str, *, to: AssignmentTerms, request: ChangeRequest, by: Viewer) -> Assignment:
    """Change due date, targets, note, budget and the periods an assignment is reported in.

    A moved due date needs a reason, and the parties are notified. Reminders follow the new dates by
    themselves, because they are computed from them. Obligations in periods in which the assignment
    is no longer reported are ended. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    assignment, is_done = load_for_change(public_id, request, by)
    if is_done:
        return assignment
    on = today(by.zone)
    before = assignment.due_on
    if to.due_on != before:
        require_reason(request)
        if to.due_on < on:
            raise InvalidInput({"due_on": _("Batas waktu sudah lewat.")})
    require_reporting(to.reported_in, to.report_months)
    require_budget(to.budget)
    if screening.blocks(to.note):
        raise InvalidInput({"note": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    changed = set_targets(assignment, to.targets)
    former = _rule_of(assignment)
    assignment.due_on, assignment.note = to.due_on, to.note.strip() or None
    assignment.reported_in, assignment.report_months = to.reported_in, to.report_months
    assignment.budget = to.budget.state
    assignment.budget_code = to.budget.code or None
    assignment.budget_amount = to.budget.amount
    assignment.version += 1
    ended, moved = _settle_reports(assignment, former, to, on, request)
    is_moved = to.due_on != before or moved > 0
    change = add_change(
        assignment,
        ChangeKind.DUE_MOVED if is_moved else ChangeKind.AMENDED,
        request,
        by,
        due=(before, to.due_on) if to.due_on != before else None,
    )
    if is_moved:
        notify_parties(
            assignment,
            change,
            {party.agency_id: ChangeNotice.DUE_MOVED for party in assignment.active_parties},
            on,
        )
    record(
        "assignment.amended",
        by=by,
        subject=("assignment", assignment.public_id),
        due_before=before.isoformat(),
        due_after=to.due_on.isoformat(),
        targets={str(key): value for key, value in changed.items()},
        reported_in=to.reported_in.value,
        budget=to.budget.state.value,
        obligations_ended=ended,
        obligations_moved=moved,
    )
    return assignment


def _rule_of(assignment: Assignment) -> Callable[[ReportingPeriod], bool]:
    """Return the test of whether the assignment, as it is now, is reported in a period."""
    kind, months, due_on = assignment.reported_in, assignment.report_months, assignment.due_on

    def holds(period: ReportingPeriod) -> bool:
        return is_reported_in(
            kind,
            months,
            due_on,
            covers_from=period.covers_from,
            covers_until=period.covers_until,
        )

    return holds


def _settle_reports(
    assignment: Assignment,
    former: Callable[[ReportingPeriod], bool],
    to: AssignmentTerms,
    on: date,
    request: ChangeRequest,
) -> tuple[int, int]:
    """End obligations no longer reported, move the last day of the rest; return (ended, moved).

    An obligation that was added to its period by hand, against the rule, stays.
    """
    now_holds = _rule_of(assignment)
    unsent = unsent_obligations(assignment, on)
    ended = moved = 0
    for party in assignment.active_parties:
        for obligation in unsent.get(party.id, ()):
            period = obligation.period
            if former(period) and not now_holds(period):
                end_obligation(obligation, ObligationEnd.CLOSED)
                ended += 1
            elif to.report_due_on is not None and obligation.due_on != to.report_due_on:
                require_reason(request)
                if to.report_due_on < max(on, period.closes_on):
                    raise InvalidInput(
                        {
                            "report_due_on": _(
                                "Tidak sebelum periode ditutup, %(day)s.",
                                day=plain_date(period.closes_on),
                            )
                        }
                    )
                obligation.due_on = to.report_due_on
                moved += 1
    db.session.flush()
    return ended, moved
