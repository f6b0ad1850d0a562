"""Long work."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.permissions import AccessKind
from coordinator.platform.background_jobs.rules import TaskState


class BackgroundTask(Model):
    """One piece of long work, for one person with the access they had when they asked.

    Progress is written often and is not a change that needs an account: asking, finishing and
    cancelling are audited, the counters are not.
    """

    __tablename__ = "background_task"
    __audited__ = False
    __table_args__ = (
        sa.CheckConstraint("(state = 'running') = (lease_by IS NOT NULL)", name="lease_running"),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name="ended_has_time",
        ),
        sa.Index("ix_background_task_state_id", "state", "id"),
        sa.Index("ix_background_task_requested_by_id_id", "requested_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    kind: Mapped[str] = mapped_column(sa.String(40))
    task_force_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task_force.id"))
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    access: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    title: Mapped[str] = mapped_column(sa.String(160))
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    result_name: Mapped[str | None] = mapped_column(sa.String(200))
    result_type: Mapped[str | None] = mapped_column(sa.String(100))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
