"""Typing a report from paper; the agency's answer behind the sign-in."""

import secrets

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse
from coordinator.permissions import Permission
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.platform.files.rules import ACCEPT
from coordinator.reporting.evidence.taking_in import MOST_FILES, taken_in
from coordinator.reporting.on_behalf import service
from coordinator.reporting.on_behalf.forms import PaperForm
from coordinator.reporting.papers.forms import PaperAnswerForm
from coordinator.reporting.papers.rules import AgencyAnswer
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.report_pages.views import show_report
from coordinator.reporting.reports.report_page import page_for
from coordinator.reporting.reports.rules import FIELDS, SURE, AskedIndicator, may_edit
from coordinator.translation import gettext as _

bp = flask.Blueprint("on_behalf", __name__)

ANSWERS = {"benar": AgencyAnswer.CONFIRMED, "keberatan": AgencyAnswer.OBJECTED}


@bp.route("/laporan/<report_id>/atas-nama", methods=["GET", "POST"])
@web.requires(Permission.TYPE_ON_BEHALF)
def type_report(report_id: str) -> ResponseReturnValue:
    """The form for the secretariat: what the paper says, and its scan."""
    viewer = web.viewer()
    page = page_for(viewer, report_id)
    is_closed = (
        not may_edit(page.report.state if page.report else None)
        or page.obligation.ended_as is not None
        or page.is_locked
    )
    if is_closed and flask.request.method == "GET":
        return flask.redirect(flask.url_for("reporting.report_pages.report", report_id=report_id))
    form = PaperForm()
    names = [AskedIndicator(i.id, i.kind).field for i in page.indicators]
    names += [SURE + name for name in names]
    values = {name: flask.request.form.get(name, "") for name in names}
    errors: dict[str, str] = {}
    conflict = ""
    if flask.request.method == "GET":
        form.form_key.data = secrets.token_urlsafe(16)
    elif form.validate():
        fields = (*FIELDS, f"{SURE}contribution")
        typed = {name: flask.request.form.get(name, "") for name in fields} | values
        # Nothing is taken in for a closed report: the service refuses it.
        scan, more = ([], []) if is_closed else ([form.scan.data], form.files.data or [])
        room = MOST_FILES - 1
        try:
            with (
                taken_in(scan, field="scan", agency_id=page.agency.id, room=1) as scans,
                taken_in(more, field="files", agency_id=page.agency.id, room=room) as files,
            ):
                if scans.errors or files.errors:
                    raise InvalidInput({**scans.errors, **files.errors})
                service.type_report(
                    report_id,
                    typed,
                    paper=service.SourcePaper(
                        reference=form.reference.data or "",
                        dated_on=form.dated_on.data,
                        scan=scans.first,
                        reuse_reason=form.reuse_reason.data or "",
                        is_safe=bool(form.is_safe.data),
                    ),
                    files=files.files,
                    form_key=form.form_key.data or "",
                    confirmed=bool(form.confirmed.data),
                    by=viewer,
                )
        except InvalidInput as error:
            refuse(form, error)
            errors = {k: v for k, v in error.fields.items() if k.startswith("value-")}
        except Conflict as error:
            conflict = error.message
        else:
            return flask.redirect(
                flask.url_for("reporting.receipts.receipt", report_id=report_id), 303
            )
    has_errors = bool(form.errors or errors)
    if has_errors and not form.scan.errors and flask.request.files.get("scan"):
        form.scan.errors = [_("Pilih lagi pindaiannya: berkas tidak ikut tersimpan.")]
    return flask.render_template(
        "reporting/on_behalf/type_report.html",
        conflict=conflict,
        page=page,
        form=form,
        values=values,
        errors=errors,
        kinds=IndicatorKind,
        accept=ACCEPT,
        on=today(viewer.zone),
    ), (409 if conflict else 422 if has_errors else 200)


@bp.post("/laporan/<report_id>/jawab-ketikan")
@web.requires(Permission.SEE_OWN_TASKS)
def answer(report_id: str) -> ResponseReturnValue:
    """The agency's answer about what was typed for it."""
    form = PaperAnswerForm()
    chosen = ANSWERS.get(flask.request.form.get("act", ""))
    if chosen is None:
        raise Conflict(_("Pilih benar atau keberatan."))
    if form.validate():
        try:
            service.answer_typed(
                report_id,
                chosen,
                revision_number=form.revision.data or 0,
                remark=form.remark.data or "",
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for(
                    "reporting.report_pages.report", report_id=report_id, selesai="jawab"
                ),
                303,
            )
    if form.revision.errors:
        raise Conflict(_("Laporan ini sudah dijawab atau sudah berubah."))
    return show_report(head_for(web.viewer(), report_id), answer=form), 422
