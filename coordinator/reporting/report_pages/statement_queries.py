"""The two statements of "Tugas saya", built once.

`HEAD` reads what is shown above and next to the rows; `LINES` reads a page of rows with the counts
of all rows.
"""

from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import extension_join
from coordinator.assignments.queries import title_column
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.reports.evidence_marks import MARK
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.queries import is_latest_revision
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.reports.task_queries import (
    IS_DISPUTED,
    IS_LOCKED,
    IS_UNSENT,
    LAST_DAY,
    is_open,
)


class TaskPart(IntEnum):
    """The parts of the page, in their order. A report that waits for its head's approval is in two
    of them for the head: to be approved, and among what the agency itself need not act on."""

    FOR_HEAD = 0
    TYPED = 1
    LATE = 2
    SOON = 3
    LATER = 4
    QUIET = 5


OPEN_PARTS = (TaskPart.LATE, TaskPart.SOON, TaskPart.LATER)


_AGENCY = sa.bindparam("agency_id", type_=sa.Integer)
_TASK_FORCE = sa.bindparam("task_force_id", type_=sa.Integer)
_NEWEST = sa.bindparam("newest", type_=sa.Integer)


def _head() -> sa.Select[*tuple[Any, ...]]:
    newest = (
        sa.select(ReportingPeriod.id)
        .where(ReportingPeriod.task_force_id == _TASK_FORCE, ReportingPeriod.opened_at.is_not(None))
        .order_by(ReportingPeriod.covers_from.desc(), ReportingPeriod.id.desc())
        .limit(1)
    )
    held = (
        sa.select(DutyRevision.working_group_id)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(
            DutyRevision.agency_id == _AGENCY,
            DutyRevision.until.is_(None),
            Duty.task_force_id == _TASK_FORCE,
        )
        .subquery()
    )
    group = held.c.working_group_id
    return (
        sa.select(
            ReportingPeriod.id.label("period_id"),
            ReportingPeriod.label,
            ReportingPeriod.year,
            Agency.slug,
            Agency.abbreviation,
            Agency.name,
            sa.select(sa.func.count(group)).scalar_subquery().label("duties"),
            sa.select(sa.func.count(group.distinct())).scalar_subquery().label("groups"),
        )
        .select_from(TaskForce)
        .outerjoin(Agency, Agency.id == _AGENCY)
        .outerjoin(ReportingPeriod, ReportingPeriod.id == newest.scalar_subquery())
        .where(TaskForce.id == _TASK_FORCE)
    )


def _owed() -> sa.CTE:
    """Return the agency's obligations that are on the page, by two indexes.

    Those are the ones not sent, of all periods, and those of the newest period.
    """
    in_force = sa.and_(
        Obligation.agency_id == _AGENCY,
        Obligation.task_force_id == _TASK_FORCE,
        Obligation.ended_as.is_(None),
    )
    found = sa.union(
        sa.select(Obligation.id).where(in_force, IS_UNSENT),
        sa.select(Obligation.id).where(in_force, Obligation.period_id == _NEWEST),
    )
    return (
        sa.select(
            Obligation.id,
            LAST_DAY.label("last_day"),
            Report.state,
            IS_LOCKED.label("is_locked"),
            IS_DISPUTED.label("is_disputed"),
        )
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.id.in_(found.scalar_subquery()),
            sa.or_(Obligation.period_id == _NEWEST, ~IS_LOCKED),
        )
        .cte("owed")
    )


def _typed() -> sa.Select[*tuple[Any, ...]]:
    """Return what was typed for the agency and it has not answered, oldest first.

    A report returned to the agency is revised or sent again, so it is not asked to confirm it.
    """
    return (
        sa.select(
            sa.literal(TaskPart.TYPED.value),
            *(Obligation.id, sa.cast(sa.null(), sa.Date), ReportRevision.id),
            *(sa.false(), sa.false()),
        )
        .select_from(PaperReport)
        .outerjoin(ReportRevision, ReportRevision.id == PaperReport.revision_id)
        .outerjoin(Report, Report.id == ReportRevision.report_id)
        .outerjoin(Obligation, Obligation.id == Report.obligation_id)
        .where(
            PaperReport.answer.is_(None),
            # Every paper has an obligation. This keeps the engine from starting at the agency's
            # obligations, or at all reports that were sent, instead of at the few open papers.
            sa.func.coalesce(Obligation.agency_id, -1) == _AGENCY,
            sa.func.coalesce(Obligation.task_force_id, -1) == _TASK_FORCE,
            sa.func.coalesce(Report.state, "").in_((ReportState.SUBMITTED, ReportState.VERIFIED)),
            is_latest_revision(),
        )
    )


def _lines() -> sa.Select[*tuple[Any, ...]]:
    """Return the page's rows, each with the row counts of every part; without rows, the counts."""
    owed, on = _owed().c, sa.bindparam("on", type_=sa.Date)
    part = sa.case(
        (~is_open(owed.state, owed.is_locked, owed.is_disputed), TaskPart.QUIET.value),
        (owed.last_day < on, TaskPart.LATE.value),
        (owed.last_day <= sa.bindparam("soon", type_=sa.Date), TaskPart.SOON.value),
        else_=TaskPart.LATER.value,
    )
    waits_for_head = sa.and_(owed.state == ReportState.AWAITING_HEAD, ~owed.is_locked)
    columns = (owed.id, owed.last_day, owed.id.label("tie"), owed.is_locked, owed.is_disputed)
    line = sa.union_all(
        sa.select(part.label("part"), *columns),
        sa.select(sa.literal(TaskPart.FOR_HEAD.value), *columns).where(
            waits_for_head, sa.bindparam("approves", type_=sa.Boolean)
        ),
        _typed(),
    ).cte("line")
    order = (line.c.part, line.c.last_day, line.c.tie)
    counts = sa.select(
        *(
            sa.func.count(sa.case((line.c.part == one.value, 1))).label(f"count_{one.value}")
            for one in TaskPart
        )
    ).subquery("counts")
    shown = (
        sa.select(line)
        .order_by(*order)
        .limit(sa.bindparam("size", type_=sa.Integer))
        .offset(sa.bindparam("skip", type_=sa.Integer))
        .subquery("shown")
    )
    lead = aliased(AssignmentParty)
    lead_id = (
        sa.select(lead.agency_id)
        .where(
            lead.assignment_id == AssignmentParty.assignment_id,
            lead.kind == PartyKind.LEAD,
            lead.ended_at.is_(None),
        )
        .correlate(AssignmentParty)
        .scalar_subquery()
    )
    return (
        sa.select(
            *counts.c,
            shown.c.part,
            Obligation.public_id,
            Report.number,
            title_column(),
            WorkingGroup.short,
            WorkingGroup.numeral,
            AssignmentParty.kind.label("party_kind"),
            sa.case((AssignmentParty.kind == PartyKind.SUPPORT, lead_id)).label("lead_id"),
            ReportingPeriod.label,
            ReportingPeriod.year,
            ReportingPeriod.mapping_version,
            shown.c.last_day,
            Report.state,
            Report.kind.label("report_kind"),
            Report.submitted_at,
            Report.verified_at,
            shown.c.is_locked,
            shown.c.is_disputed,
            sa.case((Report.state == ReportState.VERIFIED, MARK)).label("mark"),
        )
        .select_from(counts)
        .outerjoin(shown, sa.true())
        .outerjoin(Obligation, Obligation.id == shown.c.id)
        .outerjoin(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .outerjoin(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .outerjoin(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .outerjoin(ActionItem, ActionItem.id == Assignment.action_item_id)
        .order_by(shown.c.part, shown.c.last_day, shown.c.tie)
    )


HEAD = _head()
LINES = _lines()
