"""Actions that a task force proposes to those below it. Only they themselves can assign."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.models import Assignment
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.assignments.rules import BasisKind
from coordinator.db import Model, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.people.directory.models import TaskForce
from coordinator.plans.actions.models import ActionItem


class ProposalBatch(Model):
    """One act of proposing: many actions to many task forces on the same terms.

    `agency_kind` is the lineage of the agency that is proposed as lead of every action, with the
    word for it that the proposer knows (`agency_label`); without one, whom the plan suggests.
    """

    __tablename__ = "assignment_proposal_batch"
    __table_args__ = (
        sa.CheckConstraint("(agency_kind IS NULL) = (agency_label IS NULL)", name="kind_has_label"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_has_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    form_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    basis_kind: Mapped[BasisKind] = mapped_column(enum_column(BasisKind))
    basis_reference: Mapped[str] = mapped_column(sa.String(160))
    basis_on: Mapped[date]
    due_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.Text)
    agency_kind: Mapped[str | None] = mapped_column(sa.String(80))
    agency_label: Mapped[str | None] = mapped_column(sa.String(60))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.Text)

    task_force: Mapped[TaskForce] = relationship()

    @property
    def mail_thread(self) -> str:
        """The thread of its mails in the outbox."""
        return f"proposal-{self.public_id}"


class Proposal(Model):
    """One action proposed to one task force (`task_force_id`), and its answer.

    The reason of a refusal is the receiver's own: the proposer reads counts only.
    """

    __tablename__ = "assignment_proposal"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "task_force_id", "action_item_id"),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        sa.CheckConstraint(
            "(state = 'accepted') = (assignment_id IS NOT NULL)", name="accepted_has_assignment"
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (reason IS NOT NULL)", name="declined_has_reason"
        ),
        # Nobody is asked twice for the same action at the same time.
        partial_unique(
            "uq_assignment_proposal_open_item",
            "task_force_id",
            "action_item_id",
            where="state = 'open'",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment_proposal_batch.id"))
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"), index=True)
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignment.id"), index=True)

    batch: Mapped[ProposalBatch] = relationship()
    action_item: Mapped[ActionItem] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
