"""Change the table of days off, and compare it with the library `holidays`."""

import json
from dataclasses import dataclass
from datetime import date

from coordinator import child
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.directory import queries
from coordinator.people.directory.models import Holiday
from coordinator.people.directory.rules import HolidayKind
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _

LIBRARY = "coordinator.people.directory.holidaylibrary"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day off as somebody wrote it, with the decree it comes from."""

    on: date
    name: str
    kind: HolidayKind
    source: str


def _require_editor(by: Viewer) -> None:
    if not queries.may_edit_days_off(by):
        raise NotAllowed(_("Hari libur diubah administrator atau Sekretariat provinsi."))


@transactional
def save_day_off(new: DayOff, *, former: date | None = None, by: Viewer) -> Holiday:
    """Add a day off, or change the one of the day `former`.

    Everything counted in working days changes at once, because no result is stored. Raises
    NotAllowed, NotFound, InvalidInput (another entry has that day).
    """
    _require_editor(by)
    row = queries.holiday(former) if former else None
    if former and row is None:
        raise NotFound(_("Hari libur itu tidak ada."))
    other = queries.holiday(new.on)
    if other is not None and other is not row:
        raise InvalidInput({"on": _("Hari itu sudah ada: %(name)s.", name=other.name)})
    if row is None:
        row = Holiday()
        db.session.add(row)
    row.on, row.name, row.kind, row.source = new.on, new.name, new.kind, new.source
    db.session.flush()
    record(
        "holiday.changed" if former else "holiday.added",
        by=by,
        subject=("holiday", new.on.isoformat()),
        former=former.isoformat() if former else None,
        kind=new.kind.value,
    )
    return row


@transactional
def remove_day_off(on: date, *, by: Viewer) -> None:
    """Remove a day off from the table: it is a working day again. Raises NotAllowed, NotFound."""
    _require_editor(by)
    row = queries.holiday(on)
    if row is None:
        raise NotFound(_("Hari libur itu tidak ada."))
    db.session.delete(row)
    db.session.flush()
    record("holiday.removed", by=by, subject=("holiday", on.isoformat()), kind=row.kind.value)


@dataclass(frozen=True, slots=True)
class HolidayDifference:
    """A day that the table and the library do not agree on: `missing` from the table, `extra` in
    it, or of another `kind`."""

    on: date
    what: str
    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `flask directory holidays check` found."""

    year: int
    differences: list[HolidayDifference]
    # The library knows no cuti bersama of years whose decree is not out yet.
    knows_joint_leave: bool


def compare_with_library(year: int) -> Comparison:
    """Compare the table's days off of a year with those of the library `holidays`.

    The library is large and runs in a child process. Raises child.ChildFailed.
    """
    answer = json.loads(child.run(LIBRARY, json.dumps({"year": year}).encode()))
    theirs = {
        date.fromisoformat(on): (HolidayKind(kind), str(name)) for on, kind, name in answer["days"]
    }
    ours = {row.on: row for row in queries.holidays_of(year)}
    found = [HolidayDifference(on, "missing", theirs[on][1]) for on in theirs.keys() - ours.keys()]
    found += [HolidayDifference(on, "extra", ours[on].name) for on in ours.keys() - theirs.keys()]
    found += [
        HolidayDifference(on, "kind", ours[on].name)
        for on in ours.keys() & theirs.keys()
        if ours[on].kind is not theirs[on][0]
    ]
    return Comparison(
        year,
        sorted(found, key=lambda one: one.on),
        any(kind is HolidayKind.JOINT_LEAVE for kind, _name in theirs.values()),
    )
