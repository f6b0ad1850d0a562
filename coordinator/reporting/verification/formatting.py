"""The text of the verification page."""

from coordinator import formatting, screening
from coordinator.reporting.reading.rows import ReportHead, SubmissionRow
from coordinator.reporting.verification.verifier_queries import Desk
from coordinator.translation import gettext as _


def doubtful_text(revision: SubmissionRow) -> str:
    """Return in words what the detector asks a person to look at in a submission's own text."""
    texts = (revision.note, revision.place, revision.nil_reason, revision.blocked_by)
    kinds = {found.kind for text in texts for found in screening.findings(text or "")}
    return formatting.of_kinds(kinds)


def recipient_text(head: ReportHead, desk: Desk) -> str:
    """Return who would get the mail about a returned report, by function; "" where nobody."""
    functions = [
        *([_("narahubung")] if desk.has_focal_point else []),
        *([_("pengganti")] if desk.has_alternate else []),
    ]
    if not functions:
        return ""
    return _("%(who)s %(agency)s", who=_(" dan ").join(functions), agency=head.agency.abbreviation)
