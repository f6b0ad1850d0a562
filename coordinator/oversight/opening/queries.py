"""What opening a period would do, and what closing it would lock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations import queries as obligations
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.oversight.reminders.queries import DueReport
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.directory.models import Agency
from coordinator.people.onboarding import queries as onboarding
from coordinator.periods import queries as periods
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report


@dataclass(frozen=True, slots=True)
class DueItem:
    """A party that would have to report."""

    party_id: int
    assignment: str
    code: str
    title: str
    numeral: str
    kind: PartyKind
    agency_id: int
    is_new: bool
    is_disputed: bool
    is_overdue: bool
    left_out: str | None

    @property
    def is_in(self) -> bool:
        """Return whether it would make an obligation."""
        return self.left_out is None


@dataclass(slots=True)
class AgencyDue:
    """What one agency would have to report."""

    agency: Agency
    items: list[DueItem] = field(default_factory=list)

    @property
    def due(self) -> list[DueItem]:
        """Return what the agency would have to report, without disputes."""
        return [item for item in self.items if item.is_in and not item.is_disputed]

    @property
    def disputed(self) -> list[DueItem]:
        """Return what would be "belum jelas"."""
        return [item for item in self.items if item.is_in and item.is_disputed]

    @property
    def left_out(self) -> list[DueItem]:
        """Return what the secretariat left out."""
        return [item for item in self.items if not item.is_in]

    @property
    def new(self) -> list[DueItem]:
        """Return what was not due in the last period."""
        return [item for item in self.due if item.is_new]


def preview_obligations(viewer: Viewer, period: ReportingPeriod) -> list[AgencyDue]:
    """Return, by agency, what would be reported in a planned period if it were opened now.

    "New" is what the last opened period did not ask of the same party.
    """
    last = periods.newest_period(viewer.own_task_force_id)
    asked_before = sa.select(Obligation.party_id).where(
        Obligation.period_id == (last.id if last else -1)
    )
    known = set(db.session.scalars(asked_before))
    disputes = obligations.disputed_parties(viewer.own_task_force_id, planned=period)
    left_out = period.left_out or {}
    rows = db.session.execute(
        sa.select(
            AssignmentParty.id,
            AssignmentParty.kind,
            AssignmentParty.agency_id,
            Assignment.public_id,
            Assignment.due_on,
            ActionItem.code,
            ActionItem.title,
            WorkingGroup.numeral,
        )
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(WorkingGroup, WorkingGroup.id == Assignment.working_group_id)
        .where(
            AssignmentParty.ended_at.is_(None),
            Assignment.task_force_id == viewer.own_task_force_id,
            *obligations.due_in(period),
        )
        .order_by(WorkingGroup.position, ActionItem.id, AssignmentParty.id)
    )
    by_agency: dict[int, list[DueItem]] = {}
    for row in rows:
        by_agency.setdefault(row.agency_id, []).append(
            DueItem(
                party_id=row.id,
                assignment=row.public_id,
                code=row.code,
                title=row.title,
                numeral=row.numeral,
                kind=row.kind,
                agency_id=row.agency_id,
                is_new=last is not None and row.id not in known,
                is_disputed=disputes.covers(row.id, period.id),
                is_overdue=row.due_on < period.covers_from,
                left_out=left_out.get(row.public_id),
            )
        )
    agencies = db.session.scalars(
        sa.select(Agency)
        .where(Agency.id.in_(by_agency), Agency.task_force_id == viewer.own_task_force_id)
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return [AgencyDue(agency, by_agency[agency.id]) for agency in agencies]


def projected_reports(
    viewer: Viewer, period: ReportingPeriod, due: Sequence[AgencyDue]
) -> list[DueReport]:
    """Return what the reminders would find if the period were opened now.

    The ids are placeholders: negative, so that no existing obligation has them.
    """
    on = today(viewer.zone)
    return [
        DueReport(
            obligation_id=-item.party_id,
            public_id="contoh",
            agency_id=part.agency.id,
            agency=part.agency.abbreviation,
            title=item.title,
            period=period.title,
            subject=ReminderSubject.REPORT,
            last_day=period.closes_on,
            since=on,
            has_draft=False,
        )
        for part in due
        if not part.agency.is_court
        for item in part.due
    ]


def preview_recipients(
    viewer: Viewer, due: Sequence[AgencyDue], on: date
) -> list[onboarding.AgencyReach]:
    """Return the people of the agencies that would have to report.

    Agencies that cannot be reached come first, then those with only an alternate.
    """
    asked = {part.agency.id for part in due if part.due}
    found = [each for each in onboarding.agencies(viewer, on) if each.agency.id in asked]
    return sorted(found, key=lambda each: (each.is_reachable, not each.only_alternate))


@dataclass(frozen=True, slots=True)
class Unsent:
    """An obligation of which nothing was sent."""

    agency: str
    due_on: date
    has_draft: bool


def unsent(viewer: Viewer, period: ReportingPeriod) -> list[Unsent]:
    """Return the obligations of a period without any submission, by agency.

    Disputed ones ("belum jelas") are not due and therefore not included.
    """
    disputes = obligations.disputed_parties(viewer.own_task_force_id)
    rows = db.session.execute(
        sa.select(
            Obligation.agency_id,
            Obligation.party_id,
            Report.id.label("report_id"),
            obligations.due_on_column().label("due_on"),
        )
        .join(Agency, Agency.id == Obligation.agency_id)
        .outerjoin(Extension, obligations.extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.period_id == period.id,
            Obligation.ended_as.is_(None),
            sa.or_(Report.id.is_(None), Report.first_submitted_at.is_(None)),
        )
        .order_by(sa.func.lower(Agency.abbreviation), Obligation.id)
    )
    names = PeriodNames(viewer.own_task_force_id)
    return [
        Unsent(
            names.agency(period.id, row.agency_id).abbreviation,
            row.due_on,
            row.report_id is not None,
        )
        for row in rows
        if not disputes.covers(row.party_id, period.id)
    ]


def codes_of(viewer: Viewer, public_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return (code, title) of the actions behind assignments of the viewer's task force."""
    rows = db.session.execute(
        sa.select(Assignment.public_id, ActionItem.code, ActionItem.title)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.public_id.in_(public_ids),
        )
    )
    return {public_id: (code, title) for public_id, code, title in rows}
