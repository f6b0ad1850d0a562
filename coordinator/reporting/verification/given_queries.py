"""The verdict a verifier has just given, to say what was done and to offer to undo it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import ReportKind, ReportState, Verdict
from coordinator.reporting.reports.verified_values import verified_of


@dataclass(frozen=True, slots=True)
class GivenValue:
    """What was reported of one indicator, and what the verdict accepts of it."""

    reported: Decimal
    accepted: Decimal | None  # none where the report was returned
    unit: str
    kind: IndicatorKind


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A verdict of the viewer on the newest submission that they judged of a report."""

    public_id: str
    agency: str
    version: int
    state: ReportState
    saved_at: datetime
    kind: ReportKind
    verdict: Verdict
    decided_at: datetime
    mend_by_on: date | None
    values: tuple[GivenValue, ...]


def given_verdict(viewer: Viewer, public_id: str) -> GivenVerdict | None:
    """Return the viewer's newest verdict on a report of their task force, or None.

    A verdict that was taken back, or that somebody else gave, is none.
    """
    rows = db.session.execute(
        sa.select(
            Obligation.period_id,
            Obligation.agency_id,
            Report.version,
            Report.state,
            Report.saved_at,
            ReportRevision.id.label("revision_id"),
            ReportRevision.kind,
            Verification.verdict,
            Verification.decided_at,
            Verification.mend_by_on,
            IndicatorValue.value,
            VerifiedValue.value.label("accepted"),
            Indicator.unit,
            Indicator.kind.label("indicator_kind"),
        )
        .select_from(Verification)
        .join(ReportRevision, ReportRevision.id == Verification.revision_id)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .outerjoin(IndicatorValue, IndicatorValue.revision_id == ReportRevision.id)
        .outerjoin(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .outerjoin(VerifiedValue, verified_of(IndicatorValue.indicator_id))
        .where(
            Obligation.public_id == public_id,
            Obligation.task_force_id == viewer.own_task_force_id,
            Verification.verifier_id == (viewer.account_id or 0),
            Verification.reopened_at.is_(None),
        )
        .order_by(ReportRevision.number.desc(), IndicatorValue.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    agency = PeriodNames(viewer.own_task_force_id).agency(first.period_id, first.agency_id)
    return GivenVerdict(
        public_id=public_id,
        agency=agency.abbreviation,
        version=first.version,
        state=first.state,
        saved_at=first.saved_at,
        kind=first.kind,
        verdict=first.verdict,
        decided_at=first.decided_at,
        mend_by_on=first.mend_by_on,
        values=tuple(
            GivenValue(row.value, row.accepted, row.unit, row.indicator_kind)
            for row in rows
            if row.revision_id == first.revision_id and row.value is not None
        ),
    )
