"""Giving many items in one act, and taking the act back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.changes import emails
from coordinator.assignments.changes.assigning import keep_scan
from coordinator.assignments.changes.bulk import (
    Assignee,
    Prepared,
    SuggestedAssignment,
    prepare,
)
from coordinator.assignments.changes.models import AssignmentBatch, AssignmentBatchItem
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.models import (
    Assignment,
)
from coordinator.assignments.obligations.service import create_obligations
from coordinator.assignments.queries import duties_behind
from coordinator.assignments.rules import ReportedIn
from coordinator.assignments.service import (
    UNSTATED,
    Budget,
    NewParty,
    add_parties,
    add_targets,
    default_targets,
    require_budget,
    require_dates,
    require_reporting,
)
from coordinator.clock import now, today
from coordinator.db import db, random_id, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed
from coordinator.form_keys import already_done
from coordinator.formatting import long_date, plain_date
from coordinator.free_text import refuse_identity
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.translation import gettext as _

MAIL_KIND = "assigned_together"


@dataclass(frozen=True, slots=True)
class Terms:
    """What all assignments of a batch have in common."""

    basis: AssignmentBasis
    due_on: date
    note: str = ""
    reported_in: ReportedIn = ReportedIn.EVERY
    report_months: int | None = None
    budget: Budget = UNSTATED


def require_terms(terms: Terms, *, by: Viewer) -> None:
    """Raise InvalidInput where something is wrong with what all assignments have in common."""
    require_dates(terms.basis.on, terms.due_on, by)
    refuse_identity(note=terms.note, basis_reference=terms.basis.reference)
    require_reporting(terms.reported_in, terms.report_months)
    require_budget(terms.budget)


@transactional
def assign_together(  # noqa: PLR0913
    wanted: Filter,
    towards: Assignee,
    terms: Terms,
    *,
    lead: str = "",
    join: ReportingPeriod | None = None,
    scan: Received | None = None,
    fingerprint: str | None = None,
    form_key: str | None = None,
    by: Viewer,
) -> AssignmentBatch:
    """Give the chosen free items, each to one lead and its supporters, and notify each person once.

    Mails wait two minutes, in which `undo` takes everything back. `fingerprint` is of what the
    person confirmed: if an item was given or the mapping changed since, nothing is given. The
    plan's targets become the assignments'. Raises NotAllowed, InvalidInput, Conflict.
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat menugaskan aksi."))
    done = already_done(AssignmentBatch, form_key, by)
    if done is not None:
        return done
    require_terms(terms, by=by)
    prepared = prepare(by, wanted, towards, lead=lead)
    if fingerprint is not None and prepared.fingerprint != fingerprint:
        raise Conflict(_("Daftarnya berubah sejak Anda periksa. Lihat yang baru di bawah."))
    if not prepared.proposals:
        raise InvalidInput({"towards": _("Tidak ada aksi yang dapat ditugaskan dengan cara ini")})
    batch = AssignmentBatch(
        form_key=form_key,
        task_force_id=by.own_task_force_id,
        made_by_id=by.account_id,
        made_at=now(),
    )
    db.session.add(batch)
    db.session.flush()
    ids = _add_assignments(prepared.proposals, terms, by)
    db.session.execute(
        sa.insert(AssignmentBatchItem),
        [{"assignment_id": assignment_id, "batch_id": batch.id} for assignment_id in ids],
    )
    level = plans.level_of(by.own_task_force_id)
    add_targets(
        {
            assignment_id: default_targets(one.action, today().year, terms.due_on.year, level)
            for one, assignment_id in zip(prepared.proposals, ids, strict=True)
        }
    )
    add_parties(_parties(prepared.proposals, ids, by))
    if join is not None:
        create_obligations([join], Assignment.id.in_(ids))
    if scan is not None:
        keep_scan(ids, scan)
    mails = _notify(batch, prepared, terms, join)
    record(
        "actions.assigned_together",
        by=by,
        subject=("assignment_batch", batch.public_id),
        assignments=len(ids),
        agencies=len(prepared.agencies),
        towards=towards.value,
        due_on=terms.due_on.isoformat(),
        joined=join.title if join else None,
        mails=mails,
    )
    return batch


def _add_assignments(
    proposals: Sequence[SuggestedAssignment], terms: Terms, by: Viewer
) -> list[int]:
    """Insert the assignments; return their ids in the order of the proposals.

    Each has its own audit entry: an inspector samples assignments, not batches.
    """
    stamp = now()
    rows: list[dict[str, Any]] = [
        {
            "public_id": random_id(),
            "task_force_id": by.own_task_force_id,
            "action_item_id": one.action.id,
            "working_group_id": one.working_group.id,
            "basis_kind": terms.basis.kind,
            "basis_reference": terms.basis.reference,
            "basis_on": terms.basis.on,
            "due_on": terms.due_on,
            "note": terms.note or None,
            "reported_in": terms.reported_in,
            "report_months": terms.report_months,
            "budget": terms.budget.state,
            "budget_code": terms.budget.code or None,
            "budget_amount": terms.budget.amount,
            "assigned_by_id": by.account_id,
            "assigned_at": stamp,
        }
        for one in proposals
    ]
    made = db.session.scalars(
        sa.insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True), rows
    ).all()
    for one, row in zip(proposals, rows, strict=True):
        record(
            "action.assigned",
            by=by,
            subject=("assignment", row["public_id"]),
            agency_id=one.lead.id,
            code=one.action.code,
            lead=one.lead.key,
            support=[agency.key for agency in one.support],
            due_on=terms.due_on.isoformat(),
        )
    return list(made)


def _parties(
    proposals: Sequence[SuggestedAssignment], ids: Sequence[int], by: Viewer
) -> list[NewParty]:
    behind = duties_behind(by.own_task_force_id, [one.action for one in proposals])
    return [
        NewParty(assignment_id, agency.id, kind, behind[one.action.id].get(agency.id, ()))
        for one, assignment_id in zip(proposals, ids, strict=True)
        for agency, kind in (
            (one.lead, PartyKind.LEAD),
            *((agency, PartyKind.SUPPORT) for agency in one.support),
        )
    ]


def _notify(
    batch: AssignmentBatch, prepared: Prepared, terms: Terms, join: ReportingPeriod | None
) -> int:
    """Queue one mail per person, regardless of the number of items and agencies in it."""
    force = db.session.get_one(TaskForce, batch.task_force_id)
    given: dict[int, list[emails.AssignedItem]] = {}
    for one in prepared.proposals:
        title = one.action.title
        given.setdefault(one.lead.id, []).append(
            emails.AssignedItem(one.lead.id, title, PartyKind.LEAD)
        )
        for agency in one.support:
            given.setdefault(agency.id, []).append(
                emails.AssignedItem(agency.id, title, PartyKind.SUPPORT)
            )
    people: dict[int, list[AccessGrant]] = {}
    for grants in contacts_of_agencies(set(given), today(force.zone)).values():
        for grant in grants:
            people.setdefault(grant.account_id, []).append(grant)
    for grants in people.values():
        own = [item for grant in grants for item in given[grant.agency_id or 0]]
        own.sort(key=lambda item: item.kind is not PartyKind.LEAD)
        notify(
            grants[0],
            emails.assigned_together(
                grants=grants,
                given=own,
                basis=f"{terms.basis.reference}, {plain_date(terms.basis.on)}",
                due=long_date(terms.due_on),
                report_due=long_date(join.closes_on) if join else "",
                force=force,
            ),
            occasion=(MAIL_KIND, batch.public_id),
            kind=MAIL_KIND,
            thread=batch.mail_thread,
        )
    return len(people)
