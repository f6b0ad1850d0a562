"""The leadership's first page: what waits for a decision, what is stuck, how the pokja stand."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import local, now, today
from coordinator.oversight.campaigns import queries as campaigns
from coordinator.oversight.matrix import queries as matrix_queries
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.stuck import formatting, queries
from coordinator.people.directory import queries as directory
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.reporting.decisions.queries import requests, waiting
from coordinator.reporting.decisions.rules import DecisionState

bp = flask.Blueprint("stuck", __name__)

SHOWN = 3  # decisions


@bp.get("/ringkasan")
@web.requires(Permission.SEE_MATRIX)
def summary() -> ResponseReturnValue:
    """Show on one sheet what the task force's leadership must know before a meeting."""
    viewer = web.viewer()
    on = today(viewer.zone)
    force = directory.task_force(viewer)
    period = periods.in_review(periods.periods(viewer), on)
    matrix = (
        matrix_queries.matrix(viewer, period, Layer.LAPOR, on=on) if period is not None else None
    )
    count, oldest = waiting(viewer)
    campaign = campaigns.running(viewer)
    late = queries.late_agencies(viewer, on)
    risen = queries.all_risen(force, late, on) if force else set()
    return flask.render_template(
        "oversight/stuck/summary.html",
        decisions=requests(viewer, DecisionState.OPEN, most=SHOWN) if count else [],
        decision_count=count,
        decision_days=(on - local(oldest, viewer.zone).date()).days if oldest else 0,
        may_decide=viewer.may(Permission.DECIDE_REQUESTS),
        late=sorted(late, key=lambda one: one.slug not in risen),
        days=max((one.days for one in late), default=0),
        risen=risen,
        blocked=queries.blocked_reports(viewer, on),
        answers=campaigns.summary(viewer, campaign),
        campaign=campaign,
        matrix=matrix,
        period=period,
        letterhead=directory.page_head(viewer),
        region=force.region if force else "",
        tasks_address=flask.current_app.config["SETTINGS"].base_url + "/tugas-saya",
        formatting=formatting,
        days_since=lambda moment: (on - local(moment, viewer.zone).date()).days,
        at=now(),
        on=on,
        zone=viewer.zone,
    )
