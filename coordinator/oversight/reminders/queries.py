"""Whom to remind of what, and what the ladder holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.obligations.queries import (
    disputed_parties,
    due_on_column,
    extension_join,
)
from coordinator.assignments.queries import title_column
from coordinator.clock import latest, local, today
from coordinator.db import db
from coordinator.oversight.reminders.escalation import HigherStep
from coordinator.oversight.reminders.models import ReminderNotice, ReminderRun, ReminderStep
from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import AgencyKind
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import UNSENT_STATES, revise_by_column
from coordinator.reporting.reports.rules import ReportState

NoticeKey = tuple[int, ReminderSubject, date]  # the obligation, and its last day


@dataclass(frozen=True, slots=True)
class DueReport:
    """An obligation of which its agency may be reminded."""

    obligation_id: int
    public_id: str
    agency_id: int
    agency: str
    title: str
    period: str
    subject: ReminderSubject
    last_day: date
    since: date
    has_draft: bool
    waits_for_head: bool = False

    @property
    def key(self) -> NoticeKey:
        """What a notice is about: more time, or a return, begins the ladder again."""
        return (self.obligation_id, self.subject, self.last_day)


def due_reports(task_force: TaskForce) -> list[DueReport]:
    """Return what a task force's agencies still owe, the nearest last day first.

    Never an obligation whose duties are all disputed, nor a court's.
    """
    disputes = disputed_parties(task_force.id)
    revise_by = revise_by_column()
    rows = db.session.execute(
        sa.select(
            Obligation.id,
            Obligation.public_id,
            Obligation.party_id,
            Obligation.period_id,
            Obligation.agency_id,
            title_column(),
            ReportingPeriod.label,
            ReportingPeriod.year,
            ReportingPeriod.opened_at,
            Assignment.assigned_at,
            Report.state,
            revise_by.label("revise_by"),
            Report.saved_at,
            due_on_column().label("due_on"),
        )
        .join(Agency, Agency.id == Obligation.agency_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_force_id == task_force.id,
            Obligation.ended_as.is_(None),
            AssignmentParty.ended_at.is_(None),
            Assignment.closed_at.is_(None),
            Agency.kind != AgencyKind.PENGADILAN,
            # A closed period takes no new reports; returned ones may still be corrected.
            sa.or_(
                Report.state == ReportState.RETURNED,
                sa.and_(Report.state == ReportState.AWAITING_HEAD, Report.kind.is_not(None)),
                sa.and_(
                    ReportingPeriod.closed_at.is_(None),
                    sa.or_(
                        Report.id.is_(None),
                        Report.state.in_(UNSENT_STATES),
                    ),
                ),
            ),
        )
        .order_by(sa.func.coalesce(revise_by, due_on_column()), Obligation.id)
    )
    names = PeriodNames(task_force.id)
    found = []
    for row in rows:
        if disputes.covers(row.party_id, row.period_id):
            continue
        is_returned = row.revise_by is not None
        began_at = [row.saved_at] if is_returned else [row.opened_at, row.assigned_at]
        found.append(
            DueReport(
                obligation_id=row.id,
                public_id=row.public_id,
                agency_id=row.agency_id,
                agency=names.agency(row.period_id, row.agency_id).abbreviation,
                title=row.title,
                period=f"{row.label} {row.year}",
                subject=ReminderSubject.REVISION if is_returned else ReminderSubject.REPORT,
                last_day=row.revise_by if is_returned else row.due_on,
                since=_since(began_at, task_force.zone),
                has_draft=row.state is ReportState.DRAFT,
                waits_for_head=row.state is ReportState.AWAITING_HEAD,
            )
        )
    return found


def _since(instants: Sequence[datetime], zone: str) -> date:
    """Return the day from which steps are owed.

    A day in the future was written by a wrong clock and suppresses nothing.
    """
    days = [local(instant, zone).date() for instant in instants]
    return max((day for day in days if day <= today(zone)), default=date.min)


def obligations(obligation_ids: set[int]) -> list[Obligation]:
    """Return the obligations of a digest."""
    return list(
        db.session.scalars(
            sa.select(Obligation).where(Obligation.id.in_(obligation_ids)).order_by(Obligation.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a task force: offsets in days for the people of an agency, and those above."""

    contacts: dict[ReminderSubject, list[int]]
    higher: tuple[HigherStep, ...]


def all_steps(task_force_id: int) -> Ladder:
    """Return a task force's ladder, the earliest step first."""
    contacts: dict[ReminderSubject, list[int]] = {subject: [] for subject in ReminderSubject}
    higher = []
    rows = db.session.execute(
        sa.select(
            ReminderStep.subject,
            ReminderStep.offset_days,
            ReminderStep.audience,
            ReminderStep.since,
        )
        .where(ReminderStep.task_force_id == task_force_id)
        .order_by(ReminderStep.offset_days)
    )
    for subject, offset, audience, since in rows:
        if audience is Audience.CONTACTS:
            contacts[subject].append(offset)
        else:
            higher.append(HigherStep(subject, offset, audience, since or date.min))
    return Ladder(contacts, tuple(higher))


def sent_reminders(
    obligation_ids: set[int], on: date
) -> dict[tuple[int, ReminderSubject, date, int], set[int]]:
    """Return the steps sent by today (`on`), by (obligation, subject, last day, person).

    Entries that a wrong clock dated in the future do not count.
    """
    found: dict[tuple[int, ReminderSubject, date, int], set[int]] = {}
    rows = db.session.execute(
        sa.select(
            ReminderNotice.obligation_id,
            ReminderNotice.subject,
            ReminderNotice.due_on,
            ReminderNotice.account_id,
            ReminderNotice.offset_days,
        ).where(ReminderNotice.obligation_id.in_(obligation_ids), ReminderNotice.noted_on <= on)
    )
    for obligation_id, subject, due_on, account_id, offset in rows:
        found.setdefault((obligation_id, subject, due_on, account_id), set()).add(offset)
    return found


def run_of(task_force_id: int, on: date) -> ReminderRun | None:
    """Return the run of a task force's reminders on a day."""
    return db.session.scalar(
        sa.select(ReminderRun).where(
            ReminderRun.task_force_id == task_force_id,
            ReminderRun.on == on,
            ReminderRun.finished_at <= latest(),
        )
    )


def last_run(viewer: Viewer) -> ReminderRun | None:
    """Return the newest run of the viewer's task force."""
    return db.session.scalar(
        sa.select(ReminderRun)
        .where(
            ReminderRun.task_force_id == viewer.own_task_force_id,
            ReminderRun.finished_at <= latest(),
        )
        .order_by(ReminderRun.on.desc())
        .limit(1)
    )
