"""The installation's identity, its jobs' records, and limiter counters."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.platform.operations.rules import ClockFault


class Installation(Model):
    """One row. Its id is also in DATA_DIR; where they differ this is a copy: no mail.

    `audit_head_since`: when the head of the audit trail was first kept outside the database.
    `probed_at`: when `/siap` last wrote here, to see that a web worker can.
    """

    __tablename__ = "installation"
    __audited__ = False
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    audit_head_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobRun(Model):
    """The last run of a scheduled job, and when the scheduler last ticked it."""

    __tablename__ = "job_run"
    __audited__ = False

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(sa.String(200), default="")
    is_ok: Mapped[bool] = mapped_column(default=True)


class ClockWatch(Model):
    """One row: when the clock was last known to be right, and why mail is held since, if it is."""

    __tablename__ = "clock_watch"
    __audited__ = False
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="only_one"),
        sa.CheckConstraint("(fault IS NULL) = (held_at IS NULL)", name="fault_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fault: Mapped[ClockFault | None] = mapped_column(enum_column(ClockFault))
    # What the clock said when the fault was found: it may be wrong.
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Backup(Model):
    """A backup that was written and checked; `folder` is empty for those of earlier releases."""

    __tablename__ = "backup"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(sa.String(255))
    folder: Mapped[str] = mapped_column(sa.String(255), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger)
