"""What an agency owes: what is still open, and everything it was ever asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_on_column, extension_join, is_unclear
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import OPEN_STATES
from coordinator.reporting.reports.rules import ReportState

# Conditions and columns for queries that join ReportingPeriod and outer-join Extension and Report
# to Obligation.

# The day by which the agency must act: to revise what was returned, or to report.
LAST_DAY = sa.func.coalesce(Report.mend_by_on, due_on_column())
# `rules.is_locked`, in SQL.
IS_LOCKED = sa.and_(
    ReportingPeriod.closed_at.is_not(None),
    sa.or_(
        Report.id.is_(None),
        Report.state == ReportState.DRAFT,
        sa.and_(Report.state == ReportState.AWAITING_HEAD, Report.kind.is_(None)),
    ),
)
IS_DISPUTED = is_unclear(
    Obligation.party_id,
    Obligation.agency_id,
    Obligation.period_id,
    ReportingPeriod.mapping_version,
)
# What of an obligation in force the index `ix_obligation_unsent` holds; an agency's whole past is
# not read for what it owes today.
IS_UNSENT = sa.and_(~Obligation.is_sent, Obligation.ended_as.is_(None))


def is_open(
    state: sa.SQLColumnExpression[ReportState | None],
    is_locked: sa.ColumnElement[bool],
    is_disputed: sa.ColumnElement[bool],
) -> sa.ColumnElement[bool]:
    """Return the condition that the agency still has something to send."""
    return sa.and_(sa.or_(state.is_(None), state.in_(OPEN_STATES)), ~is_locked, ~is_disputed)


@dataclass(frozen=True, slots=True)
class Task:
    """An obligation with the state of its report."""

    public_id: str
    title: str
    working_group: str
    numeral: str
    period: str
    due_on: date
    last_day: date
    state: ReportState | None
    is_disputed: bool


def _tasks(viewer: Viewer, *conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Obligation.public_id,
            title_column(),
            WorkingGroup.short,
            WorkingGroup.numeral,
            ReportingPeriod.label,
            ReportingPeriod.year,
            due_on_column().label("due_on"),
            LAST_DAY.label("last_day"),
            Report.state,
            IS_DISPUTED.label("is_disputed"),
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.agency_id == viewer.own_agency_id,
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
            *conditions,
        )
    )


def _task(row: sa.Row[*tuple[Any, ...]]) -> Task:
    return Task(
        public_id=row.public_id,
        title=row.title,
        working_group=row.short,
        numeral=row.numeral,
        period=f"{row.label} {row.year}",
        due_on=row.due_on,
        last_day=row.last_day,
        state=row.state,
        is_disputed=row.is_disputed,
    )


def open_tasks(viewer: Viewer, *, most: int = 300) -> list[Task]:
    """Return what the viewer's agency still has to send, in any period, most urgent first."""
    still_open = is_open(Report.state, IS_LOCKED, IS_DISPUTED)
    query = _tasks(viewer, IS_UNSENT, still_open).order_by(LAST_DAY, Obligation.id)
    return [_task(row) for row in db.session.execute(query.limit(most))]


def past_tasks(viewer: Viewer, *, page: int, size: int = 50) -> tuple[list[Task], int]:
    """Return a page of everything the viewer's agency was ever asked, newest period first."""
    total = db.session.scalar(
        sa.select(sa.func.count()).where(
            Obligation.agency_id == viewer.own_agency_id,
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
        )
    )
    rows = db.session.execute(
        _tasks(viewer)
        .order_by(ReportingPeriod.covers_from.desc(), Obligation.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    return [_task(row) for row in rows], total or 0
