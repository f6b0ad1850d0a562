"""Proposals whose assignments were taken back wait again."""

from collections.abc import Sequence

import sqlalchemy as sa

from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.db import db, transactional


@transactional
def reopen(assignment_ids: Sequence[int]) -> int:
    """Reopen the proposals that became these assignments; return how many.

    They wait again as if nobody had answered; one that its proposer took back meanwhile is
    withdrawn. The caller records the act.
    """
    found = db.session.execute(
        sa.select(Proposal.id, ProposalBatch.withdrawn_at)
        .join(ProposalBatch, ProposalBatch.id == Proposal.batch_id)
        .where(Proposal.assignment_id.in_(assignment_ids))
    ).all()
    if found:
        db.session.execute(
            sa.update(Proposal),
            [
                {
                    "id": row.id,
                    "state": ProposalState.WITHDRAWN if row.withdrawn_at else ProposalState.OPEN,
                    "decided_at": row.withdrawn_at,
                    "decided_by_id": None,
                    "assignment_id": None,
                }
                for row in found
            ],
        )
    return len(found)
