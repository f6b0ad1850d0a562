"""The log of contacts, and lists of people that wait to be applied."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.people.onboarding.rules import ContactMeans


class ContactNote(Model):
    """A contact of the secretariat with an agency: when, by what means, about what."""

    __tablename__ = "contact_note"
    __table_args__ = (
        sa.CheckConstraint("means != 'letter' OR letter_number IS NOT NULL", name="letter_number"),
        sa.Index("ix_contact_note_agency_id_on", "agency_id", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    on: Mapped[date]
    means: Mapped[ContactMeans] = mapped_column(enum_column(ContactMeans))
    letter_number: Mapped[str | None] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.Text)
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PeopleImport(Model):
    """A list of people as it was read, waiting for "Terapkan". Its rows are personal data:
    once it is applied only the place and the reason of those left out stay, and the whole goes
    after a day."""

    __tablename__ = "people_import"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    # What was left out of the file, in sentences.
    said: Mapped[list[str]] = mapped_column(sa.JSON)
