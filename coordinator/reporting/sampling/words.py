"""Findings in Indonesian."""

from flask_babel import gettext as _

from coordinator.reporting.sampling.rules import FindingKind


def finding_labels() -> dict[FindingKind, str]:
    """Return the words for what the auditor found."""
    return {FindingKind.CONFORMS: _("Sesuai"), FindingKind.FINDING: _("Temuan")}
