"""Reads of what is stuck: late agencies with somebody to call, and reports that wait for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.queries import title_column
from coordinator.clock import local
from coordinator.db import db
from coordinator.oversight.reminders.escalating import (
    Escalation,
    LetterDue,
    all_come,
    letters_due,
)
from coordinator.oversight.reminders.queries import DueReport, due_reports
from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.queries import task_force
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.queries import is_latest_revision
from coordinator.reporting.reports.rules import ReportKind, ReportState


@dataclass(frozen=True, slots=True)
class PersonToCall:
    """Who answers for an agency: its focal point, else the alternate."""

    name: str
    is_alternate: bool
    telephone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class LateAgency:
    """An agency with reports past their last day, the longest first."""

    slug: str
    abbreviation: str
    days: int  # since the earliest last day
    reports: tuple[DueReport, ...]
    contact: PersonToCall | None

    @property
    def returned(self) -> int:
        """How many came back and were not revised in time."""
        return sum(one.subject is ReminderSubject.REVISION for one in self.reports)

    @property
    def unsent(self) -> int:
        """How many were never sent."""
        return len(self.reports) - self.returned

    @property
    def waits_for_head(self) -> bool:
        """Whether every one of them only waits for the head of the agency."""
        return all(one.waits_for_head for one in self.reports)


@dataclass(frozen=True, slots=True)
class BlockedReport:
    """A report that says it cannot go on, and because of whom."""

    public_id: str
    agency: str
    title: str
    period: str
    blocked_by: str
    days: int  # since it was sent


def late_agencies(viewer: Viewer, on: date) -> list[LateAgency]:
    """Return the agencies of the viewer's task force that are late on a day, the latest first.

    An obligation whose duties are all disputed is not among them, nor is a court's.
    """
    force = task_force(viewer) if viewer.may(Permission.SEE_MATRIX) else None
    if force is None:
        return []
    late = [one for one in due_reports(force) if one.last_day < on]
    late.sort(key=lambda one: one.agency_id)
    by_agency = {key: list(group) for key, group in groupby(late, lambda one: one.agency_id)}
    contacts = contacts_of_agencies(set(by_agency), on)
    slugs = db.session.execute(sa.select(Agency.id, Agency.slug).where(Agency.id.in_(by_agency)))
    found = []
    for agency_id, slug in slugs:
        reports = tuple(sorted(by_agency[agency_id], key=lambda one: one.last_day))
        people = contacts[agency_id]
        account = people[0].account if people else None
        found.append(
            LateAgency(
                slug=slug,
                abbreviation=reports[0].agency,
                days=(on - reports[0].last_day).days,
                reports=reports,
                contact=PersonToCall(
                    account.name, people[0].is_alternate, account.telephone, account.mail_address
                )
                if account
                else None,
            )
        )
    return sorted(found, key=lambda one: (-one.days, -len(one.reports), one.abbreviation))


def all_letters_due(force: TaskForce, late: Sequence[LateAgency], on: date) -> list[LetterDue]:
    """Return the letters to prepare to the heads of these late agencies."""
    return letters_due(_come(force, late, on, Audience.HEAD))


def all_risen(force: TaskForce, late: Sequence[LateAgency], on: date) -> set[str]:
    """Return the slugs of those of these late agencies of whom a report has come to the
    leadership."""
    return {one.head.slug for one in _come(force, late, on, Audience.LEADERSHIP)}


def _come(
    force: TaskForce, late: Sequence[LateAgency], on: date, audience: Audience
) -> list[Escalation]:
    return all_come(force, [report for one in late for report in one.reports], on, audience)


def blocked_reports(viewer: Viewer, on: date) -> list[BlockedReport]:
    """Return the reports of open periods whose newest submission says "blocked", oldest first."""
    force_id = viewer.own_task_force_id if viewer.may(Permission.SEE_MATRIX) else -1
    rows = db.session.execute(
        sa.select(
            Obligation.public_id,
            Obligation.period_id,
            Obligation.agency_id,
            title_column(),
            ReportingPeriod.label,
            ReportingPeriod.year,
            ReportRevision.blocked_by,
            ReportRevision.submitted_at,
        )
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Obligation.task_force_id == force_id,
            Obligation.ended_as.is_(None),
            ReportingPeriod.closed_at.is_(None),
            Report.kind == ReportKind.BLOCKED,
            Report.state.in_((ReportState.SUBMITTED, ReportState.VERIFIED)),
            is_latest_revision(),
        )
        .order_by(ReportRevision.submitted_at, Obligation.id)
    ).all()
    names = PeriodNames(force_id)
    return [
        BlockedReport(
            public_id=row.public_id,
            agency=names.agency(row.period_id, row.agency_id).abbreviation,
            title=row.title,
            period=f"{row.label} {row.year}",
            blocked_by=row.blocked_by or "",
            days=(on - local(row.submitted_at, viewer.zone).date()).days,
        )
        for row in rows
    ]
