"""Audit entries (append-only), the seals over them, and the log of sensitive reads."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime


class AuditEntry(Model):
    """One change. Never updated or deleted: triggers refuse it. Never holds typed text.

    Ids of accounts and agencies are kept without foreign keys: an entry outlives what it names.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_task_force_id_id", "task_force_id", "id"),
        sa.Index("ix_audit_entry_subject_type_subject_id", "subject_type", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(sa.String(60))
    account_id: Mapped[int | None]
    access: Mapped[str] = mapped_column(sa.String(30))
    task_force_id: Mapped[int | None]
    agency_id: Mapped[int | None]
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    request_id: Mapped[str] = mapped_column(sa.String(32), default="")


class AuditSeal(Model):
    """A link of the hash chain: its hash covers the former hash and those of its entries."""

    __tablename__ = "audit_seal"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class SealedEntry(Model):
    """Which seal covers an entry. By entry, not by a range of ids: on PostgreSQL a lower id may
    be committed after a higher one was sealed."""

    __tablename__ = "sealed_entry"
    __audited__ = False

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    seal_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_seal.id"), index=True)
    hash: Mapped[str] = mapped_column(sa.String(64))


class AccessLog(Model):
    """Somebody read something sensitive: a file, an export."""

    __tablename__ = "access_log"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None]
    task_force_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    address: Mapped[str] = mapped_column(sa.String(45), default="")
