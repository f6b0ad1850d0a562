"""What the agency said the period before: shown above the new question."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.periods.models import ReportingPeriod
from coordinator.reporting.reports.models import Report, ReportRevision, Withdrawal
from coordinator.reporting.reports.rules import ReportKind


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The newest submission of the party's nearest earlier period."""

    period: str
    kind: ReportKind
    contribution: Decimal | None
    note: str
    reason: str


def last_answer(party_id: int, period: ReportingPeriod) -> LastAnswer | None:
    """Return what the party last reported before `period`, or None."""
    row = db.session.execute(
        sa.select(ReportRevision, ReportingPeriod)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .where(
            Obligation.party_id == party_id,
            ReportingPeriod.covers_from < period.covers_from,
            Report.first_submitted_at.is_not(None),
            ~sa.exists().where(Withdrawal.revision_id == ReportRevision.id),
        )
        .order_by(ReportingPeriod.covers_from.desc(), ReportRevision.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    revision, before = row
    return LastAnswer(
        period=before.title,
        kind=revision.kind,
        contribution=revision.contribution,
        note=revision.note,
        reason=revision.nil_reason or revision.blocked_by or "",
    )
