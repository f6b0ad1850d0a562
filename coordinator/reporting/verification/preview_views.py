"""What can be seen of a file without downloading it: a small picture, the first words."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.errors import NotFound
from coordinator.platform.audit.access import log_access
from coordinator.platform.files import previewing
from coordinator.platform.files.handing_out import path_of, show
from coordinator.platform.files.models import StoredFile
from coordinator.reporting.evidence.handing_out import open_file
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.verification.blueprint import bp
from coordinator.translation import gettext as _


def _opened(evidence_id: str) -> tuple[Evidence, StoredFile]:
    """Return a file the viewer may open, with its bytes' row; who looks is logged."""
    one, file = open_file(web.viewer(), evidence_id)
    log_access("evidence_preview", by=web.viewer(), subject_id=evidence_id)
    return one, file


@bp.get("/bukti/<evidence_id>/gambar")
@web.signed_in
def picture(evidence_id: str) -> ResponseReturnValue:
    """A small picture, or one of those in a document (`n`); each view is logged.

    It is rendered for this page: the stored bytes are never sent.
    """
    _one, file = _opened(evidence_id)
    number = edge.query_number("n")
    data = previewing.picture(path_of(file), file.media_type, number)
    if data is None:
        raise NotFound(_("Berkas ini tidak dapat digambar. Unduh untuk melihatnya."))
    return show(data, "image/jpeg")


@bp.get("/bukti/<evidence_id>/isi")
@web.signed_in
def words(evidence_id: str) -> ResponseReturnValue:
    """The first words of a document as plain text on a page of ours. Who read them is logged."""
    one, file = _opened(evidence_id)
    is_image = file.is_picture
    return flask.render_template(
        "reporting/verification/words.html",
        evidence=one,
        is_image=is_image,
        beginning=None if is_image else previewing.beginning(path_of(file)),
    )
