"""The one draft of a task force's mapping, and the mapping that came with the program."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime


class MappingDraft(Model):
    """Changes not yet published, as a whole mapping in the shape of the YAML file.

    `base_number` is the version it began from: a draft whose base is no longer current must be
    looked at again. `revision` counts saves, so that two editors cannot overwrite each other.
    """

    __tablename__ = "mapping_draft"

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    base_number: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    revision: Mapped[int]
    updated_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BundledMapping(Model):
    """The mapping that came with the program, for a task force whose own began from it.

    `taken` is the one its own rests on, `offered` a newer one that nobody has taken or set aside:
    both whole, in the shape of the YAML file. `file_hash` is of the file last looked at.
    """

    __tablename__ = "bundled_mapping"

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    taken: Mapped[str] = mapped_column(sa.Text)
    offered: Mapped[str | None] = mapped_column(sa.Text)
    file_hash: Mapped[str] = mapped_column(sa.String(64))
