"""The list of assignments."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments import queries
from coordinator.assignments.pages.blueprint import bp
from coordinator.mapping.duties import queries as duty_queries
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.translation import gettext as _


@bp.get("/penugasan")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignments() -> ResponseReturnValue:
    """The open (or closed) assignments, the nearest due date first unless asked otherwise."""
    viewer = web.viewer()
    group_key = flask.request.args.get("pokja", "")
    slug = flask.request.args.get("instansi", "")
    page = page_number()
    closed = flask.request.args.get("keadaan") == "tutup"
    order = flask.request.args.get("urut", "")
    rows, total = queries.assignments(
        viewer, working_group=group_key, agency=slug, closed=closed, order=order, page=page
    )
    return flask.render_template(
        "assignments/pages/assignments.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        groups=duty_queries.working_groups(viewer),
        agencies=directory.agencies(viewer),
        group_key=group_key,
        slug=slug,
        closed=closed,
        order=order,
        orders=[
            ("", _("Batas waktu")),
            ("aksi", _("Urutan rencana")),
            ("pokja", _("Pokja")),
            ("baru", _("Terbaru ditugaskan")),
        ],
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
    )
