"""The audit trail."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.paging import page_number, pages
from coordinator.permissions import Permission
from coordinator.platform.audit import queries
from coordinator.platform.audit.labels import action_labels

bp = flask.Blueprint("audit", __name__)


@bp.get("/jejak")
@web.requires(Permission.SEE_AUDIT)
def trail() -> ResponseReturnValue:
    """Who changed what, newest first."""
    action = flask.request.args.get("tindakan", "")
    subject = flask.request.args.get("objek", "")
    page = page_number()
    rows, total = queries.trail(web.viewer(), action=action, subject=subject, page=page)
    return flask.render_template(
        "platform/audit/trail.html",
        rows=rows,
        names=queries.names_of(rows),
        total=total,
        page=page,
        pages=pages(total),
        action=action,
        subject=subject,
        labels=action_labels(),
    )
