"""Uses of a file as evidence, reviews of it, and the uses that each review hides."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.people.accounts.models import Account
from coordinator.people.directory.models import Agency
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.rules import Reading
from coordinator.reporting.evidence.rules import CheckState, Level, ReviewState


class Evidence(Model):
    """One use of a file: as an agency handed it in for one obligation.

    A withdrawn use stays as a tombstone: its file is gone, who withdrew it, when and why is not.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(
            "(check_state = 'waiting') = (checked_at IS NULL)", name="checked_has_time"
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_has_reason"
        ),
        # A use that is under review has its file there (ReviewedUse), out of everybody's reach.
        sa.CheckConstraint(
            "(withdrawn_at IS NULL AND review_id IS NULL) = (file_id IS NOT NULL)",
            name="withdrawn_has_no_file",
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR review_id IS NULL", name="withdrawn_or_hidden"),
        # A file the detector could not read whole is clean only if a person says so.
        sa.CheckConstraint(
            "check_state != 'clean' OR checked_by_id IS NOT NULL OR reading = 'full'",
            name="unread_is_checked_by_a_person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    # None only for files handed in before uses were stored by obligation, and never attached to
    # one.
    obligation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("obligation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    size: Mapped[int]
    received_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    metadata_removed: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    reading: Mapped[Reading] = mapped_column(enum_column(Reading), default=Reading.NEVER)
    # How often the detector asks a person to look, by kind; never what it found.
    warnings: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    level: Mapped[Level] = mapped_column(enum_column(Level), default=Level.INTERNAL)
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Empty while only a draft holds it: a draft is its agency's alone.
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_state: Mapped[CheckState] = mapped_column(
        enum_column(CheckState), default=CheckState.WAITING
    )
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The uploader looked at what the detector asked about.
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The earliest use of the same file when this one came, for another obligation.
    reuse_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    reuse_reason: Mapped[str | None] = mapped_column(sa.Text)
    # The open review that hides this use.
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_review.id"), index=True)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.Text)
    # Of the bytes that were kept, so that they are known when they come back.
    withdrawn_sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)

    file: Mapped[StoredFile | None] = relationship()
    agency: Mapped[Agency] = relationship()
    obligation: Mapped[Obligation | None] = relationship()
    uploaded_by: Mapped[Account] = relationship(foreign_keys=[uploaded_by_id])

    @property
    def is_hidden(self) -> bool:
        """Under review: it counts as a file of its report, and nobody can open it."""
        return self.review_id is not None

    @property
    def is_reused(self) -> bool:
        """The same file served another obligation before."""
        return self.reuse_of_id is not None

    @property
    def needs_reason(self) -> bool:
        """True while a reused file has no reason for its reuse yet."""
        return self.is_reused and not self.reuse_reason and self.file_id is not None

    @property
    def needs_word(self) -> bool:
        """The detector asked about something, and the uploader has not answered yet."""
        return bool(self.warnings) and self.acknowledged_at is None and self.file_id is not None


class EvidenceReview(Model):
    """A claim that a file identifies a victim or witness, and the decision.

    `asked_for` is the agency that made the claim; None if the secretariat did, which decides at
    once.
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
    """One use of the file.

    While the review is open it holds the bytes and the name instead of the use, so that no code
    that reads a use can hand them out.
    """

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
