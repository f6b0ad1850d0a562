"""A file on its way into a plan."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.plans.actions.models import PlanVersion


class PlanImport(Model):
    """A plan's file as it was handed in, what people decided about it, and how it was read.

    `data` goes as soon as the file is refused or applied, the row itself after a day. `choices` and
    `reading` are the JSON of `plan.importing.shapes`; no `reading` while it is being read, as the
    `round`-th time, by the task `task_id`. `base_number` is the version the preview compares with
    (0: a plan not known yet): once another is in force, the preview is no longer true.
    """

    __tablename__ = "plan_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    file_name: Mapped[str] = mapped_column(sa.String(120))
    data: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    plan_key: Mapped[str | None] = mapped_column(sa.String(80))
    base_number: Mapped[int]
    choices: Mapped[str] = mapped_column(sa.Text)
    round: Mapped[int]
    task_id: Mapped[str | None] = mapped_column(sa.String(16))
    reading: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_version.id"))

    version: Mapped[PlanVersion | None] = relationship()
