"""What the agency said the period before: shown above the new question."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.periods.models import ReportingPeriod
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
    Withdrawal,
)
from coordinator.reporting.reports.rules import ReportKind
from coordinator.reporting.reports.verified_values import standing_verdict_on, verified_of


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The newest submission of the party's nearest earlier period."""

    period: str
    kind: ReportKind
    contribution: Decimal | None
    note: str
    reason: str


_LAST_ANSWER = (
    sa.select(
        ReportingPeriod.label,
        ReportingPeriod.year,
        ReportRevision.kind,
        ReportRevision.contribution,
        ReportRevision.note,
        ReportRevision.nil_reason,
        ReportRevision.blocked_by,
    )
    .join(Report, Report.id == ReportRevision.report_id)
    .join(Obligation, Obligation.id == Report.obligation_id)
    .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
    .where(
        Obligation.party_id == sa.bindparam("party_id"),
        ReportingPeriod.covers_from < sa.bindparam("covers_from"),
        Report.first_submitted_at.is_not(None),
        ~sa.exists().where(Withdrawal.revision_id == ReportRevision.id),
    )
    .order_by(ReportingPeriod.covers_from.desc(), ReportRevision.number.desc())
    .limit(1)
)


def last_answer(party_id: int, covers_from: date) -> LastAnswer | None:
    """Return what the party last reported before the period from `covers_from`, or None."""
    row = db.session.execute(
        _LAST_ANSWER, {"party_id": party_id, "covers_from": covers_from}
    ).first()
    if row is None:
        return None
    return LastAnswer(
        period=f"{row.label} {row.year}",
        kind=row.kind,
        contribution=row.contribution,
        note=row.note,
        reason=row.nil_reason or row.blocked_by or "",
    )


_PREVIOUS_VALUES = (
    sa.select(IndicatorValue.indicator_id, IndicatorValue.value, VerifiedValue.value)
    .outerjoin(Verification, standing_verdict_on(IndicatorValue.revision_id))
    .outerjoin(VerifiedValue, verified_of(IndicatorValue.indicator_id))
    .where(
        IndicatorValue.revision_id
        == sa.select(sa.func.max(ReportRevision.id))
        .where(
            ~sa.exists().where(Withdrawal.revision_id == ReportRevision.id),
            ReportRevision.report_id
            == sa.select(Report.id)
            .join(Obligation, Obligation.id == Report.obligation_id)
            .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
            .where(
                Obligation.party_id == sa.bindparam("party_id"),
                ReportingPeriod.covers_from < sa.bindparam("covers_from"),
                Report.first_submitted_at.is_not(None),
            )
            .order_by(ReportingPeriod.covers_from.desc())
            .limit(1)
            .scalar_subquery(),
        )
        .scalar_subquery()
    )
)


def previous_values(
    party_id: int, period: ReportingPeriod
) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Return what a party last reported before a period, by indicator: reported and verified."""
    rows = db.session.execute(
        _PREVIOUS_VALUES, {"party_id": party_id, "covers_from": period.covers_from}
    )
    return {indicator_id: (reported, verified) for indicator_id, reported, verified in rows}
