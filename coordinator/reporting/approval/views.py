"""The head's page of one report."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput
from coordinator.forms import refuse
from coordinator.permissions import Permission
from coordinator.reporting.approval import service
from coordinator.reporting.approval.forms import ApprovalForm
from coordinator.reporting.reports.lines import draft_lines
from coordinator.reporting.reports.report_page import page_for
from coordinator.reporting.reports.rules import ReportState

bp = flask.Blueprint("approval", __name__)


@bp.route("/laporan/<report_id>/persetujuan", methods=["GET", "POST"])
@web.requires(Permission.APPROVE_REPORTS)
def approval(report_id: str) -> ResponseReturnValue:
    """What the focal point wants to send; let it go, or give it back with a sentence."""
    viewer = web.viewer()
    page = page_for(viewer, report_id)
    form = ApprovalForm()
    is_waiting = page.report is not None and page.report.state is ReportState.AWAITING_HEAD
    if page.report is None or not is_waiting or page.obligation.ended_as is not None:
        return flask.redirect(flask.url_for("reporting.report_pages.report", report_id=report_id))
    if form.validate_on_submit():
        version = form.version.data or 0
        try:
            if flask.request.form.get("act") == "setujui":
                service.approve_report(report_id, version=version, by=viewer)
                return flask.redirect(
                    flask.url_for("reporting.receipts.receipt", report_id=report_id), 303
                )
            service.send_back(report_id, version=version, remark=form.remark.data or "", by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("reporting.report_pages.my_tasks"), 303)
    return flask.render_template(
        "reporting/approval/approval.html",
        page=page,
        form=form,
        lines=draft_lines(page.report.draft, page),
        files=page.report.draft_evidence,
    ), (422 if form.errors else 200)
