"""Looking up task forces, letterheads, agencies, working days."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.directory.models import Agency, Holiday, Letterhead, TaskForce
from coordinator.people.directory.rules import TaskForceLevel, usual_heading
from coordinator.permissions import AccessKind, Permission, Viewer

NEXT_YEAR_FROM = 11  # month; the decree for the next year is usually out by then
NOT_COMPARED = "perlu dicocokkan"  # in the source of a day without a decree yet


def task_force_by_code(code: str) -> TaskForce | None:
    """Return a task force by its Kemendagri code."""
    return db.session.scalar(sa.select(TaskForce).where(TaskForce.code == code))


def root_task_force() -> TaskForce | None:
    """Return the task force that the installation began with: its first province, else the first
    one whose province is not here."""
    return db.session.scalar(
        sa.select(TaskForce)
        .where(TaskForce.parent_id.is_(None))
        .order_by(TaskForce.level != TaskForceLevel.PROVINCE, TaskForce.id)
        .limit(1)
    )


def task_force(viewer: Viewer) -> TaskForce | None:
    """Return the viewer's own task force."""
    return db.session.get(TaskForce, viewer.own_task_force_id)


@dataclass(frozen=True, slots=True)
class PrintedLetterhead:
    """A letterhead as pages and papers show it; what nobody filled in is empty."""

    lines: tuple[str, ...]
    address: str
    office: str
    telephone: str
    email: str
    hours: str
    emblem: bytes | None
    is_sample: bool
    version: int

    @property
    def address_line(self) -> str:
        """Return the line under the heading: "Jalan ... · Telepon ... · Pos-el ..."."""
        return _address_line(self.address, self.telephone, self.email)


def _address_line(address: str, telephone: str, email: str) -> str:
    parts = (
        address,
        f"Telepon {telephone}" if telephone else "",
        f"Pos-el {email}" if email else "",
    )
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class PageHead:
    """The letterhead over a page on paper; `emblem_of` is the code of the task force whose emblem
    it has, "" without one."""

    lines: tuple[str, ...]
    address_line: str
    emblem_of: str


def page_head(viewer: Viewer) -> PageHead | None:
    """Return the letterhead for the viewer's printed pages; None outside a task force."""
    row = db.session.execute(
        sa.select(
            TaskForce.code,
            TaskForce.region,
            Letterhead.heading,
            Letterhead.address,
            Letterhead.telephone,
            Letterhead.email,
            Letterhead.emblem.is_not(None).label("has_emblem"),
        )
        .outerjoin(Letterhead, Letterhead.task_force_id == TaskForce.id)
        .where(TaskForce.id == viewer.own_task_force_id)
    ).one_or_none()
    if row is None:
        return None
    if row.heading is None:
        return PageHead(usual_heading(row.region), "", "")
    return PageHead(
        lines=tuple(row.heading.splitlines()),
        address_line=_address_line(row.address, row.telephone, row.email),
        emblem_of=row.code if row.has_emblem else "",
    )


def letterhead(force: TaskForce) -> PrintedLetterhead:
    """Return a task force's letterhead; until the secretariat wrote one, what its name gives."""
    row = db.session.get(Letterhead, force.id)
    if row is None:
        return PrintedLetterhead(
            lines=usual_heading(force.region),
            address="",
            office=f"Sekretariat Gugus Tugas {force.region}",
            telephone="",
            email="",
            hours="",
            emblem=None,
            is_sample=False,
            version=0,
        )
    return PrintedLetterhead(
        lines=tuple(row.heading.splitlines()),
        address=row.address,
        office=row.office,
        telephone=row.telephone,
        email=row.email,
        hours=row.hours,
        emblem=row.emblem,
        is_sample=row.is_sample,
        version=row.version,
    )


def emblem(code: str) -> bytes | None:
    """Return the emblem (PNG) of a task force, for anybody."""
    return db.session.scalar(
        sa.select(Letterhead.emblem)
        .join(TaskForce, TaskForce.id == Letterhead.task_force_id)
        .where(TaskForce.code == code)
    )


def active_task_forces() -> list[TaskForce]:
    """Return the task forces that have a mapping, for the scheduler."""
    return list(
        db.session.scalars(
            sa.select(TaskForce).where(TaskForce.state == "active").order_by(TaskForce.code)
        )
    )


def all_task_forces() -> list[TaskForce]:
    """Return every task force of the installation, by code; for who belongs to none of them."""
    return list(db.session.scalars(sa.select(TaskForce).order_by(TaskForce.code)))


def agencies(viewer: Viewer) -> list[Agency]:
    """Return the active agencies of the viewer's task force, by name."""
    return agencies_of(viewer.own_task_force_id)


def agencies_of(task_force_id: int) -> list[Agency]:
    """Return the active agencies of a task force, by name."""
    return list(
        db.session.scalars(
            sa.select(Agency)
            .where(Agency.task_force_id == task_force_id, Agency.is_active)
            .order_by(sa.func.lower(Agency.abbreviation))
        )
    )


def agency(viewer: Viewer) -> Agency | None:
    """Return the agency the viewer acts for."""
    return db.session.get(Agency, viewer.own_agency_id)


def agency_by_slug(viewer: Viewer, slug: str) -> Agency | None:
    """Return an agency of the viewer's task force."""
    return db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == viewer.own_task_force_id, Agency.slug == slug
        )
    )


def agencies_by_key(task_force_id: int) -> dict[str, Agency]:
    """Return all agencies of a task force, also those no longer active, by their key."""
    rows = db.session.scalars(sa.select(Agency).where(Agency.task_force_id == task_force_id))
    return {row.key: row for row in rows}


def days_off() -> frozenset[date]:
    """Return every holiday and joint leave of the table."""
    return frozenset(db.session.scalars(sa.select(Holiday.on)))


def holiday(on: date) -> Holiday | None:
    """Return the table's entry for a day."""
    return db.session.scalar(sa.select(Holiday).where(Holiday.on == on))


def may_edit_days_off(viewer: Viewer) -> bool:
    """Return whether a viewer may change the table of days off.

    All task forces share it, so only an administrator or the secretariat of a province may, not
    that of a kabupaten/kota, even where its province is not here.
    """
    if not viewer.may(Permission.EDIT_DAYS_OFF):
        return False
    force = task_force(viewer)
    is_province = force is not None and force.level is TaskForceLevel.PROVINCE
    return viewer.kind is AccessKind.ADMINISTRATOR or is_province


def year_without_days_off(on: date) -> int | None:
    """Return the first of this year and the next that has no day in the table.

    Plans and deadlines reach into the next year, so the end of the table is shown a year ahead.
    """
    return next((year for year in (on.year, on.year + 1) if not holidays_of(year)), None)


def year_with_unchecked_days_off(on: date) -> int | None:
    """Return this year, or the next, if its days off were not compared with the decree (SKB).

    Such days came from the library. The next year counts once its decree is usually out.
    """
    years = (on.year, on.year + 1) if on.month >= NEXT_YEAR_FROM else (on.year,)
    for year in years:
        if any(NOT_COMPARED in day.source for day in holidays_of(year)):
            return year
    return None


def holidays_of(year: int) -> list[Holiday]:
    """Return the table's days off of a year, in order."""
    return list(
        db.session.scalars(
            sa.select(Holiday)
            .where(Holiday.on.between(date(year, 1, 1), date(year, 12, 31)))
            .order_by(Holiday.on)
        )
    )
