"""A year's calendar of periods."""

import itertools
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.people.directory import queries as directory
from coordinator.periods import planning, queries
from coordinator.periods.labels import gap_sentence, preset_labels, state_labels, window_warnings
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.period_forms import PeriodRow, YearForm
from coordinator.periods.rules import Preset, Window, gaps, preset_spans, usual_window
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("periods", __name__)
FIRST_YEAR, LAST_YEAR = 2020, 2100


@bp.route("/periode/tahun/<int:year>", methods=["GET", "POST"])
@web.requires(Permission.RUN_PERIODS)
def year(year: int) -> ResponseReturnValue:
    """Plan a year: a preset fills the rows, every row may be changed, nothing opens here."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(_("Tahun itu tidak dapat direncanakan."))
    viewer = web.viewer()
    there = queries.periods_of_year(viewer, year)
    planned = [period for period in there if period.opened_at is None]
    conflict = ""
    form = YearForm()
    if flask.request.method == "POST" and form.validate_on_submit():
        try:
            count = _save(year, form)
        except InvalidInput as error:
            for key, message in error.fields.items():
                _prefix, number, name = key.split("-", 2)
                field = form.rows.entries[whole(number)].form[name]
                field.errors = [*field.errors, message]
        except Conflict as error:
            conflict = error.message
        else:
            done = "disimpan" if count else "sama"
            return flask.redirect(flask.url_for("periods.year", year=year, selesai=done), 303)
    preset = _preset()
    if flask.request.method == "GET":
        for row in _rows(year, there, planned, preset):
            form.rows.append_entry(row)
    if not any(entry.form.is_empty for entry in form.rows.entries):
        form.rows.append_entry({})
    has_errors = any(entry.errors for entry in form.rows.entries) or bool(form.errors)
    return flask.render_template(
        "periods/year.html",
        form=form,
        year=year,
        this_year=today(viewer.zone).year,
        opened=[period for period in there if period.opened_at is not None],
        planned=planned,
        preset=preset,
        presets=preset_labels(),
        states=state_labels(),
        warnings=_warnings(year, there),
        conflict=conflict,
        has_errors=has_errors,
        on=today(viewer.zone),
    ), (409 if conflict else 422 if has_errors else 200)


def _preset() -> Preset | None:
    wanted = flask.request.args.get("pola", "")
    return Preset(wanted) if wanted in set(Preset) else None


def _rows(
    year: int, there: list[ReportingPeriod], planned: list[ReportingPeriod], preset: Preset | None
) -> list[dict[str, object]]:
    """Return the form's rows: planned periods, then the preset's parts of the year still free."""
    rows: list[dict[str, object]] = [
        {
            "public_id": period.public_id,
            "label": period.label,
            "covers_from": period.covers_from,
            "covers_until": period.covers_until,
            "opens_on": period.opens_on,
            "closes_on": period.closes_on,
        }
        for period in planned
    ]
    days_off = directory.days_off()
    for span in preset_spans(preset, year) if preset else ():
        if any(
            period.covers_from <= span.covers_until and span.covers_from <= period.covers_until
            for period in there
        ):
            continue
        window = usual_window(span.covers_until, days_off)
        rows.append(
            {
                "public_id": "",
                "label": span.label,
                "covers_from": span.covers_from,
                "covers_until": span.covers_until,
                "opens_on": window.opens_on,
                "closes_on": window.closes_on,
            }
        )
    return rows


def _save(year: int, form: YearForm) -> int:  # noqa: C901
    rows: list[planning.PlannedPeriod] = []
    drop: list[str] = []
    numbers: list[int] = []
    problems: dict[str, str] = {}
    for number, entry in enumerate(form.rows.entries):
        row: PeriodRow = entry.form
        if row.drop.data or row.is_empty:
            if row.public_id.data and row.drop.data:
                drop.append(row.public_id.data)
                continue
            if not row.public_id.data:
                continue
        if not (row.label.data or "").strip():
            problems[f"rows-{number}-label"] = _("Beri nama periode ini.")
        for name in PeriodRow.DAYS:
            if row[name].data is None:
                problems[f"rows-{number}-{name}"] = _("Tanggal belum ada.")
        numbers.append(number)
        rows.append(
            planning.PlannedPeriod(
                public_id=row.public_id.data or "",
                label=" ".join((row.label.data or "").split()),
                covers_from=row.covers_from.data or date.min,
                covers_until=row.covers_until.data or date.min,
                window=Window(row.opens_on.data or date.min, row.closes_on.data or date.min),
            )
        )
    if problems:
        raise InvalidInput(problems)
    try:
        return planning.plan_year(year, rows, drop=drop, by=web.viewer())
    except InvalidInput as error:
        # The service counts the rows it was given; the page also has empty and dropped ones.
        found = {}
        for key, message in error.fields.items():
            _prefix, number_text, name = key.split("-", 2)
            found[f"rows-{numbers[whole(number_text)]}-{name}"] = message
        raise InvalidInput(found) from error


def _warnings(year: int, there: list[ReportingPeriod]) -> list[tuple[str, str]]:
    """Return (period, what to look at) for what is planned, then the parts of the year in none."""
    holidays = [*directory.holidays_of(year), *directory.holidays_of(year + 1)]
    found = [
        (period.title, text)
        for period in there
        if period.opened_at is None
        for text in window_warnings(period.window, holidays)
    ]
    for earlier, later in itertools.pairwise(there):
        if later.covers_from <= earlier.covers_until:
            found.append(
                (later.title, _("kegiatannya bertumpang dengan %(title)s.", title=earlier.title))
            )
    spans = [(period.covers_from, period.covers_until) for period in there]
    if spans:
        found += [("", gap_sentence(gap)) for gap in gaps(year, spans)]
    return found
