"""Which indicators a report is about: those it was sent with, else those the plan has now.

A plan may replace an indicator at any time. What was sent before keeps its own, so that a period
that was reported reads as it was reported.
"""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.plans.actions.models import Indicator
from coordinator.reporting.reports.models import IndicatorValue, Report, ReportRevision


def all_measured_by_report() -> sa.ColumnElement[bool]:
    """Return the condition on `Indicator`, of the action of an obligation whose `Report` (if any)
    is joined, that the report is about it."""
    sent = (
        sa.select(IndicatorValue.indicator_id)
        .join(ReportRevision, ReportRevision.id == IndicatorValue.revision_id)
        .where(ReportRevision.report_id == Report.id)
        .correlate(Report)
    )
    return sa.or_(Indicator.id.in_(sent), sa.and_(Indicator.left_in.is_(None), ~sa.exists(sent)))


def all_measured(obligation_id: int, action_item_id: int) -> list[Indicator]:
    """Return the indicators that the report of a lead's obligation is about, in the plan's order.
    `action_item_id` is the obligation's own action."""
    return list(
        db.session.scalars(
            sa.select(Indicator)
            .outerjoin(Report, Report.obligation_id == obligation_id)
            .where(Indicator.action_item_id == action_item_id, all_measured_by_report())
            .order_by(Indicator.position, Indicator.id)
        )
    )
