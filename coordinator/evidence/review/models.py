"""Reviews of files, and the uses each of them hides."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.accounts.models import Account
from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.directory.models import Agency
from coordinator.evidence.models import Evidence, StoredFile
from coordinator.evidence.review.rules import ReviewState


class EvidenceReview(Model):
    """That somebody said of a file that it identifies a victim or witness, and the decision.

    `asked_for` is the agency that said so; None where the secretariat did, which decides at once.
    """

    __tablename__ = "evidence_review"
    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        # Who asked or decided may be a demo account, and leave; what was decided stays.
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_at IS NOT NULL", name="decided_by_whom"
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (reason IS NULL)", name="decided_has_reason"),
        sa.Index("ix_evidence_review_task_force_id_state", "task_force_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    asked_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState), default=ReviewState.OPEN)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(sa.Text)

    asked_for: Mapped[Agency | None] = relationship()
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    uses: Mapped[list["ReviewedUse"]] = relationship(order_by="ReviewedUse.id")


class ReviewedUse(Model):
    """One use of the file. While the review is open it holds the bytes and the name in the place of
    the use, so that nothing that reads a use can hand them out."""

    __tablename__ = "reviewed_use"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "evidence_id"),
        sa.CheckConstraint("(file_id IS NULL) = (name IS NULL)", name="file_has_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_review.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(200))

    evidence: Mapped[Evidence] = relationship()
    file: Mapped[StoredFile | None] = relationship()
