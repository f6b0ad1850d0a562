"""Proposing actions to the task forces below, and taking it back.

A province may not assign inside another task force (decision 0016): what it creates here is a
question, and only the receiver's secretariat is notified.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.proposals import emails, offering, queries
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.offering import ProposalPreview
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.assignments.service import require_dates
from coordinator.clock import now, today
from coordinator.db import db, random_id, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.form_keys import already_done
from coordinator.free_text import refuse_identity
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import secretariat_of
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails
from coordinator.translation import gettext as _

MAIL_KIND = "proposed"


@dataclass(frozen=True, slots=True)
class ProposalTerms:
    """What all proposals of an act have in common."""

    basis: AssignmentBasis
    due_on: date
    note: str = ""


def require_proposer(by: Viewer) -> None:
    """Raise NotAllowed if the viewer has no task forces below, or may not assign."""
    if not queries.may_propose(by):
        raise NotAllowed(_("Anda tidak dapat mengusulkan aksi kepada gugus tugas lain."))


def require_offer(offer: ProposalPreview) -> None:
    """Raise InvalidInput where no task force was chosen."""
    if not offer.receivers:
        raise InvalidInput({"forces": _("Pilih paling sedikit satu kabupaten/kota")})


@transactional
def propose(
    wanted: Filter,
    terms: ProposalTerms,
    *,
    codes: Collection[str],
    kind: str = "",
    fingerprint: str | None = None,
    form_key: str | None = None,
    by: Viewer,
) -> ProposalBatch:
    """Propose the chosen items to task forces below (`codes`), and notify their secretariats.

    Each person gets one mail, after two minutes in which `undo` takes everything back. `kind` is
    the lineage of the kind of agency that should lead them all; "" as the plan suggests.
    `fingerprint` is of what the person confirmed. The same form sent twice returns the act made the
    first time. Raises NotAllowed, InvalidInput, Conflict.
    """
    require_proposer(by)
    done = already_done(ProposalBatch, form_key, by)
    if done is not None:
        return done
    require_dates(terms.basis.on, terms.due_on, by)
    refuse_identity(note=terms.note, basis_reference=terms.basis.reference)
    agency = offering.kinds(by).get(kind) if kind else None
    if kind and agency is None:
        raise InvalidInput({"agency_kind": _("Pilih jenis instansi dari daftar")})
    offer = offering.prepare(by, wanted, codes)
    require_offer(offer)
    if fingerprint is not None and offer.fingerprint != fingerprint:
        raise Conflict(_("Daftarnya berubah sejak Anda periksa. Lihat yang baru di bawah."))
    if not offer.items:
        raise InvalidInput({"towards": _("Tidak ada aksi yang dapat diusulkan")})
    batch = ProposalBatch(
        form_key=form_key,
        task_force_id=by.own_task_force_id,
        made_by_id=by.account_id,
        made_at=now(),
        basis_kind=terms.basis.kind,
        basis_reference=terms.basis.reference,
        basis_on=terms.basis.on,
        due_on=terms.due_on,
        note=terms.note or None,
        agency_kind=agency.lineage if agency else None,
        agency_label=agency.abbreviation if agency else None,
    )
    db.session.add(batch)
    db.session.flush()
    rows = [
        {
            "public_id": random_id(),
            "batch_id": batch.id,
            "task_force_id": one.force.id,
            "action_item_id": item.id,
            "state": ProposalState.OPEN,
        }
        for one in offer.asked
        for item in one.items
    ]
    db.session.execute(sa.insert(Proposal), rows)
    mails = _notify(batch, offer)
    record(
        "actions.proposed",
        by=by,
        subject=("assignment_proposal_batch", batch.public_id),
        items=offer.items,
        task_forces=[one.force.code for one in offer.asked],
        proposals=len(rows),
        agency_kind=batch.agency_kind,
        due_on=terms.due_on.isoformat(),
        mails=mails,
    )
    return batch


def _notify(batch: ProposalBatch, offer: ProposalPreview) -> int:
    """Queue one mail per person, also for somebody who serves two task forces.

    It belongs to the receiver's outbox: the proposer may not see there who works for the receiver.
    """
    proposer = db.session.get_one(TaskForce, batch.task_force_id)
    people: dict[int, list[tuple[AccessGrant, TaskForce, list[ActionItem]]]] = {}
    for one in offer.asked:
        for grant in secretariat_of(one.force.id, today(one.force.zone)):
            people.setdefault(grant.account_id, []).append((grant, one.force, list(one.items)))
    for parts in people.values():
        grant = parts[0][0]
        items = {item.id: item for _grant, _force, own in parts for item in own}
        notify(
            grant,
            emails.proposed(
                batch=batch,
                proposer=proposer,
                regions=[force.region for _grant, force, _own in parts],
                items=sorted(items.values(), key=lambda item: (item.plan_id, item.position)),
                is_sample=grant.account.is_sample,
            ),
            occasion=(MAIL_KIND, batch.public_id),
            kind=MAIL_KIND,
            thread=batch.mail_thread,
        )
    return len(people)


@transactional
def undo(public_id: str, *, by: Viewer) -> int:
    """Undo an act while its mails still wait; return how many proposals were removed.

    Only the audit trail keeps it, and nobody is notified. Raises NotAllowed, NotFound, Conflict.
    """
    batch = _own_batch(public_id, by)
    if not queries.may_undo(batch, at=now()):
        raise Conflict(
            _(
                "Waktu untuk mengurungkan sudah lewat, atau sudah ada yang menjawab. "
                "Tarik usulannya."
            )
        )
    cancel_emails(thread=batch.mail_thread, kinds=frozenset({MAIL_KIND}))
    count = db.session.scalar(sa.select(sa.func.count()).where(Proposal.batch_id == batch.id)) or 0
    for statement in (
        sa.delete(Proposal).where(Proposal.batch_id == batch.id),
        sa.delete(ProposalBatch).where(ProposalBatch.id == batch.id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    record(
        "actions.proposed_undone",
        by=by,
        subject=("assignment_proposal_batch", public_id),
        proposals=count,
    )
    return count


@transactional
def withdraw(public_id: str, *, reason: str, by: Viewer) -> int:
    """Withdraw what nobody has answered yet, with a reason for the receivers; return how many.

    What was accepted is the receiver's own. Raises NotAllowed, NotFound, InvalidInput, Conflict
    (everything has been answered).
    """
    batch = _own_batch(public_id, by)
    if batch.withdrawn_at is not None:
        return 0  # the same form sent twice
    if not reason.strip():
        raise InvalidInput({"reason": _("Tulis alasannya")})
    refuse_identity(reason=reason)
    ids = list(
        db.session.scalars(
            sa.select(Proposal.id).where(
                Proposal.batch_id == batch.id, Proposal.state == ProposalState.OPEN
            )
        )
    )
    if not ids:
        raise Conflict(_("Semua usulan ini sudah dijawab: tidak ada yang dapat ditarik."))
    batch.withdrawn_at, batch.withdrawn_reason = now(), reason.strip()
    db.session.execute(
        sa.update(Proposal),
        [
            {
                "id": one,
                "state": ProposalState.WITHDRAWN,
                "decided_at": batch.withdrawn_at,
                "decided_by_id": by.account_id,
            }
            for one in ids
        ],
    )
    cancel_emails(thread=batch.mail_thread, kinds=frozenset({MAIL_KIND}))
    record(
        "actions.proposed_withdrawn",
        by=by,
        subject=("assignment_proposal_batch", public_id),
        proposals=len(ids),
    )
    return len(ids)


def _own_batch(public_id: str, by: Viewer) -> ProposalBatch:
    require_proposer(by)
    batch = queries.sent_batch(by, public_id)
    if batch is None:
        raise NotFound(_("Usulan itu tidak ada, atau sudah diurungkan."))
    return batch
