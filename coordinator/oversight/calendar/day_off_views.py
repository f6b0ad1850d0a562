"""The table of days off on screen: here because a change may touch windows that are planned."""

from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.oversight.calendar import queries as calendar_queries
from coordinator.oversight.calendar.blueprint import bp
from coordinator.people.directory import holidays, queries
from coordinator.people.directory.forms import DayOffForm
from coordinator.people.directory.models import Holiday
from coordinator.people.directory.rules import HolidayKind
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import FIRST_YEAR, LAST_YEAR, sensible_day


def _kinds() -> dict[HolidayKind, str]:
    return {HolidayKind.NATIONAL: _("Libur nasional"), HolidayKind.JOINT_LEAVE: _("Cuti bersama")}


def _year() -> int:
    this_year = today(web.viewer().zone).year
    return edge.query_number("tahun", this_year, least=FIRST_YEAR, most=LAST_YEAR)


def _form(row: Holiday | None) -> DayOffForm:
    form = DayOffForm(obj=row)
    form.kind.choices = select_choices([(kind.value, label) for kind, label in _kinds().items()])
    return form


@bp.route("/pengaturan/hari-libur", methods=["GET", "POST"])
@web.requires(Permission.EDIT_DAYS_OFF)
def days_off() -> ResponseReturnValue:
    """Show a year's days off, and add one."""
    form = _form(None)
    year = _year()
    if form.validate_on_submit() and _saved(form, None):
        return _back(form, "disimpan")
    viewer = web.viewer()
    return flask.render_template(
        "oversight/calendar/days_off.html",
        form=form,
        year=year,
        this_year=today(viewer.zone).year,
        days=queries.holidays_of(year),
        kinds=_kinds(),
        may_edit=queries.may_edit_days_off(viewer),
        touched=calendar_queries.windows_on_days_off(viewer),
    ), (422 if form.errors else 200)


@bp.route("/pengaturan/hari-libur/<on>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_DAYS_OFF)
def day_off(on: str) -> ResponseReturnValue:
    """Show one day off, and change it."""
    former = _day(on)
    row = queries.holiday(former)
    if row is None or not queries.may_edit_days_off(web.viewer()):
        raise NotFound(_("Hari libur itu tidak ada."))
    form = _form(row)
    if flask.request.method == "GET":
        form.kind.data = row.kind.value
    elif form.validate_on_submit() and _saved(form, former):
        return _back(form, "disimpan")
    return flask.render_template("oversight/calendar/day_off.html", form=form, on=former), (
        422 if form.errors else 200
    )


@bp.post("/pengaturan/hari-libur/<on>/hapus")
@web.requires(Permission.EDIT_DAYS_OFF)
def remove(on: str) -> ResponseReturnValue:
    """Remove a day off from the table."""
    former = _day(on)
    holidays.remove_day_off(former, by=web.viewer())
    return flask.redirect(
        flask.url_for("oversight.calendar.days_off", tahun=former.year, selesai="dihapus"), 303
    )


def _day(text: str) -> date:
    day = sensible_day(text)
    if day is None:
        raise NotFound(_("Hari libur itu tidak ada."))
    return day


def _saved(form: DayOffForm, former: date | None) -> bool:
    try:
        holidays.save_day_off(
            holidays.DayOff(
                form.on.data or date.min,
                (form.name.data or "").strip(),
                HolidayKind(form.kind.data),
                (form.source.data or "").strip(),
            ),
            former=former,
            by=web.viewer(),
        )
    except InvalidInput as error:
        refuse(form, error)
        return False
    return True


def _back(form: DayOffForm, done: str) -> ResponseReturnValue:
    year = form.on.data.year if form.on.data else None
    return flask.redirect(
        flask.url_for("oversight.calendar.days_off", tahun=year, selesai=done), 303
    )
