"""What may be opened of evidence. A use that is withdrawn or under review has no file here, whoever
asks."""

from flask_babel import gettext as _

from coordinator.errors import NotFound
from coordinator.evidence import queries, words
from coordinator.evidence.models import Evidence
from coordinator.files.handing_out import path_of
from coordinator.files.models import StoredFile
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
