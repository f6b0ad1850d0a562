"""One period: how far it is, more time for an agency, closing and opening again."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations import queries as obligations
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.oversight.opening import queries, service
from coordinator.oversight.opening.blueprint import bp
from coordinator.people.directory import queries as directory
from coordinator.periods import queries as periods
from coordinator.periods.labels import state_labels
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.period_forms import ExtensionForm, ReopeningForm
from coordinator.periods.rules import PeriodState
from coordinator.permissions import Permission
from coordinator.reporting.reports import queries as report_queries
from coordinator.translation import gettext as _


def _period(period_id: str) -> ReportingPeriod:
    period = periods.period(web.viewer(), period_id)
    is_seen = period is not None and (
        period.opened_at is not None or web.viewer().may(Permission.RUN_PERIODS)
    )
    if period is None or not is_seen:
        raise NotFound(_("Periode itu tidak ada."))
    return period


@bp.get("/periode/<period_id>")
@web.requires(Permission.SEE_PERIODS)
def page(period_id: str) -> ResponseReturnValue:
    """Show the window, the numbers, the extensions, and the possible actions."""
    period = _period(period_id)
    return _show(period, _extension_form(period))


def _show(
    period: ReportingPeriod, form: ExtensionForm, *, status: int = 200
) -> ResponseReturnValue:
    viewer = web.viewer()
    on = today(viewer.zone)
    sees_all = viewer.may(Permission.SEE_REPORTS)
    is_opened = period.opened_at is not None
    given = obligations.extensions(viewer).get(period.id, [])
    if not sees_all:
        given = [pair for pair in given if pair[0].agency_id == viewer.agency_id]
    slugs = {agency.id: agency.slug for agency in directory.agencies(viewer)}
    return flask.render_template(
        "oversight/opening/period.html",
        letterhead=directory.page_head(web.viewer()),
        period=period,
        state=period.state(on),
        states=PeriodState,
        labels=state_labels(),
        on=on,
        counts=report_queries.period_counts(viewer, period.id, on)
        if is_opened and sees_all
        else None,
        given=given,
        slugs=slugs,
        form=form,
        may_run=viewer.may(Permission.RUN_PERIODS),
        sees_all=sees_all,
        reopenings=periods.reopenings(viewer, period.id),
        closing=service.closing(viewer, period) if is_opened and sees_all else None,
        left_out=period.left_out or {},
        codes=queries.codes_of(viewer, list(period.left_out or {})) if sees_all else {},
        zone=viewer.zone,
    ), status


def _extension_form(period: ReportingPeriod) -> ExtensionForm:
    names = PeriodNames(period.task_force_id)
    agencies = [agency for agency in directory.agencies(web.viewer()) if not agency.is_court]
    form = ExtensionForm()
    form.agency.choices = select_choices(
        [
            ("", _("Pilih instansi")),
            *((one.slug, names.agency(period.id, one.id).abbreviation) for one in agencies),
        ]
    )
    if flask.request.method == "GET":
        form.agency.data = flask.request.args.get("instansi", "")
    return form


@bp.post("/periode/<period_id>/perpanjangan")
@web.requires(Permission.RUN_PERIODS)
def extend(period_id: str) -> ResponseReturnValue:
    """Give one agency more time, or change what was given."""
    viewer = web.viewer()
    period = _period(period_id)
    form = _extension_form(period)
    if form.validate():
        agency = directory.agency_by_slug(viewer, form.agency.data)
        if agency is None or form.until_on.data is None:
            raise NotFound(_("Instansi itu tidak ada."))
        try:
            extensions.grant_extension(
                period.id,
                agency.id,
                until_on=form.until_on.data,
                reason=form.reason.data or "",
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for(
                    "oversight.opening.page", period_id=period_id, selesai="diperpanjang"
                ),
                303,
            )
    return _show(_period(period_id), form, status=422)


@bp.post("/periode/<period_id>/perpanjangan/<slug>/cabut")
@web.requires(Permission.RUN_PERIODS)
def withdraw(period_id: str, slug: str) -> ResponseReturnValue:
    """Withdraw an agency's extra time."""
    viewer = web.viewer()
    period = _period(period_id)
    agency = directory.agency_by_slug(viewer, slug)
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    extensions.withdraw_extension(period.id, agency.id, by=viewer)
    return flask.redirect(
        flask.url_for("oversight.opening.page", period_id=period_id, selesai="dicabut"), 303
    )


@bp.route("/periode/<period_id>/tutup", methods=["GET", "POST"])
@web.requires(Permission.RUN_PERIODS)
def close(period_id: str) -> ResponseReturnValue:
    """Show what closing does, then close the period."""
    viewer = web.viewer()
    period = _period(period_id)
    if period.opened_at is None:
        raise NotFound(_("Periode itu belum dibuka."))
    refusal = ""
    if flask.request.method == "POST":
        try:
            service.close_period(period_id, by=viewer)
        except Conflict as error:
            refusal = error.message
            period = _period(period_id)
        else:
            return flask.redirect(
                flask.url_for("oversight.opening.page", period_id=period_id, selesai="ditutup"), 303
            )
    elif period.closed_at is not None:
        return flask.redirect(flask.url_for("oversight.opening.page", period_id=period_id), 303)
    on = today(viewer.zone)
    what = service.closing(viewer, period)
    return flask.render_template(
        "oversight/opening/close.html",
        period=period,
        what=what,
        counts=report_queries.period_counts(viewer, period.id, on),
        may_close=period.closes_on < on and not what.running,
        refusal=refusal,
        on=on,
    ), (409 if refusal else 200)


@bp.route("/periode/<period_id>/buka-kembali", methods=["GET", "POST"])
@web.requires(Permission.RUN_PERIODS)
def reopen(period_id: str) -> ResponseReturnValue:
    """Open a closed period again, with a reason."""
    viewer = web.viewer()
    period = _period(period_id)
    if period.opened_at is None:
        raise NotFound(_("Periode itu belum dibuka."))
    form = ReopeningForm()
    if form.validate_on_submit() and form.closes_on.data is not None:
        try:
            service.reopen_period(
                period_id, closes_on=form.closes_on.data, reason=form.reason.data or "", by=viewer
            )
        except InvalidInput as error:
            refuse(form, error)
            period = _period(period_id)
        else:
            return flask.redirect(
                flask.url_for(
                    "oversight.opening.page", period_id=period_id, selesai="dibuka-kembali"
                ),
                303,
            )
    elif flask.request.method == "GET" and period.closed_at is None:
        return flask.redirect(flask.url_for("oversight.opening.page", period_id=period_id), 303)
    return flask.render_template(
        "oversight/opening/reopen.html",
        period=period,
        form=form,
        what=service.closing(viewer, period),
    ), (422 if form.errors else 200)
