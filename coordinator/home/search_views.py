"""The search of every signed-in person."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.home import search as searching
from coordinator.home.blueprint import bp
from coordinator.home.rules import LONGEST_QUERY
from coordinator.permissions import Permission


@bp.get("/cari")
@web.signed_in
def search() -> ResponseReturnValue:
    """What `q` finds among what the viewer may read."""
    viewer = web.viewer()
    query = flask.request.args.get("q", "").strip()[:LONGEST_QUERY]
    findings = searching.search(viewer, query)
    return flask.render_template(
        "home/search.html",
        query=query,
        found=findings.groups,
        total=findings.total,
        is_partial=findings.is_partial,
        may_search=viewer.may(Permission.SEE_MAPPING),
    )
