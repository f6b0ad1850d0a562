"""Which verdicts rest on a file that is under review or was taken back since."""

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    RevisionEvidence,
    Verification,
)
from coordinator.reporting.reports.rules import ReportState, Verdict


class VerdictMark(StrEnum):
    """What has become of the evidence of a verified report since the verdict; the values are those
    of the tags (components/tags.html)."""

    REVIEWED = "evidence_reviewed"  # "bukti ditinjau"
    GONE = "evidence_gone"  # "bukti ditarik"


def verdict_marks(public_ids: Iterable[str]) -> dict[str, VerdictMark]:
    """Return the marks of verified reports, by the obligation's id in addresses; most have none.

    For pages that show the state of reports the viewer has already been found to may see.
    """
    rows = db.session.execute(
        sa.select(Obligation.public_id, MARK.label("mark"))
        .join(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.public_id.in_(list(public_ids)), Report.state == ReportState.VERIFIED)
    )
    return {public_id: VerdictMark(mark) for public_id, mark in rows if mark is not None}


def _mark() -> sa.ColumnElement[str | None]:
    is_reviewed = Evidence.review_id.is_not(None)
    mark = sa.func.max(
        sa.case((is_reviewed, VerdictMark.REVIEWED.value), else_=VerdictMark.GONE.value)
    )
    return (
        sa.select(mark)
        .select_from(ReportRevision)
        .join(Verification, Verification.revision_id == ReportRevision.id)
        .join(RevisionEvidence, RevisionEvidence.revision_id == ReportRevision.id)
        .join(Evidence, Evidence.id == RevisionEvidence.evidence_id)
        .where(
            ReportRevision.report_id == Report.id,
            Verification.verdict == Verdict.VERIFIED,
            Verification.reopened_at.is_(None),
            sa.or_(is_reviewed, Evidence.withdrawn_at >= Verification.decided_at),
        )
        .correlate(Report)
        .scalar_subquery()
    )


# The mark of a verified report as a column, or NULL; for queries that join Report. A review goes
# before a withdrawal: of the two values it is the greater in the alphabet.
MARK = _mark()
