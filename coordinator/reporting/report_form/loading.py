"""What the buttons of the form read before they write: rows, and the draft with its files where the
answer shows them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.errors import NotFound
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import DraftEvidence, Report
from coordinator.reporting.reports.queries import may_open
from coordinator.reporting.reports.rules import is_locked, may_edit


@dataclass(frozen=True, slots=True)
class Room:
    """Whether files can be laid beside a draft, and what lies there: the hashes of the files as
    they were received. Withdrawn files take no room."""

    agency_id: int
    may_write: bool
    received: tuple[str, ...]


def require_report(viewer: Viewer, report_id: str) -> None:
    """Raise NotFound where the viewer may not know of a report."""
    _row(viewer, report_id)


def room_beside(viewer: Viewer, report_id: str) -> Room:
    """Return what can be laid beside a draft. Raises NotFound."""
    row = _row(viewer, report_id)
    is_closed = is_locked(
        row.state,
        is_period_closed=row.closed_at is not None,
        was_sent=row.first_submitted_at is not None,
    )
    received = db.session.scalars(
        sa.select(Evidence.received_sha256)
        .join(DraftEvidence, DraftEvidence.evidence_id == Evidence.id)
        .where(DraftEvidence.report_id == row.id, Evidence.withdrawn_at.is_(None))
        .order_by(DraftEvidence.id)
    )
    return Room(
        agency_id=row.agency_id,
        may_write=viewer.may(Permission.WRITE_REPORTS)
        and row.agency_id == viewer.agency_id
        and row.ended_as is None
        and not is_closed
        and may_edit(row.state),
        received=tuple(received) if row.id is not None else (),
    )


def _row(viewer: Viewer, report_id: str) -> sa.Row[*tuple[Any, ...]]:
    row = db.session.execute(
        sa.select(
            Obligation.agency_id,
            Obligation.ended_as,
            ReportingPeriod.closed_at,
            Report.id,
            Report.state,
            Report.first_submitted_at,
        )
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.public_id == report_id, may_open(viewer))
    ).first()
    if row is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return row


def begun_report(viewer: Viewer, report_id: str) -> Report | None:
    """Return a report with its draft, None where nobody has begun it or the viewer may not know of
    it."""
    return db.session.scalar(
        sa.select(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Obligation.public_id == report_id, may_open(viewer))
        .options(
            selectinload(Report.draft_evidence)
            .joinedload(DraftEvidence.evidence)
            .joinedload(Evidence.file)
        )
    )
