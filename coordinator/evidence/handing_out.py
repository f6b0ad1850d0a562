"""The one place where the bytes of evidence leave: as a download that no browser opens as a page.

A use that is withdrawn or under review has no file here, whoever asks.
"""

from pathlib import Path

import flask
from flask_babel import gettext as _

from coordinator import edge
from coordinator.errors import NotFound
from coordinator.evidence import queries, storage, words
from coordinator.evidence.models import Evidence, StoredFile
from coordinator.permissions import Viewer


def opened(viewer: Viewer, evidence_id: str) -> tuple[Evidence, StoredFile]:
    """Return a use the viewer may open, with its bytes' row. Raises NotFound where they may not,
    it was withdrawn, is under review, or its bytes are missing."""
    one = queries.evidence(viewer, evidence_id)
    if one is None:
        raise NotFound(_("Berkas itu tidak ada, atau bukan untuk akses Anda."))
    if one.is_hidden:
        raise NotFound(words.under_review())
    if one.file is None:
        raise NotFound(_("Berkas ini sudah ditarik."))
    path_of(one.file)
    return one, one.file


def path_of(file: StoredFile) -> Path:
    """Return where the bytes of a file are. Raises NotFound where they are missing."""
    path = storage.path_of(file.sha256)
    if not path.exists():
        raise NotFound(_("Berkas itu tidak ditemukan di penyimpanan. Beri tahu administrator."))
    return path


def download(file: StoredFile, name: str) -> flask.Response:
    """Return the bytes of a file as a download under `name`, kept by no cache."""
    response = edge.download(path_of(file), file.media_type, name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
