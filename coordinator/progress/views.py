"""What an agency owes, one report, the verification queue, and an assignment's progress."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import quote

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from coordinator import web, words
from coordinator.assignments import queries as assignments
from coordinator.clock import local, now, today
from coordinator.directory import queries as directory
from coordinator.directory.rules import add_working_days
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.evidence.receiving import Received
from coordinator.evidence.rules import ACCEPT
from coordinator.evidence.service import receive
from coordinator.evidence.words import shown_name
from coordinator.forms import refuse, select_choices
from coordinator.paging import page_number, pages
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.plan.rules import IndicatorKind, PartyKind
from coordinator.progress import history, queries, service
from coordinator.progress.forms import ReportForm, VerdictForm
from coordinator.progress.rules import (
    FIELDS,
    VERIFY_WITHIN,
    Asked,
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    is_waiting_long,
    may_edit,
    may_verify,
)
from coordinator.progress.words import (
    kind_labels,
    return_reason_labels,
    shortfall_reason_labels,
)
from coordinator.roles import queries as roles

bp = flask.Blueprint("progress", __name__)

QUEUES = {
    "": ReportState.SUBMITTED,
    "dikembalikan": ReportState.RETURNED,
    "selesai": ReportState.VERIFIED,
}
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


def _show_report(page: queries.ReportPage) -> str:
    viewer = web.viewer()
    sees_draft = page.agency.id == viewer.agency_id
    return flask.render_template(
        "progress/report.html",
        page=page,
        on=today(viewer.zone),
        history=history.of_report(page.report, viewer.zone, with_draft=sees_draft),
        duties=roles.duties_by_id(page.duty_ids),
        amendments=roles.amendments(),
        kind_labels=kind_labels(),
        verify_by=_verify_by(),
        is_own=sees_draft,
        may_verify=viewer.may(Permission.VERIFY_REPORTS),
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
        duties=duties,
        accepted=list(dict.fromkeys(line for d in duties for line in d.evidence)),
        refused=list(dict.fromkeys(line for d in duties for line in d.not_evidence)),
        amendments=roles.amendments(),
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
    files, file_errors = _receive(form.files.data or [], page.agency.id)
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
            return _show_report(fresh), 409
        form.version.data = fresh.report.version if fresh.report else 0
        form.version.raw_data = None
        return _show_form(fresh, form, values=values, conflict=error.message, status=409)
    return flask.redirect(
        flask.url_for("progress.report", report_id=report_id, selesai="draf"), 303
    )


def _to_receipt(report_id: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("progress.report", report_id=report_id, selesai="1"), 303)


def _receive(uploads: list[FileStorage], agency_id: int) -> tuple[list[Received], dict[str, str]]:
    """Take in what was uploaded; a refused file does not lose the good ones."""
    files: list[Received] = []
    messages: list[str] = []
    given = [upload for upload in uploads if upload.filename]
    for upload in given:
        try:
            files.append(receive(upload, field="files", agency_id=agency_id))
        except InvalidInput as error:
            message = error.fields["files"]
            name = shown_name(upload.filename or "") if len(given) > 1 else ""
            messages.append(f"{name}: {message}" if name else message)
    return files, {"files": " ".join(messages)} if messages else {}


# --- verification --------------------------------------------------------------------------------


@bp.get("/verifikasi")
@web.requires(Permission.VERIFY_REPORTS)
def verification_queue() -> ResponseReturnValue:
    """Reports by age, in three tabs."""
    viewer = web.viewer()
    tab = flask.request.args.get("tab", "")
    state = QUEUES.get(tab, ReportState.SUBMITTED)
    group_key = flask.request.args.get("pokja", "")
    slug = flask.request.args.get("instansi", "")
    page = page_number()
    rows, total = queries.verification_queue(
        viewer, state, working_group=group_key, agency=slug, page=page
    )
    on = today(viewer.zone)
    days_off = directory.days_off()
    return flask.render_template(
        "progress/queue.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        tab=tab,
        state=state,
        states=ReportState,
        groups=roles.working_groups(viewer),
        agencies=directory.agencies(viewer),
        group_key=group_key,
        slug=slug,
        waiting_long={
            row.public_id
            for row in rows
            if is_waiting_long(
                local(row.submitted_at, viewer.zone).date(), on, days_off, VERIFY_WITHIN
            )
        },
        not_mine={
            row.public_id
            for row in rows
            if not may_verify(
                verifier_id=viewer.account_id or 0,
                home_agency_id=viewer.home_agency_id,
                agency_id=row.agency_id,
                submitted_by_id=row.submitted_by_id,
            )
        },
        zone=viewer.zone,
        on=on,
        local=local,
    )


def _verdict_form(page: queries.ReportPage) -> VerdictForm:
    form = VerdictForm()
    latest = page.report.latest if page.report else None
    total = service.reported_total(latest) if latest else None
    accept = (
        _("Setujui %(value)s", value=words.number(total)) if total is not None else _("Setujui")
    )
    choices = [("verify", accept)]
    if total is not None:
        choices.append(("partial", _("Setujui sebagian")))
    form.verdict.choices = select_choices([*choices, ("return", _("Kembalikan"))])
    form.shortfall_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in shortfall_reason_labels().items())]
    )
    form.return_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in return_reason_labels().items())]
    )
    if flask.request.method == "GET":
        form.revision.data = latest.number if latest else 0
        form.mend_by_on.data = service.default_mend_by(web.viewer().zone)
    return form


@bp.route("/verifikasi/<report_id>", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def verify(report_id: str) -> ResponseReturnValue:
    """What was asked, what was reported, and the decision."""
    viewer = web.viewer()
    page = _page(report_id)
    if page.report is None or page.report.latest is None:
        raise NotFound(_("Laporan itu belum dikirim."))
    if page.report.state is not ReportState.SUBMITTED:
        return flask.redirect(flask.url_for("progress.report", report_id=report_id), 303)
    form = _verdict_form(page)
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        judgement = _judgement(form, page)
        try:
            if form.verdict.data == "return":
                service.return_report(report_id, judgement, by=viewer)
            else:
                service.verify_report(report_id, judgement, by=viewer)
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith("value-")}
            refuse(form, error)
        else:
            return _to_next(report_id, form.verdict.data)
    latest = page.report.latest
    rows, total = queries.verification_queue(viewer, ReportState.SUBMITTED, size=200)
    ids = [row.public_id for row in rows]
    place = ids.index(report_id) if report_id in ids else 0
    return flask.render_template(
        "progress/verify.html",
        page=page,
        form=form,
        errors=errors,
        latest=latest,
        position=place + 1,
        total=total,
        previous=ids[place - 1] if place else None,
        following=ids[place + 1] if place + 1 < len(ids) else None,
        duties=roles.duties_by_id(page.duty_ids),
        amendments=roles.amendments(),
        on=today(viewer.zone),
        history=history.of_report(page.report, viewer.zone, with_draft=False),
        kind_labels=kind_labels(),
        typed={
            f"value-{v.indicator_id}": flask.request.form.get(f"value-{v.indicator_id}", "")
            for v in latest.values
        },
        may=may_verify(
            verifier_id=viewer.account_id or 0,
            home_agency_id=viewer.home_agency_id,
            agency_id=page.agency.id,
            submitted_by_id=latest.submitted_by_id,
        ),
        first_day=local(page.report.first_submitted_at or now(), viewer.zone).date(),
        kinds=ReportKind,
    ), (422 if form.errors or errors else 200)


def _judgement(form: VerdictForm, page: queries.ReportPage) -> service.Judgement:
    latest = page.report.latest if page.report else None
    judgement = service.Judgement(
        revision_number=form.revision.data or 0,
        identity_checked=bool(form.identity_checked.data),
        remark=(form.remark.data or "").strip(),
    )
    if form.verdict.data == "return":
        return replace(
            judgement,
            return_reason=ReturnReason(form.return_reason.data)
            if form.return_reason.data
            else None,
            mend_by_on=form.mend_by_on.data,
        )
    if form.verdict.data == "partial" and latest is not None:
        return replace(
            judgement,
            remark="",
            values={
                v.indicator_id: flask.request.form.get(f"value-{v.indicator_id}", "")
                for v in latest.values
            },
            shortfall_reason=ShortfallReason(form.shortfall_reason.data)
            if form.shortfall_reason.data
            else None,
        )
    return replace(judgement, remark="")


def _to_next(report_id: str, verdict: str) -> ResponseReturnValue:
    """Go on with the next report of the queue; to the queue when it is empty."""
    viewer = web.viewer()
    rows, _total = queries.verification_queue(viewer, ReportState.SUBMITTED, size=50)
    upcoming = next(
        (
            row.public_id
            for row in rows
            if may_verify(
                verifier_id=viewer.account_id or 0,
                home_agency_id=viewer.home_agency_id,
                agency_id=row.agency_id,
                submitted_by_id=row.submitted_by_id,
            )
        ),
        None,
    )
    if upcoming is None:
        target = flask.url_for("progress.verification_queue", selesai=verdict)
    else:
        target = flask.url_for(
            "progress.verify", report_id=upcoming, selesai=verdict, laporan=report_id
        )
    return flask.redirect(target, 303)


# --- an assignment -------------------------------------------------------------------------------


@bp.get("/penugasan/<assignment_id>")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignment(assignment_id: str) -> ResponseReturnValue:
    """One assignment: its parties, its targets, and what was reported in each period."""
    viewer = web.viewer()
    found = assignments.assignment(viewer, assignment_id)
    if found is None:
        raise NotFound(_("Penugasan itu tidak ada."))
    on = today(viewer.zone)
    obligations = periods.obligations_of_assignment(found.id)
    period = periods.open_period(viewer, on)
    return flask.render_template(
        "progress/assignment.html",
        assignment=found,
        obligations=obligations,
        states=queries.states_of_obligations(o.id for o, _agency, _period in obligations),
        duties=roles.duties_by_id(
            {link.duty_id for party in found.parties for link in party.duties}
        ),
        amendments=roles.amendments(),
        period=period,
        has_joined=period is not None and any(p.id == period.id for _o, _a, p in obligations),
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
        lead=PartyKind.LEAD,
        on=on,
        done=flask.request.args.get("selesai") == "1",
    )
