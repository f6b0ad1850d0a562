"""What goes where accounts and assignments of a demo go."""

import sqlalchemy as sa

from coordinator.allocation.letters.models import AssignmentLetter
from coordinator.allocation.models import AssignmentBatch, AssignmentBatchItem, BasisFile
from coordinator.allocation.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.models import AssignmentChange
from coordinator.db import Model


def doomed(
    people: sa.Select[int], assignments: sa.Select[int]
) -> tuple[tuple[type[Model], sa.ColumnElement[bool]], ...]:
    """Return what to delete, in order: what these accounts gave, proposed, answered and wrote, and
    what hangs on these assignments."""
    proposed = sa.select(ProposalBatch.id).where(ProposalBatch.made_by_id.in_(people))
    given = sa.select(AssignmentBatch.id).where(AssignmentBatch.made_by_id.in_(people))
    return (
        (
            Proposal,
            sa.or_(
                Proposal.batch_id.in_(proposed),
                Proposal.decided_by_id.in_(people),
                Proposal.assignment_id.in_(assignments),
            ),
        ),
        (ProposalBatch, ProposalBatch.made_by_id.in_(people)),
        (
            AssignmentBatchItem,
            sa.or_(
                AssignmentBatchItem.batch_id.in_(given),
                AssignmentBatchItem.assignment_id.in_(assignments),
            ),
        ),
        (AssignmentBatch, AssignmentBatch.made_by_id.in_(people)),
        (BasisFile, BasisFile.assignment_id.in_(assignments)),
        (
            AssignmentChange,
            sa.or_(
                AssignmentChange.made_by_id.in_(people),
                AssignmentChange.assignment_id.in_(assignments),
            ),
        ),
        (AssignmentLetter, AssignmentLetter.made_by_id.in_(people)),
    )
