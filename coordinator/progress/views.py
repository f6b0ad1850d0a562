"""What an agency owes, one report, the verification queue."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import quote

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from coordinator import web
from coordinator.assignments.why import why
from coordinator.audit.service import log_access
from coordinator.clock import local, today
from coordinator.directory import queries as directory
from coordinator.directory.rules import add_working_days
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.evidence import storage
from coordinator.evidence.receiving import Received, receive
from coordinator.evidence.rules import ACCEPT
from coordinator.forms import refuse, select_choices
from coordinator.paging import page_number, pages
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.plan.rules import IndicatorKind, PartyKind
from coordinator.progress import history, queries, service
from coordinator.progress.decisions import requests_of
from coordinator.progress.forms import ReportForm
from coordinator.progress.rules import (
    FIELDS,
    VERIFY_WITHIN,
    Asked,
    ReportKind,
    ReportState,
    may_edit,
)
from coordinator.progress.threads import timeline
from coordinator.progress.words import (
    kind_labels,
    return_reason_labels,
)
from coordinator.roles import queries as roles

bp = flask.Blueprint("progress", __name__)

DUE_SOON_DAYS = 7


# --- Tugas saya ----------------------------------------------------------------------------------


@bp.get("/tugas-saya")
@web.requires(Permission.SEE_OWN_TASKS)
def my_tasks() -> ResponseReturnValue:
    """What the viewer's agency owes, the most urgent first."""
    viewer = web.viewer()
    on = today(viewer.zone)
    period = periods.newest_period(viewer.own_task_force_id)
    tasks = queries.my_tasks(viewer, period_id=period.id if period else None)
    waiting = [task for task in tasks if task.is_open]
    urgent = waiting[0] if waiting else None
    rest = waiting[1:]
    return flask.render_template(
        "progress/my_tasks.html",
        period=period,
        on=on,
        waiting=waiting,
        urgent=urgent,
        late=[task for task in rest if task.last_day < on],
        soon=[task for task in rest if 0 <= (task.last_day - on).days <= DUE_SOON_DAYS],
        later=[task for task in rest if (task.last_day - on).days > DUE_SOON_DAYS],
        quiet=[task for task in tasks if not task.is_open],
        verify_by=_verify_by(),
        may_write=viewer.may(Permission.WRITE_REPORTS),
        duties=roles.duties(viewer, agency_id=viewer.own_agency_id),
        agency=directory.agency(viewer),
        lead=PartyKind.LEAD,
        states=ReportState,
        kinds=ReportKind,
    )


@bp.get("/tugas-saya/lalu")
@web.requires(Permission.SEE_OWN_TASKS)
def past_tasks() -> ResponseReturnValue:
    """Everything the agency was ever asked."""
    page = page_number()
    tasks, total = queries.past_tasks(web.viewer(), page=page)
    return flask.render_template(
        "progress/past_tasks.html",
        tasks=tasks,
        total=total,
        page=page,
        pages=pages(total),
        on=today(web.viewer().zone),
    )


def _verify_by() -> Callable[[datetime], date]:
    """Return what tells by which day the secretariat should have looked at a submission; the table
    of days off is read once for a whole page."""
    zone, days_off = web.viewer().zone, directory.days_off()

    def verify_by(submitted_at: datetime) -> date:
        return add_working_days(local(submitted_at, zone).date(), VERIFY_WITHIN, days_off)

    return verify_by


# --- one report ----------------------------------------------------------------------------------


def _page(report_id: str) -> queries.ReportPage:
    page = queries.report_page(web.viewer(), report_id)
    if page is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return page


def _may_write(page: queries.ReportPage) -> bool:
    viewer = web.viewer()
    state = page.report.state if page.report else None
    return (
        viewer.may(Permission.WRITE_REPORTS)
        and page.agency.id == viewer.agency_id
        and page.obligation.ended_as is None
        and not page.is_locked
        and may_edit(state)
    )


@bp.get("/laporan/<report_id>")
@web.signed_in
def report(report_id: str) -> ResponseReturnValue:
    """The form while it can be written; what was sent, with its history, otherwise."""
    page = _page(report_id)
    if _may_write(page):
        return _show_form(page, _form(page, draft=page.report.draft if page.report else {}))
    return _show_report(page)


def _show_report(page: queries.ReportPage, typed: dict[str, str] | None = None) -> str:
    """Show what was sent. Of a locked draft its agency sees the text, or what it just `typed`."""
    viewer = web.viewer()
    sees_draft = page.agency.id == viewer.agency_id
    draft = typed or (page.report.draft if page.report else {})
    return flask.render_template(
        "progress/report.html",
        page=page,
        on=today(viewer.zone),
        history=timeline.of_report(viewer, page),
        decisions=requests_of(page.report.id) if page.report else [],
        reason=why(viewer, page.assignment, [page.obligation.party])[0],
        kind_labels=kind_labels(),
        locked_draft=_draft_lines(page, draft) if page.is_locked and sees_draft else [],
        verify_by=_verify_by(),
        is_own=sees_draft,
        may_verify=viewer.may(Permission.VERIFY_REPORTS),
        may_see_decisions=viewer.may(Permission.SEE_DECISIONS),
        states=ReportState,
        kinds=ReportKind,
        share=quote(
            _(
                "Laporan %(number)s sudah dikirim ke Sekretariat Gugus Tugas. %(link)s",
                number=page.report.number if page.report else "",
                link=flask.current_app.config["SETTINGS"].base_url,
            )
        ),
        done=flask.request.args.get("selesai") == "1",
    )


def _draft_lines(page: queries.ReportPage, draft: dict[str, str]) -> list[tuple[str, str]]:
    """Return a draft's filled fields as (label, text)."""
    form = ReportForm(formdata=None)
    kinds = {kind.value: label for kind, label in kind_labels().items()}
    lines = [
        (str(form[name].label.text), kinds.get(draft[name], draft[name]))
        for name in FIELDS
        if draft.get(name)
    ]
    for indicator in page.indicators:
        value = draft.get(Asked(indicator.id, indicator.kind).field)
        if value:
            lines.append((f"{indicator.name} ({indicator.unit})", value))
    return lines


def _form(page: queries.ReportPage, draft: dict[str, str]) -> ReportForm:
    form = ReportForm(formdata=None, data={name: draft.get(name) for name in FIELDS})
    _complete(form)
    form.form_key.data = secrets.token_urlsafe(16)
    form.version.data = page.report.version if page.report else 0
    return form


def _complete(form: ReportForm) -> None:
    form.kind.choices = select_choices(
        [(kind.value, label) for kind, label in kind_labels().items()]
    )


def _values(page: queries.ReportPage, source: dict[str, str]) -> dict[str, str]:
    names = [Asked(i.id, i.kind).field for i in page.indicators]
    return {name: source.get(name, "") for name in names}


def _show_form(
    page: queries.ReportPage,
    form: ReportForm,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    viewer = web.viewer()
    draft = page.report.draft if page.report else {}
    duties = roles.duties_by_id(page.duty_ids)
    latest = page.report.latest if page.report else None
    return flask.render_template(
        "progress/report_form.html",
        page=page,
        form=form,
        values=_values(page, draft) if values is None else values,
        errors=errors or {},
        conflict=conflict,
        stored=draft if conflict else {},
        on=today(viewer.zone),
        accepted=list(dict.fromkeys(line for d in duties for line in d.evidence)),
        refused=list(dict.fromkeys(line for d in duties for line in d.not_evidence)),
        reason=why(viewer, page.assignment, [page.obligation.party])[0],
        history=history.of_report(page.report, viewer.zone, with_draft=True),
        returned=latest.verification
        if latest and page.report and page.report.state is ReportState.RETURNED
        else None,
        return_reasons=return_reason_labels(),
        kinds=IndicatorKind,
        accept=ACCEPT,
        verify_by=add_working_days(today(viewer.zone), VERIFY_WITHIN, directory.days_off()),
        saved=flask.request.args.get("selesai") == "draf",
    ), status


@bp.post("/laporan/<report_id>")
@web.requires(Permission.WRITE_REPORTS)
def write_report(report_id: str) -> ResponseReturnValue:
    """Save the draft; then, if asked, submit it. Whatever fails, what was typed is kept."""
    viewer = web.viewer()
    page = _page(report_id)
    form = ReportForm()
    _complete(form)
    typed = {name: flask.request.form.get(name, "") for name in FIELDS}
    values = _values(page, flask.request.form.to_dict())
    act = flask.request.form.get("act", "simpan")
    form_key = form.form_key.data or secrets.token_urlsafe(16)

    if page.report is not None and any(r.form_key == form_key for r in page.report.revisions):
        return _to_receipt(report_id)  # the same form sent twice
    if not form.validate():
        return _show_form(page, form, values=values, status=422)
    files, file_errors = _receive(form.files.data or [])
    try:
        saved = service.save_draft(
            report_id,
            {**typed, **values},
            version=form.version.data or 0,
            files=files,
            by=viewer,
        )
        version = saved.version
        form.version.data = version
        form.version.raw_data = None
        if file_errors:
            raise InvalidInput(file_errors)
        if act == "kirim":
            service.submit_report(
                report_id,
                version=version,
                form_key=form_key,
                confirmed=bool(form.confirmed.data),
                by=viewer,
            )
            return _to_receipt(report_id)
        if act.startswith("hapus:"):
            service.remove_file(report_id, act.removeprefix("hapus:"), by=viewer)
    except InvalidInput as error:
        refuse(form, error)
        errors = {k: v for k, v in error.fields.items() if k.startswith("value-")}
        return _show_form(_page(report_id), form, values=values, errors=errors, status=422)
    except Conflict as error:
        fresh = _page(report_id)
        if not _may_write(fresh):
            return _show_report(fresh, typed={**typed, **values}), 409
        form.version.data = fresh.report.version if fresh.report else 0
        form.version.raw_data = None
        return _show_form(fresh, form, values=values, conflict=error.message, status=409)
    return flask.redirect(
        flask.url_for("progress.report", report_id=report_id, selesai="draf"), 303
    )


def _to_receipt(report_id: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("progress.report", report_id=report_id, selesai="1"), 303)


def _receive(uploads: list[FileStorage]) -> tuple[list[Received], dict[str, str]]:
    """Take in what was uploaded; a refused file does not lose the good ones."""
    files: list[Received] = []
    errors: dict[str, str] = {}
    for upload in uploads:
        if not upload.filename:
            continue
        try:
            files.append(receive(upload, field="files"))
        except InvalidInput as error:
            errors |= error.fields
    return files, errors


@bp.get("/bukti/<evidence_id>")
@web.signed_in
def evidence_file(evidence_id: str) -> ResponseReturnValue:
    """Hand out a file as a download; who took it is logged."""
    viewer = web.viewer()
    evidence = queries.evidence(viewer, evidence_id)
    if evidence is None:
        raise NotFound(_("Berkas itu tidak ada, atau bukan untuk akses Anda."))
    path = storage.path_of(evidence.file.sha256)
    name, media_type = evidence.name, evidence.file.media_type
    if not path.exists():
        raise NotFound(_("Berkas itu tidak ditemukan di penyimpanan. Beri tahu administrator."))
    log_access("evidence", by=viewer, subject_id=evidence_id)
    response = flask.send_file(
        path, mimetype=media_type, as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
