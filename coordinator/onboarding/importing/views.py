"""Uploading a list of people."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.permissions import Permission

bp = flask.Blueprint("importing", __name__)


@bp.get("/orang/impor")
@web.requires(Permission.KEEP_CONTACTS)
def upload() -> ResponseReturnValue:
    """Choose a file."""
    return ""
