"""Task forces with their letterhead, agencies, and the table of days off."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.people.directory.rules import (
    AgencyKind,
    HolidayKind,
    TaskForceLevel,
    TaskForceState,
    short_region,
)


class TaskForce(Model):
    """Gugus tugas of a province or kabupaten/kota, by its Kemendagri code (text: 64.01)."""

    __tablename__ = "task_force"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    region: Mapped[str] = mapped_column(sa.String(120))
    level: Mapped[TaskForceLevel] = mapped_column(enum_column(TaskForceLevel))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task_force.id"), index=True)
    state: Mapped[TaskForceState] = mapped_column(enum_column(TaskForceState))
    zone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Makassar")

    @property
    def short_region(self) -> str:
        """Return the region's name without its level: "Kalimantan Timur"."""
        return short_region(self.region)


class Letterhead(Model):
    """Kop surat of a task force, and the office that answers questions. An office, never a person.

    `heading` has up to three lines; `emblem` is a PNG that we re-encoded, or none.
    """

    __tablename__ = "letterhead"

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(sa.String(400))
    address: Mapped[str] = mapped_column(sa.String(200))
    office: Mapped[str] = mapped_column(sa.String(120))
    telephone: Mapped[str] = mapped_column(sa.String(60))
    email: Mapped[str] = mapped_column(sa.String(120))
    hours: Mapped[str] = mapped_column(sa.String(120))
    emblem: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Agency(Model):
    """OPD or other member. A court (pengadilan) shares data only."""

    __tablename__ = "agency"
    __table_args__ = (
        sa.UniqueConstraint("task_force_id", "key"),
        sa.UniqueConstraint("task_force_id", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    key: Mapped[str] = mapped_column(sa.String(80))
    slug: Mapped[str] = mapped_column(sa.String(80))
    # The same kind of agency in every task force: the key it had where the mapping was copied
    # from. Precedents are found by it.
    lineage: Mapped[str] = mapped_column(
        sa.String(80), default=lambda context: context.get_current_parameters()["key"]
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    abbreviation: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    note: Mapped[str | None] = mapped_column(sa.Text)
    is_active: Mapped[bool] = mapped_column(default=True)

    aliases: Mapped[list["AgencyAlias"]] = relationship(
        cascade="all, delete-orphan", order_by="AgencyAlias.name"
    )

    @property
    def is_court(self) -> bool:
        """Return whether it is a court: no assignment, no reminder, no colour."""
        return self.kind is AgencyKind.PENGADILAN


class AgencyAlias(Model):
    """Another name people use for an agency; unique within its task force."""

    __tablename__ = "agency_alias"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    folded: Mapped[str] = mapped_column(sa.String(200))


class FormerSlug(Model):
    """An agency's former address: QR codes are printed, so the old one leads to the new."""

    __tablename__ = "former_slug"

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)

    agency: Mapped[Agency] = relationship()


class Holiday(Model):
    """A day that is no working day, with the decree it comes from."""

    __tablename__ = "holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[HolidayKind] = mapped_column(enum_column(HolidayKind))
    source: Mapped[str] = mapped_column(sa.String(200))
