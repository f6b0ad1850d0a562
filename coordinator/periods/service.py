"""Opening a period, and letting an assignment join one."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.assignments import service as assignments
from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.queries import reported_in
from coordinator.audit.service import record
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.directory.models import Agency
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.periods.models import Extension, Obligation, ReportingPeriod
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
    version = current_version(task_force_id)
    if version is None:
        raise Conflict(_("Gugus tugas ini belum punya pemetaan."))
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
        mapping_version=version.number,
        opened_at=now(),
        is_sample=is_sample,
    )
    db.session.add(period)
    db.session.flush()
    count = _oblige(period, reported_in(task_force_id, period.covers_from, period.covers_until))
    record(
        "period.opened",
        by=by,
        subject=("period", period.public_id),
        task_force_id=task_force_id,
        label=period.title,
        closes_on=period.closes_on.isoformat(),
        mapping_version=version.number,
        obligations=count,
    )
    return period


def _oblige(period: ReportingPeriod, assignment_ids: list[int]) -> int:
    """Create the obligations of assignments in a period that are not there yet."""
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
        .where(
            Assignment.id.in_(assignment_ids),
            AssignmentParty.ended_at.is_(None),
            Obligation.id.is_(None),
        )
        .order_by(AssignmentParty.id)
    ).all()
    db.session.add_all(
        Obligation(
            period_id=period.id,
            party_id=party_id,
            task_force_id=task_force_id,
            agency_id=agency_id,
            working_group_id=working_group_id,
            due_on=period.closes_on,
        )
        for party_id, agency_id, task_force_id, working_group_id in rows
    )
    db.session.flush()
    return len(rows)


@transactional
def join_period(assignment_id: int, period_id: int, *, by: Viewer) -> int:
    """Let an assignment be reported in an open period; return how many obligations were made.

    Raises NotAllowed, NotFound. Doing it twice does no harm.
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
    ):
        raise NotFound(_("Penugasan atau periode itu tidak ada."))
    count = _oblige(period, [assignment.id])
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


@transactional
def grant_extension(
    period_id: int, agency_id: int, *, until_on: date, reason: str, by: Viewer
) -> Extension:
    """Give one agency more time in one period, with the reason.

    Raises NotAllowed, NotFound, InvalidInput (not later than the window's close).
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat memberi perpanjangan."))
    period = db.session.get(ReportingPeriod, period_id)
    agency = db.session.get(Agency, agency_id)
    if (
        period is None
        or agency is None
        or period.task_force_id != by.own_task_force_id
        or agency.task_force_id != by.own_task_force_id
    ):
        raise NotFound(_("Periode atau instansi itu tidak ada."))
    if until_on <= period.closes_on:
        raise InvalidInput({"until_on": _("Isi tanggal sesudah periode ditutup")})
    extension = db.session.scalar(
        sa.select(Extension).where(
            Extension.period_id == period.id, Extension.agency_id == agency.id
        )
    )
    if extension is None:
        extension = Extension(period_id=period.id, agency_id=agency.id)
        db.session.add(extension)
    extension.until_on = until_on
    extension.reason = reason
    extension.granted_by_id = by.account_id
    extension.granted_at = now()
    db.session.flush()
    record(
        "extension.granted",
        by=by,
        subject=("period", period.public_id),
        agency_id=agency.id,
        until_on=until_on.isoformat(),
    )
    return extension
