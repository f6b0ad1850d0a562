"""The administrator's list of task forces: the first step of the first day."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.people.directory import task_forces as service
from coordinator.people.directory.queries import task_force_by_code
from coordinator.people.directory.rules import TaskForceState
from coordinator.people.onboarding import task_forces as queries
from coordinator.people.onboarding.blueprint import bp
from coordinator.people.onboarding.forms import RegionForm, TaskForceForm
from coordinator.permissions import Permission
from coordinator.translation import gettext as _


def _state_labels() -> dict[TaskForceState, str]:
    return {
        TaskForceState.NOT_STARTED: _("Belum ada pemetaan"),
        TaskForceState.DRAFTING: _("Pemetaan disusun"),
        TaskForceState.ACTIVE: _("Aktif"),
    }


@bp.route("/gugus-tugas", methods=["GET", "POST"])
@web.requires(Permission.KEEP_TASK_FORCES)
def task_forces() -> ResponseReturnValue:
    """List every task force, and add one."""
    viewer = web.viewer()
    form = TaskForceForm()
    if form.validate_on_submit():
        try:
            force = service.add_task_force(form.code.data or "", form.region.data or "", by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("people.onboarding.task_forces", selesai=force.code), 303
            )
    return flask.render_template(
        "people/onboarding/task_forces.html",
        form=form,
        rows=queries.task_forces(viewer, today(viewer.zone)),
        labels=_state_labels(),
        active=TaskForceState.ACTIVE,
        done=task_force_by_code(flask.request.args.get("selesai", "")),
    ), (422 if form.errors else 200)


@bp.route("/gugus-tugas/<code>", methods=["GET", "POST"])
@web.requires(Permission.KEEP_TASK_FORCES)
def task_force(code: str) -> ResponseReturnValue:
    """Correct a task force's name."""
    force = task_force_by_code(code)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    form = RegionForm(region=force.region)
    if form.validate_on_submit():
        try:
            service.rename_task_force(code, form.region.data or "", by=web.viewer())
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("people.onboarding.task_forces", selesai=code), 303)
    return flask.render_template("people/onboarding/task_force.html", form=form, force=force), (
        422 if form.errors else 200
    )
