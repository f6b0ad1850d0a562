"""Giving one action item of the plan to exactly one lead and any supporters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments import queries
from coordinator.assignments.changes.models import BasisFile
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.service import join_period
from coordinator.assignments.rules import BasisKind, ReportedIn
from coordinator.assignments.service import (
    UNSTATED,
    Budget,
    NewParty,
    add_parties,
    add_targets,
    agencies_to_give,
    default_targets,
    notify_party,
    require_budget,
    require_dates,
    require_reporting,
    working_group_of,
)
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.form_keys import already_done
from coordinator.free_text import refuse_identity
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.service import stored_file
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What the secretariat decided about one action item."""

    action_id: str
    lead: str
    support: tuple[str, ...]
    basis_kind: BasisKind
    basis_reference: str
    basis_on: date
    due_on: date
    note: str = ""
    # This year's target by indicator id; an indicator left out has none ("tanpa target"). Later
    # years up to the due date take the plan's target.
    targets: dict[int, Decimal] = field(default_factory=dict)
    reported_in: ReportedIn = ReportedIn.EVERY
    report_months: int | None = None  # rules.months_mask
    budget: Budget = UNSTATED
    form_key: str | None = None


@transactional
def assign_action(
    new: NewAssignment,
    *,
    by: Viewer,
    join: ReportingPeriod | None = None,
    scan: Received | None = None,
    is_sample: bool = False,
) -> Assignment:
    """Give an action item of the plan to its parties, and notify their focal points by mail.

    With `join`, it is also reported in that open period; `scan` is the letter it is based on. The
    same form sent twice (`form_key`) returns the assignment made the first time. Raises NotAllowed,
    NotFound, InvalidInput, Conflict (the item is already held, or the period was closed).
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat menugaskan aksi."))
    done = already_done(Assignment, new.form_key, by)
    if done is not None:
        return done
    action = plans.action(by, new.action_id)
    if action is None:
        raise NotFound(_("Aksi itu tidak ada."))
    if action.discontinued:
        raise Conflict(_("Aksi ini tidak dilanjutkan dan tidak dapat ditugaskan."))
    group = working_group_of(action, by)
    agencies = agencies_to_give(new.lead, new.support, by)
    require_dates(new.basis_on, new.due_on, by)
    require_reporting(new.reported_in, new.report_months)
    require_budget(new.budget)
    refuse_identity(note=new.note, basis_reference=new.basis_reference)
    if action.id in queries.held_items(by):
        raise Conflict(_("Aksi ini sudah ditugaskan. Muat ulang halaman rencana."))
    assignment = Assignment(
        form_key=new.form_key,
        task_force_id=by.own_task_force_id,
        action_item_id=action.id,
        working_group_id=group.id,
        basis_kind=new.basis_kind,
        basis_reference=new.basis_reference,
        basis_on=new.basis_on,
        due_on=new.due_on,
        note=new.note or None,
        reported_in=new.reported_in,
        report_months=new.report_months,
        budget=new.budget.state,
        budget_code=new.budget.code or None,
        budget_amount=new.budget.amount,
        assigned_by_id=by.account_id,
        assigned_at=now(),
        is_sample=is_sample,
    )
    db.session.add(assignment)
    db.session.flush()
    behind = queries.duties_behind(assignment.task_force_id, [action])[action.id]
    add_parties(
        [
            NewParty(
                assignment.id,
                agency.id,
                PartyKind.LEAD if place == 0 else PartyKind.SUPPORT,
                behind.get(agency.id, ()),
            )
            for place, agency in enumerate(agencies)
        ]
    )
    add_targets({assignment.id: _targets(assignment, action, new)})
    for party in assignment.parties:
        notify_party(party, assignment, action)
    record(
        "action.assigned",
        by=by,
        subject=("assignment", assignment.public_id),
        agency_id=agencies[0].id,
        code=action.code,
        lead=agencies[0].key,
        support=[agency.key for agency in agencies[1:]],
        due_on=new.due_on.isoformat(),
    )
    if join is not None:
        join_period(assignment.id, join.id, by=by)
    if scan is not None:
        keep_scan([assignment.id], scan)
    return assignment


def _targets(
    assignment: Assignment, action: ActionItem, new: NewAssignment
) -> dict[tuple[int, int], Decimal]:
    """Return what was typed for this year, and the plan's targets for the later ones."""
    year = today().year
    level = plans.level_of(assignment.task_force_id)
    later = default_targets(action, year + 1, new.due_on.year, level)
    return later | {(indicator_id, year): value for indicator_id, value in new.targets.items()}


def keep_scan(assignment_ids: Sequence[int], scan: Received) -> None:
    """Attach a received scan to assignments."""
    file = stored_file(scan, field="scan")
    db.session.execute(
        sa.insert(BasisFile),
        [{"assignment_id": one, "file_id": file.id, "name": scan.name} for one in assignment_ids],
    )
