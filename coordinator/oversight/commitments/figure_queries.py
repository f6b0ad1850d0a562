"""Reads for the figures of the list: what of a year's targets is verified."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.oversight.commitments.rules import YearFigure, of_the_year
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)


def in_lots(ids: list[int], size: int = 5_000) -> Iterable[list[int]]:
    """Return ids in lots that a statement can name."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def figures_of(
    viewer: Viewer, ids: list[int], year: int
) -> Callable[[int], tuple[YearFigure, ...]]:
    """Return what gives, by assignment id, the figures of its indicators that have a target in the
    year or a verified value, in the plan's order. One that left the plan is there for what was
    verified of it."""
    values: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    found: dict[int, list[YearFigure]] = defaultdict(list)
    for part in in_lots(ids):
        for assignment_id, indicator_id, value in db.session.execute(_verified(viewer, part, year)):
            values[assignment_id, indicator_id].append(value)
        for row in db.session.execute(_measured(viewer, part, year)):
            of_indicator = values[row.assignment_id, row.indicator_id]
            if of_indicator or (row.target is not None and row.left_in is None):
                verified = of_the_year(of_indicator, row.kind, row.accumulation)
                found[row.assignment_id].append(
                    YearFigure(row.name, row.unit, row.kind, row.better, verified, row.target)
                )
    return lambda assignment_id: tuple(found.get(assignment_id, ()))


def _measured(viewer: Viewer, ids: list[int], year: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Assignment.id.label("assignment_id"),
            Indicator.id.label("indicator_id"),
            Indicator.name,
            Indicator.unit,
            Indicator.kind,
            Indicator.better,
            Indicator.accumulation,
            Indicator.left_in,
            AssignmentTarget.value.label("target"),
        )
        .join(Indicator, Indicator.action_item_id == Assignment.action_item_id)
        .outerjoin(
            AssignmentTarget,
            sa.and_(
                AssignmentTarget.assignment_id == Assignment.id,
                AssignmentTarget.indicator_id == Indicator.id,
                AssignmentTarget.year == year,
                AssignmentTarget.period_id.is_(None),
            ),
        )
        .where(
            Assignment.id.in_(ids),
            Assignment.task_force_id == viewer.own_task_force_id,
        )
        .order_by(Assignment.id, Indicator.position, Indicator.id)
    )


def _verified(viewer: Viewer, ids: list[int], year: int) -> sa.Select[*tuple[Any, ...]]:
    """What was verified of the leads' reports of a year, earlier leads' too.

    Verdicts that were taken back do not count, and a supporter's number is never the lead's.
    """
    return (
        sa.select(AssignmentParty.assignment_id, VerifiedValue.indicator_id, VerifiedValue.value)
        .join(Obligation, Obligation.party_id == AssignmentParty.id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(ReportRevision, ReportRevision.report_id == Report.id)
        .join(Verification, Verification.revision_id == ReportRevision.id)
        .join(VerifiedValue, VerifiedValue.verification_id == Verification.id)
        .where(
            AssignmentParty.assignment_id.in_(ids),
            Obligation.task_force_id == viewer.own_task_force_id,
            AssignmentParty.kind == PartyKind.LEAD,
            ReportingPeriod.year == year,
            Verification.reopened_at.is_(None),
        )
        .order_by(ReportingPeriod.covers_until, Obligation.id)
    )
