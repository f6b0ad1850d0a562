"""Papers behind reports, and what agencies have not said yet."""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.clock import local
from coordinator.db import db
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.papers.rules import is_unconfirmed_long
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.queries import is_latest_revision
from coordinator.reporting.reports.rules import ReportState


def paper_of(revision_id: int) -> PaperReport | None:
    """Return the paper behind a submission the caller already may see."""
    return db.session.scalar(
        sa.select(PaperReport)
        .where(PaperReport.revision_id == revision_id)
        .options(joinedload(PaperReport.scan).joinedload(Evidence.file))
    )


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A typed report the agency has not confirmed."""

    report_id: str
    agency_id: int
    agency: str
    slug: str
    number: str
    is_long: bool
    # A report returned to the agency is revised or sent again: it is not asked to confirm this one.
    can_answer: bool


def unanswered(
    viewer: Viewer, on: date, *, period_id: int | None = None, agency_id: int | None = None
) -> list[Unanswered]:
    """Return the typed reports of the viewer's task force that their agency has not answered.

    Withdrawn ones are left out. Oldest first; of one period or of one agency if given.
    """
    values = {"task_force_id": viewer.own_task_force_id}
    if period_id is not None:
        values["period_id"] = period_id
    if agency_id is not None:
        values["agency_id"] = agency_id
    statement = _unanswered(by_period=period_id is not None, by_agency=agency_id is not None)
    rows = db.session.execute(statement, values).all()
    days_off: Collection[date] = directory.days_off() if rows else ()
    names = PeriodNames(viewer.own_task_force_id)
    return [
        Unanswered(
            report_id=row.public_id,
            agency_id=row.agency_id,
            agency=names.agency(row.period_id, row.agency_id).abbreviation,
            slug=row.slug,
            number=row.number or "",
            is_long=is_unconfirmed_long(local(row.submitted_at, viewer.zone).date(), on, days_off),
            can_answer=row.state in (ReportState.SUBMITTED, ReportState.VERIFIED),
        )
        for row in rows
    ]


@functools.cache
def _unanswered(*, by_period: bool, by_agency: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement of `unanswered`; built once.

    Each paper has an obligation: `coalesce` keeps the engine from starting at all obligations of a
    period or an agency instead of at the few open papers.
    """
    statement = (
        sa.select(
            Obligation.public_id,
            Obligation.agency_id,
            Obligation.period_id,
            Agency.slug,
            Report.number,
            Report.state,
            ReportRevision.submitted_at,
        )
        .select_from(PaperReport)
        .join(ReportRevision, ReportRevision.id == PaperReport.revision_id)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Agency, Agency.id == Obligation.agency_id)
        .where(
            sa.func.coalesce(Obligation.task_force_id, -1) == sa.bindparam("task_force_id"),
            PaperReport.answer.is_(None),
            is_latest_revision(),
        )
        .order_by(ReportRevision.submitted_at, ReportRevision.id)
    )
    if by_period:
        statement = statement.where(
            sa.func.coalesce(Obligation.period_id, -1) == sa.bindparam("period_id")
        )
    if by_agency:
        statement = statement.where(
            sa.func.coalesce(Obligation.agency_id, -1) == sa.bindparam("agency_id")
        )
    return statement
