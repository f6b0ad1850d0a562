"""The periods with their windows and extensions."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.obligations import queries as obligations
from coordinator.clock import today
from coordinator.oversight.opening.blueprint import bp
from coordinator.periods.labels import state_labels
from coordinator.periods.queries import periods as opened_periods
from coordinator.periods.queries import planned_periods
from coordinator.permissions import Permission


@bp.get("/periode")
@web.requires(Permission.SEE_PERIODS)
def periods() -> ResponseReturnValue:
    """List the periods with their windows and extensions."""
    viewer = web.viewer()
    return flask.render_template(
        "oversight/opening/periods.html",
        periods=opened_periods(viewer),
        counts=obligations.obligation_counts(viewer),
        extensions=obligations.extensions(viewer),
        may_run=viewer.may(Permission.RUN_PERIODS),
        planned=planned_periods(viewer) if viewer.may(Permission.RUN_PERIODS) else [],
        states=state_labels(),
        on=today(viewer.zone),
    )
