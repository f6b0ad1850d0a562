"""Taking a batch of assignments back within two minutes, with the answers it gave to proposals."""

import sqlalchemy as sa

from coordinator.assignments.changes import queries
from coordinator.assignments.changes.batches import MAIL_KIND
from coordinator.assignments.changes.models import AssignmentBatch, AssignmentBatchItem, BasisFile
from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    PartyDuty,
)
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.proposals.states import reopen
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails
from coordinator.translation import gettext as _


@transactional
def undo_batch(public_id: str, *, by: Viewer) -> int:
    """Undo a batch while its mails still wait; return how many assignments were removed.

    Only the audit trail keeps it, and nobody is notified. Proposals it answered are open again.

    Raises NotAllowed, NotFound, Conflict (two minutes have passed, a mail was sent, or somebody has
    acted on one of them).
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    batch = queries.batch(by, public_id)
    if batch is None:
        raise NotFound(_("Penugasan massal itu tidak ada, atau sudah diurungkan."))
    if not queries.may_undo(batch, at=now()):
        raise Conflict(
            _(
                "Waktu untuk mengurungkan sudah lewat, atau sudah ada yang bekerja dengannya. "
                "Tutup penugasan yang keliru satu per satu."
            )
        )
    cancel_emails(thread=batch.mail_thread, kinds=frozenset({MAIL_KIND}))
    ids = list(
        db.session.scalars(
            sa.select(AssignmentBatchItem.assignment_id).where(
                AssignmentBatchItem.batch_id == batch.id
            )
        )
    )
    parties = sa.select(AssignmentParty.id).where(AssignmentParty.assignment_id.in_(ids))
    reopened = reopen(ids)
    try:
        for statement in (
            sa.delete(Obligation).where(Obligation.party_id.in_(parties)),
            sa.delete(PartyDuty).where(PartyDuty.party_id.in_(parties)),
            sa.delete(AssignmentParty).where(AssignmentParty.assignment_id.in_(ids)),
            sa.delete(AssignmentTarget).where(AssignmentTarget.assignment_id.in_(ids)),
            sa.delete(BasisFile).where(BasisFile.assignment_id.in_(ids)),
            sa.delete(AssignmentBatchItem).where(AssignmentBatchItem.batch_id == batch.id),
            sa.delete(Assignment).where(Assignment.id.in_(ids)),
            sa.delete(AssignmentBatch).where(AssignmentBatch.id == batch.id),
        ):
            db.session.execute(statement.execution_options(synchronize_session=False))
    except sa.exc.IntegrityError as error:
        # A row of a higher layer (a reminder already sent) references them.
        raise Conflict(
            _("Seseorang sudah diingatkan tentang salah satunya. Tutup satu per satu.")
        ) from error
    record(
        "actions.assigned_together_undone",
        by=by,
        subject=("assignment_batch", public_id),
        assignments=len(ids),
        proposals=reopened,
    )
    return len(ids)
