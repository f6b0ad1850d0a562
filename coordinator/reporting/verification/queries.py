"""The verification queue: what waits, in which order, and what is to be noticed of each report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.assignments.queries import title_column
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.people.accounts.queries import own_agencies, secretariat_of
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.queries import serves_elsewhere
from coordinator.reporting.reports.models import Report, ReportRevision, RevisionEvidence
from coordinator.reporting.reports.queries import latest_revision_ids
from coordinator.reporting.reports.rules import ReportKind, ReportState, SubmittedVia, may_verify
from coordinator.reporting.reports.unlikely import has_meant
from coordinator.reporting.verification.rules import ALL_REPORTS, Flag, QueueFilter


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the verification queue."""

    public_id: str
    number: str
    agency: str
    agency_id: int
    title: str
    numeral: str
    period: str
    state: ReportState
    kind: ReportKind
    submitted_at: datetime
    due_on: date
    first_submitted_at: datetime
    mend_by_on: date | None
    submitted_by_id: int
    is_on_behalf: bool
    files: int
    reused: int
    # A number in it was asked about, and its writer said that it is meant.
    has_meant: bool = False


def _files() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(RevisionEvidence.revision_id == ReportRevision.id)
        .correlate(ReportRevision)
        .scalar_subquery()
    )


def _reused() -> sa.ScalarSelect[int]:
    """How many files of a submission were handed in for other reports of the task force as well."""
    own = aliased(Evidence)
    return (
        sa.select(sa.func.count())
        .select_from(RevisionEvidence)
        .join(own, own.id == RevisionEvidence.evidence_id)
        .where(
            RevisionEvidence.revision_id == ReportRevision.id,
            own.withdrawn_at.is_(None),
            serves_elsewhere(own),
        )
        .correlate(ReportRevision)
        .scalar_subquery()
    )


def _not_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.or_(
        Obligation.agency_id.in_(own_agencies(viewer.account_id or 0, today(viewer.zone))),
        ReportRevision.submitted_by_id == (viewer.account_id or -1),
    )


def _queue(viewer: Viewer, state: ReportState, wanted: QueueFilter) -> sa.Select[str, int, int]:
    """The newest submissions of reports of a state: id in addresses, agency, who typed it."""
    newest = (
        latest_revision_ids()
        .where(ReportRevision.report_id == Report.id)
        .correlate(Report)
        .scalar_subquery()
    )
    query = (
        sa.select(Obligation.public_id, Obligation.agency_id, ReportRevision.submitted_by_id)
        .select_from(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(ReportRevision, ReportRevision.id == newest)
        .join(Agency, Agency.id == Obligation.agency_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .where(Obligation.task_force_id == viewer.own_task_force_id, Report.state == state)
    )
    if wanted.working_group:
        query = query.where(WorkingGroup.key == wanted.working_group)
    if wanted.agency:
        query = query.where(Agency.slug == wanted.agency)
    if wanted.flag is Flag.ON_BEHALF:
        query = query.where(ReportRevision.via == SubmittedVia.ON_BEHALF)
    elif wanted.flag is Flag.NO_EVIDENCE:
        query = query.where(_files() == 0)
    elif wanted.flag is Flag.REUSED_FILE:
        query = query.where(_reused() > 0)
    elif wanted.flag is Flag.NOT_MINE:
        query = query.where(_not_mine(viewer))
    order = (
        Report.submitted_at.desc() if state is ReportState.VERIFIED else Report.submitted_at.asc()
    )
    return query.order_by(order, Report.id)


def verification_queue(
    viewer: Viewer,
    state: ReportState,
    wanted: QueueFilter = ALL_REPORTS,
    *,
    page: int = 1,
    size: int = 50,
) -> tuple[list[Waiting], int]:
    """Return a page of the task force's reports of a state, and the total.

    Oldest submission first; verified reports newest first.
    """
    base = _queue(viewer, state, wanted)
    total = (
        db.session.scalar(sa.select(sa.func.count()).select_from(base.order_by(None).subquery()))
        or 0
    )
    rows = db.session.execute(
        base.add_columns(
            Report.number,
            Obligation.period_id,
            title_column(),
            WorkingGroup.numeral,
            ReportingPeriod.label,
            ReportingPeriod.year,
            Report.state,
            Report.kind,
            Report.draft,
            Report.submitted_at,
            due_on_column().label("due_on"),
            Report.first_submitted_at,
            Report.mend_by_on,
            ReportRevision.via,
            _files().label("files"),
            _reused().label("reused"),
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .offset((page - 1) * size)
        .limit(size)
    )
    names = PeriodNames(viewer.own_task_force_id)
    return [
        Waiting(
            public_id=row.public_id,
            number=row.number or "",
            agency=names.agency(row.period_id, row.agency_id).abbreviation,
            agency_id=row.agency_id,
            title=row.title,
            numeral=row.numeral,
            period=f"{row.label} {row.year}",
            state=row.state,
            kind=row.kind,
            submitted_at=row.submitted_at,
            due_on=row.due_on,
            first_submitted_at=row.first_submitted_at,
            mend_by_on=row.mend_by_on,
            submitted_by_id=row.submitted_by_id,
            is_on_behalf=row.via is SubmittedVia.ON_BEHALF,
            files=row.files,
            reused=row.reused,
            has_meant=row.state is not ReportState.RETURNED and has_meant(row.draft, row.kind),
        )
        for row in rows
    ], total


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """The position of a report in the queue the verifier walks through."""

    position: int
    total: int
    previous: str | None
    following: str | None
    # The next one this verifier may judge, from here to the end and then from the start.
    next_assigned: str | None


def place_in_queue(
    viewer: Viewer, public_id: str, wanted: QueueFilter, can_verify: Callable[[int, int], bool]
) -> QueuePosition:
    """Return a report's place among those that wait; position 0 where it is not among them.
    `can_verify` is the viewer's `verifier_check`."""
    rows = db.session.execute(_queue(viewer, ReportState.SUBMITTED, wanted)).all()
    ids = [row.public_id for row in rows]
    here = ids.index(public_id) if public_id in ids else -1
    mine = next(
        (
            row.public_id
            for row in (*rows[here + 1 :], *rows[: max(here, 0)])
            if can_verify(row.agency_id, row.submitted_by_id)
        ),
        None,
    )
    return QueuePosition(
        position=here + 1,
        total=len(ids),
        previous=ids[here - 1] if here > 0 else None,
        following=ids[here + 1] if 0 <= here < len(ids) - 1 else None,
        next_assigned=mine,
    )


@cache
def waiting_reports() -> sa.Select[int]:
    """Return the statement that counts the reports of `:task_force_id` to be verified."""
    return (
        sa.select(sa.func.count())
        .select_from(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(
            Obligation.task_force_id == sa.bindparam("task_force_id"),
            Report.state == ReportState.SUBMITTED,
        )
    )


def reports_waiting(viewer: Viewer) -> int:
    """Count the reports that wait for verification in the viewer's task force."""
    return db.session.scalar(waiting_reports(), {"task_force_id": viewer.own_task_force_id}) or 0


def oldest_waiting(viewer: Viewer) -> datetime | None:
    """Return when the oldest unverified submission came in."""
    return db.session.scalar(
        sa.select(sa.func.min(Report.submitted_at))
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Report.state == ReportState.SUBMITTED,
        )
    )


def reports_without_verifier(viewer: Viewer, on: date) -> list[str]:
    """Return the agencies of reports that nobody of the secretariat may judge on a day.

    They are "perlu verifikator lain": one entry per report, the oldest first.
    """
    judges = [
        (grant.account_id, own_agencies(grant.account_id, on))
        for grant in secretariat_of(viewer.own_task_force_id, on)
    ]
    rows: Iterable[sa.Row[str, int, int, int]] = db.session.execute(
        _queue(viewer, ReportState.SUBMITTED, ALL_REPORTS).add_columns(Obligation.period_id)
    )
    names = PeriodNames(viewer.own_task_force_id)
    return [
        names.agency(row.period_id, row.agency_id).abbreviation
        for row in rows
        if not any(
            may_verify(
                verifier_id=account_id,
                own_agencies=own,
                agency_id=row.agency_id,
                submitted_by_id=row.submitted_by_id,
            )
            for account_id, own in judges
        )
    ]
