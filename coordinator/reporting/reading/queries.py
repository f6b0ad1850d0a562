"""What was sent of one report: its submissions with their numbers, verdicts and papers."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.reading.rows import (
    AcceptedRow,
    IndicatorRow,
    PaperRow,
    ReportHead,
    ScanRow,
    SubmissionRow,
    Submissions,
    ValueRow,
    VerdictRow,
    WithdrawalRow,
)
from coordinator.reporting.reports.models import (
    IndicatorValue,
    ReportRevision,
    RevisionOpening,
    Verification,
    VerifiedValue,
    Withdrawal,
)

_SCAN = aliased(Evidence)

# One row a number of a submission; one row of a submission without numbers.
SUBMISSIONS = (
    sa.select(
        ReportRevision.id,
        ReportRevision.number,
        ReportRevision.kind,
        ReportRevision.note,
        ReportRevision.place,
        ReportRevision.held_on,
        ReportRevision.nil_reason,
        ReportRevision.blocked_by,
        ReportRevision.contribution,
        ReportRevision.via,
        ReportRevision.submitted_at,
        ReportRevision.submitted_by_id,
        RevisionOpening.revision_id.label("opened_id"),
        Verification.id.label("verification_id"),
        Verification.verdict,
        Verification.decided_at,
        Verification.return_reason,
        Verification.shortfall_reason,
        Verification.remark,
        Verification.reopened_at,
        Verification.reopen_reason,
        Withdrawal.withdrawn_at,
        Withdrawal.is_objection,
        PaperReport.reference,
        PaperReport.dated_on,
        PaperReport.answer,
        PaperReport.answered_at,
        PaperReport.remark.label("paper_remark"),
        _SCAN.public_id.label("scan_public_id"),
        _SCAN.file_id.label("scan_file_id"),
        _SCAN.review_id.label("scan_review_id"),
        IndicatorValue.indicator_id,
        IndicatorValue.value,
        Indicator.name,
        Indicator.unit,
        Indicator.kind.label("indicator_kind"),
        VerifiedValue.value.label("accepted"),
    )
    .outerjoin(RevisionOpening, RevisionOpening.revision_id == ReportRevision.id)
    .outerjoin(Verification, Verification.revision_id == ReportRevision.id)
    .outerjoin(Withdrawal, Withdrawal.revision_id == ReportRevision.id)
    .outerjoin(PaperReport, PaperReport.revision_id == ReportRevision.id)
    .outerjoin(_SCAN, _SCAN.id == PaperReport.scan_id)
    .outerjoin(IndicatorValue, IndicatorValue.revision_id == ReportRevision.id)
    .outerjoin(Indicator, Indicator.id == IndicatorValue.indicator_id)
    .outerjoin(
        VerifiedValue,
        sa.and_(
            VerifiedValue.verification_id == Verification.id,
            VerifiedValue.indicator_id == IndicatorValue.indicator_id,
        ),
    )
    .where(ReportRevision.report_id == sa.bindparam("report_id"))
    .order_by(ReportRevision.number, IndicatorValue.id)
)


def submissions(_viewer: Viewer, head: ReportHead) -> Submissions | None:
    """Return the submissions of a report whose head the viewer was given; None if not begun."""
    if head.report is None:
        return None
    by_id: dict[int, list[Any]] = {}
    for row in db.session.execute(SUBMISSIONS, {"report_id": head.report.id}):
        by_id.setdefault(row.id, []).append(row)
    return Submissions(
        revisions=tuple(_submission(rows) for rows in by_id.values()),
        state=head.report.state,
        saved_at=head.report.saved_at,
    )


def _submission(rows: list[Any]) -> SubmissionRow:
    row = rows[0]
    numbers = [one for one in rows if one.indicator_id is not None]
    return SubmissionRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        note=row.note,
        place=row.place,
        held_on=row.held_on,
        nil_reason=row.nil_reason,
        blocked_by=row.blocked_by,
        contribution=row.contribution,
        via=row.via,
        submitted_at=row.submitted_at,
        submitted_by_id=row.submitted_by_id,
        is_opened=row.opened_id is not None,
        values=tuple(
            ValueRow(
                one.indicator_id,
                one.value,
                IndicatorRow(one.indicator_id, one.name, one.unit, one.indicator_kind),
            )
            for one in numbers
        ),
        verification=_verdict(row, numbers) if row.verification_id is not None else None,
        withdrawal=WithdrawalRow(row.withdrawn_at, row.is_objection)
        if row.withdrawn_at is not None
        else None,
        paper=_paper(row) if row.reference is not None else None,
    )


def _verdict(row: Any, numbers: list[Any]) -> VerdictRow:
    return VerdictRow(
        verdict=row.verdict,
        decided_at=row.decided_at,
        return_reason=row.return_reason,
        shortfall_reason=row.shortfall_reason,
        remark=row.remark,
        reopened_at=row.reopened_at,
        reopen_reason=row.reopen_reason,
        values=tuple(
            AcceptedRow(one.indicator_id, one.accepted)
            for one in numbers
            if one.accepted is not None
        ),
    )


def _paper(row: Any) -> PaperRow:
    return PaperRow(
        reference=row.reference,
        dated_on=row.dated_on,
        answer=row.answer,
        answered_at=row.answered_at,
        remark=row.paper_remark,
        scan=ScanRow(row.scan_public_id, row.scan_file_id, row.scan_review_id is not None),
    )
