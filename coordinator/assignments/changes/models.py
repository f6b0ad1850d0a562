"""Work given in one act, and the scan of the letter it rests on."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.platform.files.models import StoredFile


class AssignmentBatch(Model):
    """Assignments that were given in one act, so that the act can be taken back whole."""

    __tablename__ = "assignment_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    form_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def mail_thread(self) -> str:
        """The thread of its mails in the outbox."""
        return f"batch-{self.public_id}"


class AssignmentBatchItem(Model):
    """An assignment that was made in a batch."""

    __tablename__ = "assignment_batch_item"

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment_batch.id"), index=True)


class BasisFile(Model):
    """The scan of the letter or minutes that an assignment rests on."""

    __tablename__ = "basis_file"

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    name: Mapped[str] = mapped_column(sa.String(200))

    file: Mapped[StoredFile] = relationship()
