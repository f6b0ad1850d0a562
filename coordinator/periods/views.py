"""The periods with their windows and extensions."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.periods import queries
from coordinator.periods.words import state_labels
from coordinator.permissions import Permission

bp = flask.Blueprint("periods", __name__)


@bp.get("/periode")
@web.requires(Permission.SEE_PERIODS)
def periods() -> ResponseReturnValue:
    """The periods with their windows and extensions."""
    viewer = web.viewer()
    return flask.render_template(
        "periods/list.html",
        periods=queries.periods(viewer),
        counts=queries.obligation_counts(viewer),
        extensions=queries.extensions(viewer),
        may_run=viewer.may(Permission.RUN_PERIODS),
        planned=queries.planned_periods(viewer) if viewer.may(Permission.RUN_PERIODS) else [],
        states=state_labels(),
        on=today(viewer.zone),
    )
