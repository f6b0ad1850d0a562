"""Opening a period, and letting an assignment join one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.assignments import service as assignments
from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, random_id, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.periods import queries
from coordinator.periods.models import Obligation, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.roles.queries import current_version


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period of a year and its reporting window."""

    year: int
    label: str
    position: int
    periods_in_year: int
    covers_from: date
    covers_until: date
    opens_on: date
    closes_on: date


@transactional
def open_new_period(
    task_force_id: int, new: NewPeriod, *, by: Viewer | None, is_sample: bool = False
) -> ReportingPeriod:
    """Create a period, pin the mapping as it is now, and create its obligations.

    `by` None is the system itself (seed). Raises Conflict where the task force has no mapping.
    """
    refuse_identity(label=new.label)
    period = ReportingPeriod(
        task_force_id=task_force_id,
        year=new.year,
        label=new.label,
        position=new.position,
        periods_in_year=new.periods_in_year,
        covers_from=new.covers_from,
        covers_until=new.covers_until,
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        is_sample=is_sample,
    )
    db.session.add(period)
    db.session.flush()
    _open(period, by=by)
    return period


@transactional
def open_planned_period(public_id: str, *, by: Viewer) -> ReportingPeriod:
    """Open a planned period: pin the mapping as it is now and create its obligations.

    A period that is open already is returned as it is: opening twice, or two officers at once, make
    no second obligation. Raises NotAllowed, NotFound, InvalidInput (its last day has passed),
    Conflict (no mapping yet).
    """
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat membuka periode."))
    period = queries.period(by, public_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    if period.opened_at is not None:
        return period
    if period.closes_on < today(by.zone):
        raise InvalidInput({"name": _("Hari terakhirnya sudah lewat. Ubah tanggalnya dahulu.")})
    _open(period, by=by)
    return period


def _open(period: ReportingPeriod, *, by: Viewer | None) -> None:
    version = current_version(period.task_force_id)
    if version is None:
        raise Conflict(_("Gugus tugas ini belum punya pemetaan."))
    period.mapping_version = version.number
    period.opened_at = now()
    db.session.flush()
    left_out = period.left_out or {}
    conditions = [*queries.due_in(period)]
    if left_out:
        conditions.append(Assignment.public_id.not_in(left_out))
    count = _oblige(period, conditions)
    record(
        "period.opened",
        by=by,
        subject=("period", period.public_id),
        task_force_id=period.task_force_id,
        label=period.title,
        closes_on=period.closes_on.isoformat(),
        mapping_version=version.number,
        obligations=count,
        left_out=sorted(left_out),
    )


def _oblige(period: ReportingPeriod, conditions: Collection[sa.ColumnElement[bool]]) -> int:
    """Create the obligations, not there yet, of the assignments that meet `conditions`.

    In one statement, not row by row: a province opens 20,000 at once.
    """
    rows = db.session.execute(
        sa.select(
            AssignmentParty.id,
            AssignmentParty.agency_id,
            Assignment.task_force_id,
            Assignment.working_group_id,
        )
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .outerjoin(
            Obligation,
            sa.and_(Obligation.party_id == AssignmentParty.id, Obligation.period_id == period.id),
        )
        .where(AssignmentParty.ended_at.is_(None), Obligation.id.is_(None), *conditions)
        .order_by(AssignmentParty.id)
    ).all()
    if rows:
        db.session.execute(
            sa.insert(Obligation),
            [
                {
                    "public_id": random_id(),
                    "period_id": period.id,
                    "party_id": party_id,
                    "task_force_id": task_force_id,
                    "agency_id": agency_id,
                    "working_group_id": working_group_id,
                    "due_on": period.closes_on,
                }
                for party_id, agency_id, task_force_id, working_group_id in rows
            ],
        )
    return len(rows)


@transactional
def join_period(assignment_id: int, period_id: int, *, by: Viewer) -> int:
    """Let an assignment be reported in an open period; return how many obligations were made.

    Raises NotAllowed, NotFound, Conflict (the period was closed). Doing it twice does no harm.
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    assignment = db.session.get(Assignment, assignment_id)
    period = db.session.get(ReportingPeriod, period_id)
    if (
        assignment is None
        or period is None
        or assignment.task_force_id != by.own_task_force_id
        or period.task_force_id != by.own_task_force_id
        or period.opened_at is None
    ):
        raise NotFound(_("Penugasan atau periode itu tidak ada."))
    if period.closed_at is not None:
        raise Conflict(_("%(title)s sudah ditutup.", title=period.title))
    count = _oblige(period, [Assignment.id == assignment.id])
    if count:
        record(
            "assignment.joined_period",
            by=by,
            subject=("assignment", assignment.public_id),
            period=period.title,
            obligations=count,
        )
    return count


@transactional
def assign_action(
    new: assignments.NewAssignment,
    *,
    by: Viewer,
    join: ReportingPeriod | None,
    is_sample: bool = False,
) -> Assignment:
    """Assign an action and, where the secretariat says so, let it join the open period `join`.

    Raises what `assignments.assign_action` raises.
    """
    assignment = assignments.assign_action(new, by=by, is_sample=is_sample)
    if join is not None:
        join_period(assignment.id, join.id, by=by)
    return assignment
