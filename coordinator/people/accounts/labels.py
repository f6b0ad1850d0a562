"""Labels of the kinds of access."""

from coordinator.permissions import AccessKind
from coordinator.translation import gettext as _


def access_labels() -> dict[AccessKind, str]:
    """Return the label of each kind of access."""
    return {
        AccessKind.SECRETARIAT: _("Sekretariat"),
        AccessKind.FOCAL_POINT: _("Narahubung OPD"),
        AccessKind.AGENCY_HEAD: _("Kepala OPD"),
        AccessKind.LEADERSHIP: _("Pimpinan daerah"),
        AccessKind.AUDITOR: _("Inspektorat (baca saja)"),
        AccessKind.ADMINISTRATOR: _("Administrator"),
    }
