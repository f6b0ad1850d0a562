"""Watching long work, cancelling it, fetching what it made."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.errors import NotFound
from coordinator.platform.audit.access import log_access
from coordinator.platform.background_jobs import queries, service, storage
from coordinator.platform.background_jobs.models import BackgroundTask
from coordinator.platform.background_jobs.rules import ENDED, TaskState, share
from coordinator.translation import gettext as _

bp = flask.Blueprint("background_jobs", __name__)


def _task(task_id: str) -> BackgroundTask:
    found = queries.task(web.viewer(), task_id)
    if found is None:
        raise NotFound(_("Pekerjaan itu tidak ada."))
    return found


@bp.get("/pekerjaan")
@web.signed_in
def tasks() -> ResponseReturnValue:
    """One's own long work, newest first."""
    viewer = web.viewer()
    return flask.render_template(
        "platform/background_jobs/tasks.html",
        tasks=queries.recent_tasks(viewer),
        states=TaskState,
        zone=viewer.zone,
    )


@bp.get("/pekerjaan/<task_id>")
@web.signed_in
def task(task_id: str) -> ResponseReturnValue:
    """How far a piece of work is; its file once it is done."""
    found = _task(task_id)
    return flask.render_template(
        "platform/background_jobs/task.html",
        task=found,
        states=TaskState,
        share=share(found.done, found.total),
        has_ended=found.state in ENDED,
        has_file=found.result_name is not None and storage.path_of(found.public_id).exists(),
        zone=web.viewer().zone,
    )


@bp.get("/pekerjaan/<task_id>/keadaan")
@web.signed_in
def progress(task_id: str) -> ResponseReturnValue:
    """Return the part of the page that changes; when the work has ended, the page is reloaded."""
    found = _task(task_id)
    flask.g.without_frame = True
    response = flask.make_response(
        flask.render_template(
            "platform/background_jobs/progress.html",
            task=found,
            states=TaskState,
            share=share(found.done, found.total),
        )
    )
    if found.state in ENDED:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.get("/pekerjaan/<task_id>/berkas")
@web.signed_in
def result(task_id: str) -> ResponseReturnValue:
    """Return the file the work made, to anyone who may watch it."""
    found = _task(task_id)
    path = storage.path_of(found.public_id)
    if found.result_name is None or not path.exists():
        raise NotFound(
            _("Berkas ini belum ada, atau sudah dihapus setelah 24 jam. Buat sekali lagi.")
        )
    name, media_type, kind = found.result_name, found.result_type, found.kind
    log_access("export", by=web.viewer(), subject_id=f"{kind}/{task_id}")
    return edge.download(path, media_type or "application/octet-stream", name)


@bp.post("/pekerjaan/<task_id>/batal")
@web.signed_in
def cancel(task_id: str) -> ResponseReturnValue:
    """Cancel work that has not ended."""
    service.cancel(task_id, by=web.viewer())
    return flask.redirect(flask.url_for("platform.background_jobs.task", task_id=task_id), 303)
