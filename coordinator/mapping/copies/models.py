"""The decree (SK) of a task force."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime
from coordinator.platform.files.models import StoredFile


class TaskForceDecree(Model):
    """The SK that set a task force up: number, day, and its scan where there is one."""

    __tablename__ = "task_force_decree"

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    signed_on: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    file: Mapped[StoredFile | None] = relationship()
