"""The receiver's answers: accept what can be accepted at once, one with changes, or decline."""

from collections.abc import Mapping

import sqlalchemy as sa

from coordinator.assignments.changes import batches
from coordinator.assignments.changes import queries as change_queries
from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.changes.models import AssignmentBatch
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.models import Assignment
from coordinator.assignments.proposals import offering, queries
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.form_keys import already_done
from coordinator.free_text import refuse_identity
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.translation import gettext as _


def _require_receiver(by: Viewer) -> None:
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat menjawab usulan."))


def terms_of(batch: ProposalBatch) -> batches.Terms:
    """Return an act's terms as those of assignments."""
    return batches.Terms(
        AssignmentBasis(batch.basis_kind, batch.basis_reference, batch.basis_on),
        batch.due_on,
        batch.note or "",
    )


@transactional
def accept(
    batch_id: str,
    *,
    proposal_id: str = "",
    join: ReportingPeriod | None = None,
    fingerprint: str | None = None,
    form_key: str | None = None,
    by: Viewer,
) -> AssignmentBatch:
    """Assign what an act proposed and the viewer's task force can take, as its own mapping says.

    With `proposal_id`, only that proposal; `undo_batch` takes it back for two minutes.
    `fingerprint` is of what the person saw. The same form sent twice returns the assignments made
    the first time. Raises NotAllowed, NotFound, InvalidInput (the due date has passed), Conflict
    (answered or taken back meanwhile, or nothing can be taken).
    """
    _require_receiver(by)
    done = already_done(AssignmentBatch, form_key, by)
    if done is not None:
        return done
    if not queries.was_sent_to(by, batch_id):
        raise NotFound(_("Usulan itu tidak ada."))
    found = queries.open_proposals(by, batch_id=batch_id, proposal_id=proposal_id)
    if not found:
        raise Conflict(_("Usulan ini sudah dijawab, atau ditarik oleh provinsi."))
    offered = offering.offered(by, found)
    if fingerprint is not None and offered.prepared.fingerprint != fingerprint:
        raise Conflict(_("Daftarnya berubah sejak Anda lihat. Lihat yang baru di bawah."))
    ids = tuple(one.action.public_id for one in offered.prepared.proposals)
    if not ids:  # an empty choice would mean everything
        raise Conflict(_("Tidak ada aksi di usulan ini yang dapat diterima begitu saja."))
    towards, lead = offering.way(by, offered.batch)
    made = batches.assign_together(
        Filter(ids=ids),
        towards,
        terms_of(offered.batch),
        lead=lead,
        join=join,
        fingerprint=offered.prepared.fingerprint,
        form_key=form_key,
        by=by,
    )
    _mark_accepted(offered.by_item, _assignments_of(made), by)
    record(
        "proposals.accepted",
        by=by,
        subject=("assignment_proposal_batch", batch_id),
        proposals=len(ids),
        assignment_batch=made.public_id,
    )
    return made


def _assignments_of(made: AssignmentBatch) -> dict[int, int]:
    """Return assignment ids by action item id."""
    return {item_id: assignment_id for assignment_id, item_id in change_queries.batch_items(made)}


def _mark_accepted(
    proposals: Mapping[int, Proposal], assignments: Mapping[int, int], by: Viewer
) -> None:
    stamp = now()
    db.session.execute(
        sa.update(Proposal),
        [
            {
                "id": proposals[item_id].id,
                "state": ProposalState.ACCEPTED,
                "decided_at": stamp,
                "decided_by_id": by.account_id,
                "assignment_id": assignment_id,
            }
            for item_id, assignment_id in assignments.items()
        ],
    )
    db.session.expire_all()


def _waiting(public_id: str, by: Viewer) -> Proposal:
    """Return an open proposal to the viewer's task force. Raises NotAllowed, NotFound, Conflict."""
    _require_receiver(by)
    found = queries.proposal(by, public_id)
    if found is None:
        raise NotFound(_("Usulan itu tidak ada."))
    if found.state is not ProposalState.OPEN:
        raise Conflict(_("Usulan ini sudah dijawab, atau ditarik oleh provinsi."))
    return found


@transactional
def accept_as(
    public_id: str,
    new: NewAssignment,
    *,
    join: ReportingPeriod | None = None,
    scan: Received | None = None,
    by: Viewer,
) -> Assignment:
    """Accept one proposal with terms and agencies of the receiver's own choice.

    Raises NotAllowed, NotFound, Conflict, and what `assign_action` raises.
    """
    _require_receiver(by)
    before = queries.proposal(by, public_id)
    held = before.assignment if before is not None else None
    if held is not None and new.form_key and held.form_key == new.form_key:
        return held  # the same form sent twice
    found = _waiting(public_id, by)
    if found.action_item.public_id != new.action_id:
        raise NotFound(_("Usulan itu tidak ada."))
    assignment = assign_action(new, by=by, join=join, scan=scan)
    _mark_accepted({found.action_item_id: found}, {found.action_item_id: assignment.id}, by)
    _record("proposal.accepted", found, by, assignment)
    return assignment


@transactional
def accept_held(public_id: str, *, by: Viewer) -> Assignment:
    """Accept a proposal of an item that the viewer's task force already holds.

    Nothing new is assigned. Raises NotAllowed, NotFound, Conflict (nobody holds it).
    """
    found = _waiting(public_id, by)
    held = db.session.scalar(
        sa.select(Assignment)
        .where(
            Assignment.task_force_id == by.own_task_force_id,
            Assignment.action_item_id == found.action_item_id,
            Assignment.closed_at.is_(None),
        )
        .order_by(Assignment.id)
        .limit(1)
    )
    if held is None:
        raise Conflict(_("Aksi ini belum ditugaskan. Terima atau tolak usulannya."))
    _mark_accepted({found.action_item_id: found}, {found.action_item_id: held.id}, by)
    _record("proposal.accepted", found, by, held)
    return held


@transactional
def decline(public_id: str, *, reason: str, by: Viewer) -> Proposal:
    """Decline a proposal with a reason, which stays in the receiver's task force.

    The proposer only sees a count. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    _require_receiver(by)
    before = queries.proposal(by, public_id)
    if before is not None and before.state is ProposalState.DECLINED:
        return before  # the same form sent twice
    found = _waiting(public_id, by)
    if not reason.strip():
        raise InvalidInput({"reason": _("Tulis alasannya")})
    refuse_identity(reason=reason)
    found.state, found.reason = ProposalState.DECLINED, reason.strip()
    found.decided_at, found.decided_by_id = now(), by.account_id
    _record("proposal.declined", found, by)
    return found


def _record(action: str, found: Proposal, by: Viewer, assignment: Assignment | None = None) -> None:
    record(
        action,
        by=by,
        subject=("assignment_proposal", found.public_id),
        code=found.action_item.code,
        assignment=assignment.public_id if assignment else None,
    )
