"""What the buttons of the report form are sent to, behind the sign-in."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.people.accounts.returning.sealing import form_of
from coordinator.permissions import Permission
from coordinator.reporting.report_form import actions
from coordinator.reporting.report_form.editors import AccountEditor
from coordinator.reporting.report_form.old_pages import from_old_page
from coordinator.reporting.report_form.queries import require_report
from coordinator.reporting.report_form.send_action import send

bp = flask.Blueprint("report_form", __name__)
FORM = "reporting.report_pages.report"


def _editor(report_id: str) -> AccountEditor:
    return AccountEditor(web.viewer(), report_id)


@bp.post("/laporan/<report_id>/simpan")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def save(report_id: str) -> ResponseReturnValue:
    """Save the draft."""
    return actions.save(_editor(report_id))


@bp.post("/laporan/<report_id>/simpan-otomatis")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def autosave(report_id: str) -> ResponseReturnValue:
    """Save the draft for the page's script."""
    return actions.autosave(_editor(report_id))


@bp.post("/laporan/<report_id>/periksa")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def check(report_id: str) -> ResponseReturnValue:
    """Save the draft, then show what is about to be sent."""
    return actions.check(_editor(report_id))


@bp.post("/laporan/<report_id>/gabungkan")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def merge(report_id: str) -> ResponseReturnValue:
    """Save, of two texts, what was chosen."""
    return actions.merge(_editor(report_id))


@bp.post("/laporan/<report_id>/hapus")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def remove_file(report_id: str) -> ResponseReturnValue:
    """Save the draft, and take a file away."""
    return actions.remove_file(_editor(report_id), flask.request.form.get("public_id", ""))


@bp.post("/laporan/<report_id>/kirim")
@web.requires(Permission.WRITE_REPORTS)
@form_of(FORM)
def send_report(report_id: str) -> ResponseReturnValue:
    """Send what the check page shows."""
    return send(_editor(report_id))


@bp.post("/laporan/<report_id>")
@web.requires(Permission.WRITE_REPORTS)
def old_page(report_id: str) -> ResponseReturnValue:
    """Answer a form that was open before its buttons had addresses."""
    return from_old_page(_editor(report_id))


@bp.get("/laporan/<report_id>/simpan")
@bp.get("/laporan/<report_id>/gabungkan")
@bp.get("/laporan/<report_id>/hapus")
@bp.get("/laporan/<report_id>/kirim")
@web.requires(Permission.WRITE_REPORTS)
def form(report_id: str) -> ResponseReturnValue:
    """Lead to the form: a browser that opens a refused page again asks for its address."""
    require_report(web.viewer(), report_id)
    return flask.redirect(flask.url_for(FORM, report_id=report_id), 303)
