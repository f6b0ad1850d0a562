"""Loading the table of days off; the letterhead."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import sqlalchemy as sa

from coordinator.checked import Limits
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed
from coordinator.people.directory.models import Holiday, Letterhead
from coordinator.people.directory.rules import HolidayKind
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.yaml_files import SeedPart, read, validate
from coordinator.translation import gettext as _


class HolidayPart(SeedPart):
    """One day off."""

    on: date
    name: Annotated[str, Limits(min_length=1, max_length=160)]
    kind: HolidayKind


class HolidayYear(SeedPart):
    """The days off of a year, with their source."""

    year: int
    source: Annotated[str, Limits(min_length=1, max_length=200)]
    days: list[HolidayPart]


class HolidayFile(SeedPart):
    """`seed/holidays_id.yaml`."""

    schema_: Literal["1"]
    years: list[HolidayYear]


def read_holidays(path: Path) -> HolidayFile:
    """Read and check a file of days off. Raises BadFile."""
    return validate(read(path), HolidayFile)


@transactional
def load_holidays(file: HolidayFile) -> int:
    """Add the days that the table does not have yet; return how many. Never overwrites an edit."""
    known = set(db.session.scalars(sa.select(Holiday.on)))
    new = [
        Holiday(on=day.on, name=day.name, kind=day.kind, source=year.source)
        for year in file.years
        for day in year.days
        if day.on not in known
    ]
    if new:
        db.session.add_all(new)
        record("holidays.loaded", by=None, subject=("holiday", "table"), days=len(new))
    return len(new)


@dataclass(frozen=True, slots=True)
class NewLetterhead:
    """What the secretariat writes on its papers; `lines` are one to three."""

    lines: tuple[str, ...]
    office: str
    address: str = ""
    telephone: str = ""
    email: str = ""
    hours: str = ""


@transactional
def save_letterhead(
    new: NewLetterhead,
    *,
    by: Viewer,
    version: int,
    emblem: bytes | None = None,
    drop_emblem: bool = False,
    is_sample: bool = False,
) -> Letterhead:
    """Write the letterhead of the viewer's task force.

    `version` is the one the form was opened with (0: none yet); `emblem` a PNG from
    `receive_emblem`, or None to keep what is there. Raises NotAllowed, Conflict.
    """
    if not by.may(Permission.EDIT_LETTERHEAD):
        raise NotAllowed(_("Anda tidak dapat mengubah kop surat."))
    row = db.session.get(Letterhead, by.own_task_force_id)
    if (row.version if row else 0) != version:
        raise Conflict(_("Kop surat ini baru saja diubah orang lain."))
    if row is None:
        row = Letterhead(task_force_id=by.own_task_force_id, version=0)
        db.session.add(row)
    row.heading = "\n".join(new.lines)
    row.address, row.office, row.telephone = new.address, new.office, new.telephone
    row.email, row.hours, row.is_sample = new.email, new.hours, is_sample
    if drop_emblem:
        row.emblem = None
    if emblem is not None:
        row.emblem = emblem
    row.version += 1
    row.changed_at = now()
    db.session.flush()
    record(
        "letterhead.saved",
        by=by,
        subject=("letterhead", row.task_force_id),
        version=row.version,
        emblem=row.emblem is not None,
    )
    return row
