"""The letterhead: its form with a preview, and the emblem's picture."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.people.directory import queries, service
from coordinator.people.directory.emblem import receive_emblem
from coordinator.people.directory.forms import LetterheadForm
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("directory", __name__)

EMBLEM_AGE = 300  # seconds


@bp.route("/pengaturan/kop", methods=["GET", "POST"])
@web.requires(Permission.EDIT_LETTERHEAD)
def letterhead() -> ResponseReturnValue:
    """Show and change the letterhead of the secretariat's own task force."""
    viewer = web.viewer()
    force = queries.task_force(viewer)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    letterhead = queries.letterhead(force)
    form = LetterheadForm()
    stale = False
    if flask.request.method == "GET":
        form.version.data = str(letterhead.version)
        form.heading.data = "\n".join(letterhead.lines)
        for name in ("address", "office", "telephone", "email", "hours"):
            form[name].data = getattr(letterhead, name)
    elif form.validate_on_submit():
        try:
            _save(form)
        except InvalidInput as error:
            refuse(form, error)
        except Conflict:
            stale = True
            form.version.raw_data = None  # the next press is meant to overwrite
            form.version.data = str(queries.letterhead(force).version)
        else:
            return flask.redirect(flask.url_for("people.directory.letterhead", selesai="1"), 303)
    return flask.render_template(
        "people/directory/letterhead.html",
        form=form,
        letterhead=letterhead,
        code=force.code,
        stale=stale,
        done=flask.request.args.get("selesai") == "1",
    ), (409 if stale else 422 if form.errors else 200)


def _save(form: LetterheadForm) -> None:
    upload = flask.request.files.get("emblem")
    emblem = receive_emblem(upload) if upload is not None and upload.filename else None
    heading = [line.strip() for line in (form.heading.data or "").splitlines() if line.strip()]
    service.save_letterhead(
        service.NewLetterhead(
            lines=tuple(heading),
            address=(form.address.data or "").strip(),
            office=(form.office.data or "").strip(),
            telephone=(form.telephone.data or "").strip(),
            email=(form.email.data or "").strip(),
            hours=(form.hours.data or "").strip(),
        ),
        emblem=emblem,
        drop_emblem=bool(form.without_emblem.data),
        version=whole(form.version.data),
        by=web.viewer(),
    )


@bp.get("/lambang/<code>.png")
@web.public
def emblem(code: str) -> ResponseReturnValue:
    """Return the emblem of a task force; it is public, because published cards show it."""
    picture = queries.emblem(code)
    if picture is None:
        raise NotFound(_("Lambang itu tidak ada."))
    response = flask.Response(picture, mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={EMBLEM_AGE}"
    return response
