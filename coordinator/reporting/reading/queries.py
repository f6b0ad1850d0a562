"""What was sent of one report: its submissions with their numbers and verdicts, and its files."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.version_names import VersionNames
from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.rules import IMAGE_TYPES
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.queries import sight, visible_use
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.reading.rows import (
    AcceptedRow,
    FileRow,
    Files,
    IndicatorRow,
    PaperRow,
    ReportHead,
    ScanRow,
    SubmissionRow,
    Submissions,
    Use,
    ValueRow,
    VerdictRow,
    WithdrawalRow,
)
from coordinator.reporting.reports.models import (
    DraftEvidence,
    IndicatorValue,
    ReportRevision,
    RevisionEvidence,
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
    """Return what was sent of a report whose head the viewer was given; None where nobody has begun
    it."""
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


# --- files ---------------------------------------------------------------------------------------

# The files of some submissions, and of a draft (revision_id is empty).
_LINKS = sa.union_all(
    sa.select(
        RevisionEvidence.revision_id, RevisionEvidence.id, RevisionEvidence.evidence_id
    ).where(RevisionEvidence.revision_id.in_(sa.bindparam("revision_ids", expanding=True))),
    sa.select(sa.cast(sa.null(), sa.Integer), DraftEvidence.id, DraftEvidence.evidence_id).where(
        DraftEvidence.report_id == sa.bindparam("draft_of")
    ),
).subquery()

FILES = (
    sa.select(
        _LINKS.c.revision_id,
        Evidence.id,
        Evidence.public_id,
        Evidence.name,
        Evidence.size,
        Evidence.removed,
        Evidence.warnings,
        Evidence.check_state,
        Evidence.file_id,
        StoredFile.media_type,
        Evidence.review_id,
        Evidence.reuse_of_id,
        Evidence.reuse_reason,
        Evidence.acknowledged_at,
        Evidence.withdrawn_at,
        Evidence.withdrawn_reason,
    )
    .select_from(_LINKS)
    .join(Evidence, Evidence.id == _LINKS.c.evidence_id)
    .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
    .order_by(_LINKS.c.revision_id, _LINKS.c.id)
)

_OTHER = aliased(Evidence)

# The same with a row for each place where the file serves too, as far as the viewer may see.
FILES_WITH_USES = (
    FILES.add_columns(
        Obligation.public_id.label("report_id"),
        Obligation.task_force_id,
        ReportingPeriod.label,
        ReportingPeriod.year,
        ReportingPeriod.mapping_version,
        sa.select(sa.func.max(MappingVersion.number))
        .where(MappingVersion.task_force_id == Obligation.task_force_id)
        .scalar_subquery()
        .label("newest_version"),
        Agency.id.label("agency_id"),
        Agency.slug,
        Agency.abbreviation,
        Agency.name.label("agency_name"),
        Agency.kind.label("agency_kind"),
    )
    .outerjoin(
        _OTHER,
        sa.and_(
            Evidence.file_id.is_not(None),
            _OTHER.task_force_id == Evidence.task_force_id,
            _OTHER.id != Evidence.id,
            _OTHER.withdrawn_at.is_(None),
            sa.or_(
                _OTHER.file_id == Evidence.file_id,
                _OTHER.received_sha256 == Evidence.received_sha256,
            ),
            _OTHER.obligation_id.is_distinct_from(Evidence.obligation_id),
            visible_use(_OTHER),
        ),
    )
    .outerjoin(Obligation, Obligation.id == _OTHER.obligation_id)
    .outerjoin(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
    .outerjoin(Agency, Agency.id == _OTHER.agency_id)
    .order_by(_OTHER.id)
)


def files(
    _viewer: Viewer, shown: Iterable[SubmissionRow | None], *, draft_of: int | None = None
) -> Files:
    """Return the files of submissions that the viewer was given, and of the draft of the report
    `draft_of`: a draft is its agency's alone, the caller asks for it only then."""
    asked = {"revision_ids": [one.id for one in shown if one], "draft_of": draft_of or -1}
    of_draft: list[FileRow] = []
    found: dict[int, list[FileRow]] = {}
    for row in db.session.execute(FILES, asked):
        of = of_draft if row.revision_id is None else found.setdefault(row.revision_id, [])
        of.append(_file(row))
    return Files({key: tuple(rows) for key, rows in found.items()}, tuple(of_draft))


def files_with_uses(viewer: Viewer, submission: SubmissionRow) -> tuple[FileRow, ...]:
    """Return the files of a submission that the viewer was given, each with where else it serves,
    the earliest first, as far as the viewer may see."""
    asked = {"revision_ids": [submission.id], "draft_of": -1, **sight(viewer)}
    by_file: dict[int, list[Any]] = {}
    for row in db.session.execute(FILES_WITH_USES, asked):
        by_file.setdefault(row.id, []).append(row)
    known = [row for rows in by_file.values() for row in rows if row.report_id is not None]
    newest = known[0].newest_version if known else None
    names = VersionNames(viewer.own_task_force_id, newest)
    return tuple(
        _file(rows[0], tuple(_use(row, names) for row in rows if row.report_id is not None))
        for rows in by_file.values()
    )


def _use(row: Any, names: VersionNames) -> Use:
    present = AgencyName(
        id=row.agency_id,
        slug=row.slug,
        abbreviation=row.abbreviation,
        name=row.agency_name,
        is_court=row.agency_kind is AgencyKind.PENGADILAN,
    )
    called = names.agency(row.mapping_version, present)
    return Use(row.report_id, called.abbreviation, f"{row.label} {row.year}")


def _file(row: Any, uses: tuple[Use, ...] = ()) -> FileRow:
    return FileRow(
        public_id=row.public_id,
        name=row.name,
        size=row.size,
        removed=row.removed,
        warnings=row.warnings,
        check_state=row.check_state,
        file_id=row.file_id,
        is_picture=row.media_type in IMAGE_TYPES,
        is_hidden=row.review_id is not None,
        is_reused=row.reuse_of_id is not None,
        reuse_reason=row.reuse_reason,
        is_acknowledged=row.acknowledged_at is not None,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        uses=uses,
    )
