"""Reading what may be given, and what was given in one act."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from coordinator.assignments.changes.models import AssignmentBatch, AssignmentBatchItem, BasisFile
from coordinator.assignments.models import Assignment, AssignmentChange, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.queries import Workload, held_items, workloads
from coordinator.clock import is_within
from coordinator.db import db
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, Strategy
from coordinator.plans.actions.queries import may_be_assigned
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_wait
from coordinator.reporting.reports.models import Report

MOST_ITEMS = 5_000  # in one act


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency that may be given work, with what it holds now."""

    agency: Agency
    load: Workload


def choices(viewer: Viewer) -> list[AgencyChoice]:
    """Return the agencies of the viewer's task force that may be given work, by abbreviation.

    A court shares data only.
    """
    loads = workloads(viewer)
    return [
        AgencyChoice(agency, loads.get(agency.id, Workload()))
        for agency in directory.agencies(viewer)
        if not agency.is_court
    ]


def periods_to_join(assignment: Assignment, agency: Agency, on: date) -> list[ReportingPeriod]:
    """Return the open periods an assignment is reported in and this agency has not answered."""
    own = aliased(AssignmentParty)
    answered = (
        sa.select(Obligation.period_id)
        .join(own, own.id == Obligation.party_id)
        .where(
            own.assignment_id == assignment.id,
            own.agency_id == agency.id,
            Obligation.ended_as.is_(None),
        )
    )
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.closes_on >= on,
                ReportingPeriod.id.in_(
                    sa.select(Obligation.period_id)
                    .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
                    .where(AssignmentParty.assignment_id == assignment.id)
                ),
                ReportingPeriod.id.not_in(answered),
            )
            .order_by(ReportingPeriod.id)
        )
    )


# --- choosing many -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of the items nobody holds: by pokja (key), strategy (id), words; or by their ids.

    `to_propose`: which of the national plan's items instead, held here or not: what others may be
    asked to do.
    """

    working_group: str = ""
    strategy: int | None = None
    text: str = ""
    ids: tuple[str, ...] = ()
    to_propose: bool = False


def _free(viewer: Viewer, wanted: Filter) -> sa.Select[ActionItem]:
    query = (
        sa.select(ActionItem)
        .join(ActionItem.plan)
        .join(ActionItem.strategy)
        .where(may_be_assigned(viewer))
        .order_by(Plan.id, Strategy.number, ActionItem.position, ActionItem.id)
    )
    if wanted.to_propose:
        query = query.where(Plan.task_force_id.is_(None))
    else:
        query = query.where(
            ActionItem.id.not_in(
                sa.select(Assignment.action_item_id).where(
                    Assignment.task_force_id == viewer.own_task_force_id,
                    Assignment.closed_at.is_(None),
                )
            )
        )
    if wanted.working_group:
        query = query.where(ActionItem.working_group_key == wanted.working_group)
    if wanted.strategy is not None:
        query = query.where(ActionItem.strategy_id == wanted.strategy)
    for word in wanted.text.split():
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(sa.or_(ActionItem.title.ilike(like), ActionItem.code.ilike(like)))
    if wanted.ids:
        query = query.where(ActionItem.public_id.in_(wanted.ids))
    return query


def free_items(
    viewer: Viewer, wanted: Filter, *, page: int = 1, size: int = 100
) -> tuple[list[ActionItem], int]:
    """Return a page of the items of a choice, and how many there are."""
    query = _free(viewer, wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(joinedload(ActionItem.strategy), selectinload(ActionItem.candidates))
        .offset((page - 1) * size)
        .limit(size)
    )
    return list(rows), total


def items_to_give(viewer: Viewer, wanted: Filter) -> list[ActionItem]:
    """Return the free items of a choice with what giving them needs; at most MOST_ITEMS."""
    return list(
        db.session.scalars(
            _free(viewer, replace(wanted, to_propose=False))
            .options(
                selectinload(ActionItem.candidates),
                selectinload(ActionItem.duties),
                selectinload(ActionItem.indicators).selectinload(Indicator.targets),
            )
            .limit(MOST_ITEMS)
        )
    )


def items_to_propose(viewer: Viewer, wanted: Filter) -> tuple[list[ActionItem], int]:
    """Return the chosen items that are of a national plan, and how many others were chosen.

    A task force below does not read the plan of the one above it.
    """
    if wanted.ids:
        chosen = _free(viewer, Filter(ids=wanted.ids, to_propose=True))
        return list(db.session.scalars(chosen)), 0
    query = _free(viewer, wanted)
    others = query.where(Plan.task_force_id.is_not(None)).subquery()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(others)) or 0
    national = query.where(Plan.task_force_id.is_(None)).limit(MOST_ITEMS)
    return list(db.session.scalars(national)), count


def held_among(viewer: Viewer, ids: tuple[str, ...]) -> list[ActionItem]:
    """Return those of the chosen items (public ids) that somebody holds already."""
    return list(
        db.session.scalars(
            sa.select(ActionItem)
            .where(ActionItem.public_id.in_(ids), ActionItem.id.in_(held_items(viewer)))
            .order_by(ActionItem.position)
        )
    )


# --- what was given in one act -------------------------------------------------------------------


def batch(viewer: Viewer, public_id: str) -> AssignmentBatch | None:
    """Return a batch of the viewer's task force."""
    return db.session.scalar(
        sa.select(AssignmentBatch).where(
            AssignmentBatch.public_id == public_id,
            AssignmentBatch.task_force_id == viewer.own_task_force_id,
        )
    )


def batch_counts(found: AssignmentBatch) -> list[tuple[str, int, int]]:
    """Return (agency, assignments it leads, assignments it supports) of a batch, by agency."""
    leads = sa.func.sum(sa.case((AssignmentParty.kind == "lead", 1), else_=0))
    rows = db.session.execute(
        sa.select(Agency.abbreviation, leads, sa.func.count() - leads)
        .join(AssignmentParty, AssignmentParty.agency_id == Agency.id)
        .join(
            AssignmentBatchItem,
            AssignmentBatchItem.assignment_id == AssignmentParty.assignment_id,
        )
        .where(AssignmentBatchItem.batch_id == found.id)
        .group_by(Agency.id, Agency.abbreviation)
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def batch_size(found: AssignmentBatch) -> int:
    """Count the assignments of a batch."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(AssignmentBatchItem.batch_id == found.id)
        )
        or 0
    )


def batch_items(found: AssignmentBatch) -> list[tuple[int, int]]:
    """Return (assignment id, action item id) of a batch."""
    rows = db.session.execute(
        sa.select(Assignment.id, Assignment.action_item_id)
        .join(AssignmentBatchItem, AssignmentBatchItem.assignment_id == Assignment.id)
        .where(AssignmentBatchItem.batch_id == found.id)
    )
    return [(row[0], row[1]) for row in rows]


def may_undo(found: AssignmentBatch, *, at: datetime) -> bool:
    """Return whether a batch can still be undone: two minutes have not passed, no mail was sent,
    and nobody has begun a report or made a change."""
    if not is_within(GRACE, found.made_at, at) or not all_wait(found.mail_thread):
        return False
    items = sa.select(AssignmentBatchItem.assignment_id).where(
        AssignmentBatchItem.batch_id == found.id
    )
    is_touched = db.session.scalar(
        sa.select(
            sa.or_(
                sa.exists().where(AssignmentChange.assignment_id.in_(items)),
                sa.exists().where(Assignment.id.in_(items), Assignment.version != 1),
                sa.exists(
                    sa.select(Report.id)
                    .join(Obligation, Obligation.id == Report.obligation_id)
                    .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
                    .where(AssignmentParty.assignment_id.in_(items))
                ),
            )
        )
    )
    return not is_touched


def basis_file(viewer: Viewer, public_id: str) -> BasisFile | None:
    """Return the scan of an assignment if the viewer may read it.

    Anyone who may read assignments can, and so can the people of its parties.
    """
    query = (
        sa.select(BasisFile)
        .join(Assignment, Assignment.id == BasisFile.assignment_id)
        .where(
            Assignment.public_id == public_id,
            Assignment.task_force_id == viewer.own_task_force_id,
        )
        .options(joinedload(BasisFile.file))
    )
    if not viewer.may(Permission.SEE_ASSIGNMENTS):
        query = query.where(
            Assignment.parties.any(
                sa.and_(
                    AssignmentParty.agency_id == viewer.own_agency_id,
                    AssignmentParty.ended_at.is_(None),
                )
            )
        )
    return db.session.scalar(query)


def basis_file_name(assignment_id: int) -> str | None:
    """Return the name of the scan behind an assignment a caller already may see."""
    return db.session.scalar(
        sa.select(BasisFile.name).where(BasisFile.assignment_id == assignment_id)
    )
