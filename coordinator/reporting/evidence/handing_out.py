"""What may be opened of evidence.

A use that is withdrawn or under review has no file here, regardless of who asks.
"""

from coordinator.errors import NotFound
from coordinator.permissions import Viewer
from coordinator.platform.files.handing_out import path_of
from coordinator.platform.files.models import StoredFile
from coordinator.reporting.evidence import labels, queries
from coordinator.reporting.evidence.models import Evidence
from coordinator.translation import gettext as _


def open_file(viewer: Viewer, evidence_id: str) -> tuple[Evidence, StoredFile]:
    """Return a use the viewer may open, with its bytes' row.

    Raises NotFound where they may not, it was withdrawn, is under review, or its bytes are missing.
    """
    one = queries.evidence(viewer, evidence_id)
    if one is None:
        raise NotFound(_("Berkas itu tidak ada, atau bukan untuk akses Anda."))
    if one.is_hidden:
        raise NotFound(labels.under_review())
    if one.file is None:
        raise NotFound(_("Berkas ini sudah ditarik."))
    path_of(one.file)
    return one, one.file
