"""Rows for the form's page, and for the checks before files are attached to a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import extension_join
from coordinator.db import db
from coordinator.errors import NotFound
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem, Indicator
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reading.file_queries import files
from coordinator.reporting.reading.rows import FileRow, ReportHead
from coordinator.reporting.reports.models import DraftEvidence, HeadApproval, Report
from coordinator.reporting.reports.queries import may_open
from coordinator.reporting.reports.rules import is_locked, may_edit
from coordinator.reporting.settings.models import AgencyReporting
from coordinator.translation import gettext as _

VALUE = "value-"  # what the fields of indicators begin with, see `AskedIndicator.field`


@dataclass(frozen=True, slots=True)
class Room:
    """Whether files can be attached to a draft, and the hashes, as received, of those it has.
    Withdrawn files take no room."""

    agency_id: int
    may_write: bool
    received: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormerFigure:
    """A figure of a draft that is asked for no more: its indicator left the plan meanwhile."""

    name: str
    unit: str
    text: str


def former_figures(viewer: Viewer, head: ReportHead) -> list[FormerFigure]:
    """Return the figures of a draft about indicators that its form does not have; the head was read
    for the viewer."""
    draft = head.report.draft if head.report and viewer.own_task_force_id else {}
    asked = {one.id for one in head.indicators}
    typed = {
        int(name.removeprefix(VALUE)): text
        for name, text in draft.items()
        if name.startswith(VALUE) and name.removeprefix(VALUE).isdecimal() and text
    }
    gone = typed.keys() - asked
    if not gone:
        return []
    rows = db.session.execute(
        sa.select(Indicator.id, Indicator.name, Indicator.unit)
        .where(Indicator.id.in_(gone))
        .order_by(Indicator.position, Indicator.id)
    )
    return [FormerFigure(row.name, row.unit, typed[row.id]) for row in rows]


def require_report(viewer: Viewer, report_id: str) -> None:
    """Raise NotFound where the viewer may not know of a report."""
    _row(viewer, report_id)


def room_for_files(viewer: Viewer, report_id: str) -> Room:
    """Return whether files can be attached to a draft, and what it has. Raises NotFound."""
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


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """The legal minimum for an indicator."""

    value: Decimal
    article: str | None


@dataclass(frozen=True, slots=True)
class FormOnly:
    """What the form shows of a report besides its head."""

    question: str  # the plan's
    covers_from: date
    is_extended: bool
    mend_by_on: date | None
    has_files: bool
    was_before_head: bool
    wants_head: bool
    floors: Mapping[int, LegalMinimum]  # by indicator id; the lead's


_ONLY_HERE = (
    sa.select(
        ActionItem.question,
        ReportingPeriod.covers_from,
        Extension.until_on,
        Report.mend_by_on,
        sa.exists().where(DraftEvidence.report_id == Report.id).label("has_files"),
        sa.exists().where(HeadApproval.report_id == Report.id).label("was_before_head"),
        AgencyReporting.head_approves,
        Indicator.id.label("indicator_id"),
        Indicator.legal_floor,
        Indicator.legal_article,
    )
    .select_from(Obligation)
    .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
    .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
    .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
    .join(ActionItem, ActionItem.id == Assignment.action_item_id)
    .outerjoin(Extension, extension_join())
    .outerjoin(Report, Report.obligation_id == Obligation.id)
    .outerjoin(AgencyReporting, AgencyReporting.agency_id == Obligation.agency_id)
    .outerjoin(
        Indicator,
        sa.and_(Indicator.action_item_id == ActionItem.id, Indicator.legal_floor.is_not(None)),
    )
    .where(Obligation.id == sa.bindparam("obligation_id"))
)


def form_only(_viewer: Viewer, head: ReportHead) -> FormOnly:
    """Return what the form shows of a report whose head the viewer was given."""
    rows = db.session.execute(_ONLY_HERE, {"obligation_id": head.obligation_id}).all()
    row = rows[0]
    return FormOnly(
        question=row.question,
        covers_from=row.covers_from,
        is_extended=row.until_on == head.due_on,
        mend_by_on=row.mend_by_on,
        has_files=row.has_files,
        was_before_head=row.was_before_head,
        wants_head=bool(row.head_approves),
        floors={
            one.indicator_id: LegalMinimum(one.legal_floor, one.legal_article)
            for one in rows
            if one.indicator_id is not None
        },
    )


def draft_files(viewer: Viewer, head: ReportHead) -> tuple[FileRow, ...]:
    """Return the files of a draft of the viewer's agency."""
    if head.report is None:
        return ()
    return files(viewer, (), draft_of=head.report.id).of_draft
