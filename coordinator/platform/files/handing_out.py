"""The one place where stored bytes leave: as a download that no browser opens as a page.

Whether the viewer may have the file is decided by the caller, who knows what the file is for.
"""

from pathlib import Path

import flask

from coordinator import edge
from coordinator.errors import NotFound
from coordinator.permissions import Viewer
from coordinator.platform.audit.access import log_access
from coordinator.platform.files import storage
from coordinator.platform.files.models import StoredFile
from coordinator.translation import gettext as _

SANDBOX = "default-src 'none'; sandbox"


def path_of(file: StoredFile) -> Path:
    """Return where the bytes of a file are. Raises NotFound where they are missing."""
    path = storage.path_of(file.sha256)
    if not path.exists():
        raise NotFound(_("Berkas itu tidak ditemukan di penyimpanan. Beri tahu administrator."))
    return path


def hand_out(
    file: StoredFile, name: str, *, what: str, subject_id: str, by: Viewer
) -> flask.Response:
    """Return a file as a download under `name`, kept by no cache; who took it is logged as a
    reading of `what`. Raises NotFound, and logs nothing, where the bytes are missing."""
    path, media_type = path_of(file), file.media_type
    log_access(what, by=by, subject_id=subject_id)
    response = edge.download(path, media_type, name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def show(data: bytes, media_type: str) -> flask.Response:
    """Return what was drawn from a file, to be shown in a page of ours and kept by no cache."""
    response = flask.Response(data, mimetype=media_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
