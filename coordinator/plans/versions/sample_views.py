"""The sample plan: what it is, the button that loads it, and the one that removes it."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.permissions import Permission
from coordinator.plans.versions import labels, sample_queries, sample_service
from coordinator.plans.versions.blueprint import bp


@bp.get("/rencana/contoh")
@web.requires(Permission.EDIT_PLAN)
def sample() -> ResponseReturnValue:
    """Whether the sample plan is there, and what the viewer may do about it."""
    found = sample_queries.sample_plan(web.viewer())
    return flask.render_template(
        "plans/versions/sample.html",
        found=found,
        why=labels.resting_sentence(found.rests) if found.rests else "",
    )


@bp.post("/rencana/contoh/muat")
@web.requires(Permission.EDIT_PLAN)
def load_sample() -> ResponseReturnValue:
    """Put the sample plan in force."""
    sample_service.load_sample_plan(by=web.viewer())
    return flask.redirect(flask.url_for("plans.versions.sample", selesai="dimuat"), 303)


@bp.post("/rencana/contoh/hapus")
@web.requires(Permission.EDIT_PLAN)
def remove_sample() -> ResponseReturnValue:
    """Remove the sample plan."""
    sample_service.remove_sample_plan(by=web.viewer())
    return flask.redirect(flask.url_for("plans.versions.sample", selesai="dihapus"), 303)
