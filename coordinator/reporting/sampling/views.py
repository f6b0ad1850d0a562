"""The sample of a period, its draw, and the findings."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.people.directory import queries as directory
from coordinator.periods import queries as periods
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission
from coordinator.platform.audit.access import log_access
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.sampling import exports, queries, service
from coordinator.reporting.sampling.forms import DrawForm, FindingForm
from coordinator.reporting.sampling.labels import finding_labels
from coordinator.reporting.sampling.rules import FindingKind, size_of
from coordinator.translation import gettext as _

bp = flask.Blueprint("sampling", __name__)

USUAL_PERCENT = 10


def _chosen() -> tuple[ReportingPeriod | None, list[ReportingPeriod]]:
    """Return the period asked for, and all that were opened.

    The default is the newest whose window has closed.
    """
    viewer = web.viewer()
    opened = [one for one in periods.periods(viewer) if one.opened_at is not None]
    opened.sort(key=lambda one: one.covers_from, reverse=True)
    wanted = flask.request.args.get("periode", "")
    closed = [one for one in opened if one.closes_on < today(viewer.zone)]
    found = next((one for one in opened if one.public_id == wanted), None)
    return found or next(iter(closed or opened), None), opened


def _list_page(form: DrawForm, period: ReportingPeriod | None = None) -> str:
    viewer = web.viewer()
    chosen, opened = _chosen()
    period = period or chosen
    draw = queries.draw_of(viewer, period.id) if period else None
    rows = queries.drawn_reports(viewer, draw) if draw else []
    verified = (
        len(queries.verified_reports(viewer.own_task_force_id, period.id))
        if period and draw is None
        else 0
    )
    return flask.render_template(
        "reporting/sampling/list.html",
        letterhead=directory.page_head(web.viewer()),
        form=form,
        period=period,
        periods=opened,
        draw=draw,
        rows=rows,
        marks=verdict_marks(row.report_id for row in rows),
        population=len(draw.population.split("\n")) if draw else 0,
        repeats=draw is not None and service.repeats(draw, [row.report_id for row in rows]),
        verified=verified,
        expected=size_of(verified, USUAL_PERCENT),
        is_closed=period is not None and period.closes_on < today(viewer.zone),
        may_sample=viewer.may(Permission.SAMPLE_REPORTS),
        labels=finding_labels(),
        kinds=FindingKind,
        states=ReportState,
        zone=viewer.zone,
        done=flask.request.args.get("selesai", ""),
    )


@bp.get("/sampel")
@web.requires(Permission.SEE_SAMPLE)
def sample() -> ResponseReturnValue:
    """The sample of a period with what was found."""
    form = DrawForm(formdata=None)
    form.percent.data = USUAL_PERCENT
    return _list_page(form)


@bp.get("/sampel.csv")
@web.requires(Permission.SEE_SAMPLE)
def sample_csv() -> ResponseReturnValue:
    """The sample and its findings for a spreadsheet."""
    viewer = web.viewer()
    period, _opened = _chosen()
    draw = queries.draw_of(viewer, period.id) if period else None
    if draw is None:
        raise NotFound(_("Sampel periode ini belum ditarik."))
    log_access("sample", by=viewer, subject_id=draw.period.public_id)
    body = exports.sample_csv(
        draw, queries.drawn_reports(viewer, draw), queries.population(viewer, draw), viewer.zone
    )
    return edge.download(body, "text/csv", "sampel.csv")


@bp.post("/sampel/<period_id>/tarik")
@web.requires(Permission.SAMPLE_REPORTS)
def draw(period_id: str) -> ResponseReturnValue:
    """Draw the sample of a period."""
    period = queries.period_of(web.viewer(), period_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    form = DrawForm()
    if form.validate():
        try:
            service.draw_sample(period_id, percent=form.percent.data, by=web.viewer())
        except InvalidInput as error:
            refuse(form, error)
        else:
            target = flask.url_for(
                "reporting.sampling.sample", periode=period_id, selesai="ditarik"
            )
            return flask.redirect(target, 303)
    return _list_page(form, period), 422


def _sampled(sampled_id: str) -> queries.Drawn:
    row = queries.drawn_report(web.viewer(), sampled_id)
    if row is None:
        raise NotFound(_("Laporan itu tidak ada dalam sampel."))
    return row


def _finding_form(**options: object) -> FindingForm:
    form = FindingForm(**options)
    form.kind.choices = select_choices([(k.value, label) for k, label in finding_labels().items()])
    return form


@bp.get("/sampel/laporan/<sampled_id>")
@web.requires(Permission.SEE_SAMPLE)
def finding(sampled_id: str) -> ResponseReturnValue:
    """One sampled report: what was found, and, for the auditor, the form."""
    row = _sampled(sampled_id)
    form = _finding_form(formdata=None)
    if row.finding is not None:
        form.kind.data = row.finding.kind.value
        form.text.data = row.finding.text
    return _finding_page(row, form)


@bp.post("/sampel/laporan/<sampled_id>")
@web.requires(Permission.SAMPLE_REPORTS)
def write_finding(sampled_id: str) -> ResponseReturnValue:
    """Add what the auditor found."""
    row, viewer = _sampled(sampled_id), web.viewer()
    form = _finding_form()
    if form.validate():
        try:
            service.write_finding(
                sampled_id, FindingKind(form.kind.data), form.text.data or "", by=viewer
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            period = row.sampled.draw.period.public_id
            target = flask.url_for("reporting.sampling.sample", periode=period, selesai="temuan")
            return flask.redirect(target, 303)
    return _finding_page(row, form), 422


def _finding_page(row: queries.Drawn, form: FindingForm) -> str:
    viewer = web.viewer()
    return flask.render_template(
        "reporting/sampling/finding.html",
        row=row,
        marks=verdict_marks([row.report_id]),
        form=form,
        labels=finding_labels(),
        may_sample=viewer.may(Permission.SAMPLE_REPORTS),
        states=ReportState,
        zone=viewer.zone,
    )
