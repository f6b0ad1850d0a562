"""The list of assignments."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments import queries
from coordinator.clock import today
from coordinator.directory import queries as directory
from coordinator.paging import page_number, pages
from coordinator.permissions import Permission
from coordinator.plan.rules import PartyKind
from coordinator.roles import queries as roles

bp = flask.Blueprint("assignments", __name__)


@bp.get("/penugasan")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignments() -> ResponseReturnValue:
    """The open assignments, the nearest due date first."""
    viewer = web.viewer()
    group_key = flask.request.args.get("pokja", "")
    slug = flask.request.args.get("instansi", "")
    page = page_number()
    rows, total = queries.assignments(viewer, working_group=group_key, agency=slug, page=page)
    return flask.render_template(
        "assignments/list.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        groups=roles.working_groups(viewer),
        agencies=directory.agencies(viewer),
        group_key=group_key,
        slug=slug,
        lead=PartyKind.LEAD,
        on=today(viewer.zone),
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
    )
