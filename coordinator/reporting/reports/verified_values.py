"""Joining reported values with what was verified, leaving out verdicts that were taken back."""

import sqlalchemy as sa

from coordinator.reporting.reports.models import Verification, VerifiedValue

Column = sa.SQLColumnExpression[int] | sa.SQLColumnExpression[int | None]


def standing_verdict_on(revision_id: Column) -> sa.ColumnElement[bool]:
    """Return the condition by which a submission is joined with its `Verification`."""
    return sa.and_(Verification.revision_id == revision_id, Verification.reopened_at.is_(None))


def verified_of(indicator_id: Column) -> sa.ColumnElement[bool]:
    """Return the condition that joins an indicator with its value of the joined `Verification`."""
    return sa.and_(
        VerifiedValue.verification_id == Verification.id,
        VerifiedValue.indicator_id == indicator_id,
    )
