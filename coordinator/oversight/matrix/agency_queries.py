"""The page behind a cell: each obligation of an agency with its report."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import (
    disputed_parties,
    due_on_column,
    extension_join,
)
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem, Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.queries import latest_revision_ids
from coordinator.reporting.reports.rules import ReportKind, ReportState, SubmittedVia
from coordinator.reporting.reports.verified_values import standing_verdict_on, verified_of


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """One obligation of an agency, for the page behind a cell."""

    public_id: str
    title: str
    numeral: str
    working_group: str
    kind: PartyKind
    due_on: date
    state: ReportState | None
    report_kind: ReportKind | None
    is_disputed: bool
    is_on_behalf: bool
    note: str  # of the newest submission
    # (value, unit) of each indicator: what the newest submission says, what was verified of it.
    reported: list[tuple[Decimal, str]]
    verified: list[tuple[Decimal, str]]


def agency_lines(
    viewer: Viewer, agency: Agency, period: ReportingPeriod, *, working_group: str = ""
) -> list[ObligationLine]:
    """Return an agency's obligations in a period, reported and verified apart."""
    disputes = disputed_parties(viewer.own_task_force_id)
    newest = (
        latest_revision_ids()
        .where(ReportRevision.report_id == Report.id)
        .correlate(Report)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Obligation.public_id,
            Obligation.party_id,
            title_column(),
            WorkingGroup.numeral,
            WorkingGroup.short,
            AssignmentParty.kind,
            due_on_column().label("due_on"),
            Report.id.label("report_id"),
            Report.state,
            Report.kind.label("report_kind"),
            ReportRevision.via,
            ReportRevision.note,
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(ReportRevision, ReportRevision.id == newest)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.agency_id == agency.id,
            Obligation.period_id == period.id,
            Obligation.ended_as.is_(None),
        )
        .order_by(WorkingGroup.position, AssignmentParty.kind, Obligation.id)
    )
    if working_group:
        query = query.where(WorkingGroup.key == working_group)
    rows = db.session.execute(query).all()
    values = _values([row.report_id for row in rows if row.report_id])
    return [
        ObligationLine(
            public_id=row.public_id,
            title=row.title,
            numeral=row.numeral,
            working_group=row.short,
            kind=row.kind,
            due_on=row.due_on,
            state=row.state,
            report_kind=row.report_kind,
            is_disputed=disputes.covers(row.party_id, period.id),
            is_on_behalf=row.via is SubmittedVia.ON_BEHALF,
            note=row.note or "",
            reported=[(value, unit) for value, _ok, unit in values[row.report_id]],
            verified=[(ok, unit) for _value, ok, unit in values[row.report_id] if ok is not None],
        )
        for row in rows
    ]


def _values(report_ids: list[int]) -> dict[int | None, list[tuple[Decimal, Decimal | None, str]]]:
    """Return (reported, verified, unit) per indicator of each report's newest submission."""
    newest = latest_revision_ids().where(ReportRevision.report_id.in_(report_ids))
    found: dict[int | None, list[tuple[Decimal, Decimal | None, str]]] = defaultdict(list)
    for report_id, value, verified, unit in db.session.execute(
        sa.select(
            ReportRevision.report_id, IndicatorValue.value, VerifiedValue.value, Indicator.unit
        )
        .join(IndicatorValue, IndicatorValue.revision_id == ReportRevision.id)
        .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .outerjoin(Verification, standing_verdict_on(ReportRevision.id))
        .outerjoin(VerifiedValue, verified_of(Indicator.id))
        .where(ReportRevision.id.in_(newest))
        .order_by(ReportRevision.report_id, Indicator.position)
    ):
        found[report_id].append((value, verified, unit))
    return found
