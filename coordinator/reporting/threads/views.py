"""The conversation on a report, as a page of its own and as the target of its form."""

import secrets

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.permissions import Permission
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reading.rows import ReportHead
from coordinator.reporting.threads import service, timeline
from coordinator.reporting.threads.forms import CommentForm
from coordinator.reporting.threads.related_queries import related_to
from coordinator.reporting.threads.rules import HANDLES, Addressee, side_of
from coordinator.translation import gettext as _

bp = flask.Blueprint("threads", __name__)

PREFILLED = {name: f"@{name} " for name in HANDLES}


def _head(report_id: str) -> ReportHead:
    head = report_head(web.viewer(), report_id)
    if head is None or head.report is None or head.report.first_submitted_at is None:
        raise NotFound(_("Laporan itu tidak ada, atau belum dikirim."))
    return head


@bp.get("/laporan/<report_id>/percakapan")
@web.signed_in
def thread(report_id: str) -> ResponseReturnValue:
    """Everything that was said and done about a report, newest first; the form above it."""
    form = CommentForm(formdata=None)
    form.text.data = PREFILLED.get(flask.request.args.get("kepada", ""), "")
    return _show(_head(report_id), form)


def _show(head: ReportHead, form: CommentForm) -> str:
    viewer = web.viewer()
    form.form_key.data = secrets.token_urlsafe(16)
    is_secretariat = side_of(viewer.kind) is Addressee.SECRETARIAT
    return flask.render_template(
        "reporting/threads/thread.html",
        page=head,
        form=form,
        history=timeline.of_report(
            viewer, head, submissions(viewer, head), related_to(viewer, head)
        ),
        may_write=viewer.may(Permission.COMMENT_ON_REPORTS),
        other_side="@narahubung" if is_secretariat else "@sekretariat",
        done=flask.request.args.get("selesai") == "1",
    )


@bp.post("/laporan/<report_id>/percakapan")
@web.requires(Permission.COMMENT_ON_REPORTS)
def comment(report_id: str) -> ResponseReturnValue:
    """Add a comment."""
    head = _head(report_id)
    form = CommentForm()
    if form.validate():
        try:
            service.write_comment(
                report_id, form.text.data or "", form_key=form.form_key.data, by=web.viewer()
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            target = flask.url_for("reporting.threads.thread", report_id=report_id, selesai=1)
            return flask.redirect(target, 303)
    return _show(head, form), 422
