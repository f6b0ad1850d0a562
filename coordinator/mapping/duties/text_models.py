"""The texts of laws that were brought here, and what checkers found when they compared them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.platform.files.models import StoredFile

if TYPE_CHECKING:
    from coordinator.mapping.duties.models import LegalInstrument


class InstrumentText(Model):
    """The official text of an instrument, pasted or as a file, and where it is from. A newer text
    is another row; one that was withdrawn is searched no more."""

    __tablename__ = "instrument_text"
    __table_args__ = (
        sa.CheckConstraint("(text IS NULL) != (file_id IS NULL)", name="text_or_file"),
        sa.CheckConstraint("(file_id IS NULL) = (file_name IS NULL)", name="file_has_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_instrument.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(300))
    taken_on: Mapped[date]
    text: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    instrument: Mapped["LegalInstrument"] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def is_used(self) -> bool:
        """Return whether it was not withdrawn."""
        return self.withdrawn_at is None


class TextCheck(Model):
    """What a checker found about one citation: whether words and text agree. Append-only.

    `subject` identifies the words and the citation that were compared (`rules.subject_of`): where
    either is another now, the check does not count. `claim` is what they said. The newest check of
    a subject counts. `office` is shown, never the person. `outdated_by_id` is a newer text that has
    other words at that article: the check does not count until that text is withdrawn.
    """

    __tablename__ = "text_check"
    __table_args__ = (
        sa.CheckConstraint("verdict = 'agrees' OR remark IS NOT NULL", name="says_why"),
        sa.Index("ix_text_check_task_force_id_subject", "task_force_id", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    subject: Mapped[str] = mapped_column(sa.String(64))
    claim: Mapped[str] = mapped_column(sa.Text, deferred=True)
    article: Mapped[str] = mapped_column(sa.String(200))
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_instrument.id"))
    instrument_text_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instrument_text.id"))
    quote: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    verdict: Mapped[TextVerdict] = mapped_column(enum_column(TextVerdict))
    remark: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    checked_on: Mapped[date]
    office: Mapped[str] = mapped_column(sa.String(160))
    checked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outdated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instrument_text.id"))
