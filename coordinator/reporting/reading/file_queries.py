"""The files of one report: of its submissions, of its draft, and where else they serve."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.version_names import AgencyVersionNames
from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.rules import IMAGE_TYPES
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.queries import sight, visible_use
from coordinator.reporting.reading.rows import FileRow, Files, OtherUseRow, SubmissionRow
from coordinator.reporting.reports.models import DraftEvidence, RevisionEvidence

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
    names = AgencyVersionNames(viewer.own_task_force_id, newest)
    return tuple(
        _file(rows[0], tuple(_use(row, names) for row in rows if row.report_id is not None))
        for rows in by_file.values()
    )


def _use(row: Any, names: AgencyVersionNames) -> OtherUseRow:
    present = AgencyName(
        id=row.agency_id,
        slug=row.slug,
        abbreviation=row.abbreviation,
        name=row.agency_name,
        is_court=row.agency_kind is AgencyKind.PENGADILAN,
    )
    return OtherUseRow(
        report_id=row.report_id,
        agency=names.agency(row.mapping_version, present).abbreviation,
        period=f"{row.label} {row.year}",
    )


def _file(row: Any, uses: tuple[OtherUseRow, ...] = ()) -> FileRow:
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
