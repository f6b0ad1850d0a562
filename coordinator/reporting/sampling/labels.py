"""Labels of what the auditor found."""

from coordinator.reporting.sampling.rules import FindingKind
from coordinator.translation import gettext as _


def finding_labels() -> dict[FindingKind, str]:
    """Return the labels of what the auditor found."""
    return {FindingKind.CONFORMS: _("Sesuai"), FindingKind.FINDING: _("Temuan")}
