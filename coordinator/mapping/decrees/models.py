"""Signed decrees that were entered."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, random_id
from coordinator.platform.files.models import StoredFile


class MappingDecree(Model):
    """A signed decree (SK) whose annex holds duties and memberships, with its scan.

    One whose version was taken back stays as it was; entered again, it is another row.

    `mapping_version` is the version in which they got the status `decree`; `duties` and
    `memberships` count them. `office` is who signed: an office, never a person.
    """

    __tablename__ = "mapping_decree"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(50))
    signed_on: Mapped[date]
    about: Mapped[str] = mapped_column(sa.Text)
    office: Mapped[str] = mapped_column(sa.String(120))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    mapping_version: Mapped[int]
    duties: Mapped[int]
    memberships: Mapped[int]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    file: Mapped[StoredFile] = relationship()
