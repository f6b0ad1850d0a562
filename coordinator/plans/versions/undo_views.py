"""Taking a version of a plan back, after a page that says what comes back."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.replanning.queries import all_replanned
from coordinator.clock import now
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.permissions import Permission
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import counted
from coordinator.plans.actions.document import head_of
from coordinator.plans.versions import labels, queries, service
from coordinator.plans.versions.blueprint import bp
from coordinator.plans.versions.held_queries import all_held_by_version
from coordinator.plans.versions.notices import mails_of_undoing
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.thread_queries import all_states
from coordinator.translation import gettext as _


@bp.route("/rencana/versi/<key>/<int:number>/urungkan", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def undo(key: str, number: int) -> ResponseReturnValue:
    """Show what taking a version back does, then take it back: within a day."""
    viewer = web.viewer()
    if flask.request.method == "POST":
        done = service.undo(key, number, by=viewer)
        address = flask.url_for(
            "plans.versions.version", key=key, number=done.number, diurungkan=number
        )
        return flask.redirect(address, 303)
    found, plan = plans.version(viewer, key, number), plans.plan(viewer, key)
    if found is None or plan is None:
        raise NotFound(_("Versi itu tidak ada."))
    if not queries.may_edit(viewer, plan.task_force_id):
        raise NotAllowed(_("Rencana ini tidak Anda ubah."))
    if not queries.may_undo(found, at=now()):
        raise Conflict(_("Waktu untuk mengurungkan sudah lewat, atau ada versi yang lebih baru."))
    replanned = all_replanned(found.id)
    closed = sum(row.assignment.closed_at is not None for row in replanned)
    return flask.render_template(
        "plans/versions/undo.html",
        version=found,
        plan=plan,
        title=head_of(found.content).title,
        counts=counted(queries.changes(plan.id, number - 1, number)),
        changes=labels.change_labels(),
        closed=closed,
        retargeted=len(replanned) - closed,
        overtaken=[row.assignment for row in replanned if row.assignment.version != row.version],
        held=all_held_by_version(found),
        cancelled=all_states(queries.mail_thread(key, number)).get(MailState.QUEUED, 0),
        mails=mails_of_undoing(plan, found, viewer.own_task_force_id),
    )
