"""The button on /surel."""

from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import Conflict
from coordinator.permissions import Permission
from coordinator.platform.holding import service
from coordinator.translation import gettext as _

bp = flask.Blueprint("holding", __name__)


@bp.post("/surel/lepas")
@web.requires(Permission.CONFIRM_CLOCK)
def confirm_clock() -> ResponseReturnValue:
    """Say that the server's clock is right: reminders and mail go on."""
    service.confirm_clock(
        flask.current_app.config["SETTINGS"].data_dir,
        shown_at=_read(flask.request.form.get("jam", "")),
        by=web.viewer(),
    )
    return flask.redirect(flask.url_for("platform.mail.outbox", selesai="lepas"), 303)


def _read(text: str) -> datetime:
    refused = Conflict(_("Buka halaman Email keluar, baca jam server, lalu lepaskan dari sana."))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refused from None
    if found.tzinfo is None:
        raise refused
    return found
