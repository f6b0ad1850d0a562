"""A year's calendar: periods that are planned and not opened yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.formatting import plain_date
from coordinator.free_text import refuse_identity
from coordinator.people.accounts.models import Account
from coordinator.periods import queries
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.rules import Window, place_in_year
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """What the secretariat wrote in one row; `public_id` is empty for a new period."""

    public_id: str
    label: str
    covers_from: date
    covers_until: date
    window: Window


@transactional
def plan_year(
    year: int, rows: Sequence[PlannedPeriod], *, drop: Collection[str] = (), by: Viewer
) -> int:
    """Save the planned periods of a year; return how many were added, changed or dropped.

    They are new ones, changed ones, and those to `drop` (public ids). Opened periods are never
    touched. Raises NotAllowed, Conflict (one was opened meanwhile), InvalidInput with keys
    "rows-N-field".
    """
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat merencanakan periode."))
    there = {period.public_id: period for period in queries.periods_of_year(by, year)}
    wanted = {row.public_id for row in rows if row.public_id} | set(drop)
    if any(key not in there or there[key].opened_at is not None for key in wanted):
        raise Conflict(
            _("Salah satu periode baru saja dibuka atau dihapus orang lain. Muat ulang halaman.")
        )
    kept = [period for key, period in there.items() if key not in wanted]
    _require_sound(year, rows, {period.label.casefold() for period in kept})
    refuse_identity(**{f"rows-{n}-label": row.label for n, row in enumerate(rows)})
    for key in drop:
        db.session.delete(there[key])
    changed = [row for row in rows if row.public_id and _differs(there[row.public_id], row)]
    for row in changed:
        there[row.public_id].label = f"~{there[row.public_id].id}"  # two may swap their names
    db.session.flush()
    for row in changed:
        _write(there[row.public_id], row)
    new = [row for row in rows if not row.public_id]
    officer = db.session.get(Account, by.account_id)
    is_sample = officer is not None and officer.is_sample  # the demo takes back what it planned
    for row in new:
        period = ReportingPeriod(task_force_id=by.own_task_force_id, year=year, is_sample=is_sample)
        _write(period, row)
        db.session.add(period)
    db.session.flush()
    count = len(drop) + len(changed) + len(new)
    for row in changed:
        _record_dates(there[row.public_id], by)
    if count:
        record(
            "year.planned",
            by=by,
            subject=("year", year),
            added=len(new),
            changed=len(changed),
            dropped=len(drop),
        )
    return count


def _differs(period: ReportingPeriod, row: PlannedPeriod) -> bool:
    return (period.label, period.covers_from, period.covers_until, period.window) != (
        row.label,
        row.covers_from,
        row.covers_until,
        row.window,
    )


def _write(period: ReportingPeriod, row: PlannedPeriod) -> None:
    period.label = row.label
    period.covers_from, period.covers_until = row.covers_from, row.covers_until
    period.opens_on, period.closes_on = row.window.opens_on, row.window.closes_on
    period.position, period.periods_in_year = place_in_year(row.covers_from, row.covers_until)


def _record_dates(period: ReportingPeriod, by: Viewer) -> None:
    record(
        "period.dates_changed",
        by=by,
        subject=("period", period.public_id),
        opens_on=period.opens_on.isoformat(),
        closes_on=period.closes_on.isoformat(),
    )


def _require_sound(year: int, rows: Sequence[PlannedPeriod], taken: set[str]) -> None:
    problems: dict[str, str] = {}
    for number, row in enumerate(rows):
        name = f"rows-{number}-"
        if row.label.casefold() in taken:
            problems[f"{name}label"] = _(
                "%(label)s sudah ada pada %(year)s.", label=row.label, year=year
            )
        taken = taken | {row.label.casefold()}
        problems |= {f"{name}{key}": text for key, text in problems_of(year, row).items()}
    if problems:
        raise InvalidInput(problems)


def problems_of(year: int, row: PlannedPeriod) -> dict[str, str]:
    """Return what is wrong with a period's days, by field."""
    problems = {}
    if row.covers_from.year != year:
        problems["covers_from"] = _("Isi tanggal pada tahun %(year)s", year=year)
    if row.covers_until.year != year:
        problems["covers_until"] = _("Isi tanggal pada tahun %(year)s", year=year)
    elif row.covers_until < row.covers_from:
        problems["covers_until"] = _("Isi tanggal sesudah %(day)s", day=plain_date(row.covers_from))
    if row.window.closes_on < row.window.opens_on:
        problems["closes_on"] = _(
            "Isi tanggal sesudah %(day)s", day=plain_date(row.window.opens_on)
        )
    elif row.window.closes_on <= row.covers_from:
        problems["closes_on"] = _("Kegiatannya belum mulai pada tanggal itu.")
    return problems


def planned_period(public_id: str, by: Viewer) -> ReportingPeriod:
    """Return a period that is still planned, to be changed.

    Raises NotAllowed, NotFound, Conflict (it was opened).
    """
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat merencanakan periode."))
    period = queries.period(by, public_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    if period.opened_at is not None:
        raise Conflict(_("%(title)s sudah dibuka.", title=period.title))
    return period


@transactional
def change_dates(
    public_id: str, *, covers: tuple[date, date], window: Window, by: Viewer
) -> ReportingPeriod:
    """Change the days of a planned period.

    Raises NotAllowed, NotFound, Conflict, InvalidInput with the names of the fields.
    """
    period = planned_period(public_id, by)
    row = PlannedPeriod(public_id, period.label, covers[0], covers[1], window)
    problems = problems_of(period.year, row)
    if problems:
        raise InvalidInput(problems)
    if _differs(period, row):
        _write(period, row)
        db.session.flush()
        _record_dates(period, by)
    return period


@transactional
def leave_out(
    public_id: str, *, among: Collection[str], left_out: Collection[str], reason: str, by: Viewer
) -> None:
    """Set which of the assignments shown (`among`, public ids) are left out of a planned period.

    Each has a reason; the others of `among` are reported. Raises NotAllowed, NotFound, Conflict,
    InvalidInput (no reason).
    """
    period = planned_period(public_id, by)
    former = period.left_out or {}
    chosen = set(left_out) & set(among)
    if chosen - set(former) and not reason.strip():
        raise InvalidInput({"reason": _("Tulis alasan untuk yang tidak diikutkan.")})
    refuse_identity(reason=reason)
    kept = {key: text for key, text in former.items() if key not in among}
    for key in sorted(chosen):
        kept[key] = former[key] if key in former and not reason.strip() else reason.strip()
    if kept == former:
        return
    period.left_out = kept or None
    db.session.flush()
    record(
        "period.left_out_changed",
        by=by,
        subject=("period", period.public_id),
        left_out=sorted(kept),
    )
