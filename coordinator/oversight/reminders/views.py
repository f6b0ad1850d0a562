"""The ladder, and which reminders will be sent when."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.oversight.reminders import queries
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.permissions import AccessKind, Permission

bp = flask.Blueprint("reminders", __name__)
AHEAD = timedelta(days=45)


@bp.get("/pengingat")
@web.requires(Permission.SEE_REMINDERS)
def schedule() -> ResponseReturnValue:
    """Show every coming step: an agency sees its own, the secretariat all."""
    viewer = web.viewer()
    force = directory.task_force(viewer)
    on = today(viewer.zone)
    ladder = queries.steps(viewer.own_task_force_id)
    days_off = directory.days_off()
    owed = queries.due_reports(force) if force else []
    if viewer.kind is not AccessKind.SECRETARIAT:
        owed = [item for item in owed if item.agency_id == viewer.agency_id]
    coming = sorted(
        (
            (step_on(item.last_day, offset, days_off), offset, item)
            for item in owed
            for offset in ladder[item.subject]
        ),
        key=lambda step: (step[0], step[2].agency, step[2].obligation_id),
    )
    contacts = contacts_of_agencies({item.agency_id for item in owed}, on)
    return flask.render_template(
        "oversight/reminders/schedule.html",
        ladder=ladder,
        subjects=ReminderSubject,
        steps=[step for step in coming if on <= step[0] <= on + AHEAD],
        unreachable=sorted({i.agency for i in owed if not contacts[i.agency_id]}),
        on=on,
        is_secretariat=viewer.kind is AccessKind.SECRETARIAT,
        last_run=queries.last_run(viewer),
        zone=viewer.zone,
    )
