"""Own views: the bar on every list that can be kept, their page, saving and deleting."""

from dataclasses import dataclass

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput
from coordinator.forms import refuse
from coordinator.permissions import Viewer
from coordinator.platform.saved_views import queries, service
from coordinator.platform.saved_views.forms import ViewForm
from coordinator.platform.saved_views.models import SavedView
from coordinator.platform.saved_views.rules import PLACES

bp = flask.Blueprint("saved_views", __name__)


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar of the present page shows."""

    place: str
    query: str
    views: list[SavedView]
    current: SavedView | None


@bp.app_template_global("saved_views_bar")
def bar() -> Bar | None:
    """Return the bar of the present page; None where it is no list that can be kept."""
    viewer = getattr(flask_login.current_user, "viewer", None)
    place = flask.request.path
    if not isinstance(viewer, Viewer) or place not in PLACES:
        return None
    query = queries.kept_query(place, flask.request.query_string.decode(errors="replace"))
    own = queries.views(viewer, place=place)
    return Bar(place, query, own, next((one for one in own if one.query == query), None))


def _shown(form: ViewForm, status: int = 200) -> ResponseReturnValue:
    return flask.render_template(
        "platform/saved_views/views.html",
        views=queries.views(web.viewer()),
        form=form,
        done=flask.request.args.get("selesai", ""),
    ), status


@bp.get("/tampilan")
@web.signed_in
def saved_views() -> ResponseReturnValue:
    """The viewer's own views of all lists."""
    return _shown(ViewForm(formdata=None))


@bp.post("/tampilan")
@web.signed_in
def save_view() -> ResponseReturnValue:
    """Keep the list that was looked at, and go back to it."""
    form = ViewForm()
    if form.validate():
        try:
            view = service.save_view(
                form.place.data or "",
                form.query.data or "",
                (form.name.data or "").strip(),
                by=web.viewer(),
            )
            return flask.redirect(f"{view.place}?{view.query}", 303)
        except InvalidInput as error:
            refuse(form, error)
    return _shown(form, 422)


@bp.post("/tampilan/<view_id>/hapus")
@web.signed_in
def delete_view(view_id: str) -> ResponseReturnValue:
    """Let a view go; stay where the button was."""
    place = service.delete_view(view_id, by=web.viewer())
    if flask.request.form.get("dari") == "daftar":
        return flask.redirect(place, 303)
    return flask.redirect(flask.url_for("platform.saved_views.saved_views", selesai="hapus"), 303)
