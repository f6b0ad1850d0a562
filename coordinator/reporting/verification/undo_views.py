"""Undoing a verdict from the page that says what was done."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.errors import Conflict
from coordinator.permissions import Permission
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.verification.blueprint import bp
from coordinator.reporting.verification.queue_filters import query_of, wanted_reports
from coordinator.reporting.verification.undoing_service import undo_verdict


@bp.post("/verifikasi/<report_id>/urungkan")
@web.requires(Permission.VERIFY_REPORTS)
def undo(report_id: str) -> ResponseReturnValue:
    """Undo one's verdict and go back to the report; to its page where it is too late."""
    try:
        undo_verdict(report_id, version=edge.form_number("version", -1), by=web.viewer())
    except Conflict:
        head = report_head(web.viewer(), report_id)
        if head is None or head.state is not ReportState.SUBMITTED:
            # That page says the state of the report, and offers to reopen it.
            page = "reporting.report_pages.report"
            return flask.redirect(flask.url_for(page, report_id=report_id, diurungkan="tidak"), 303)
        # It waits again: the form's other copy was faster.
    query: dict[str, Any] = {"diurungkan": "ya", **query_of(wanted_reports())}
    page = "reporting.verification.verify"
    return flask.redirect(flask.url_for(page, report_id=report_id, **query), 303)
