"""Calls in comments that wait for an answer."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AGENCY_KINDS, AccessKind
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report, ReportRevision, Verification
from coordinator.reporting.threads.models import ReportComment, ReportMention
from coordinator.reporting.threads.rules import Addressee


@dataclass(frozen=True, slots=True)
class UnansweredCall:
    """A call in a comment that its addressee has not answered."""

    mention_id: int
    addressee: Addressee
    agency_id: int
    agency: str
    public_id: str
    title: str
    period: str
    written_at: datetime


def unanswered(
    task_force_id: int, *, untold_by: date | None = None, addressee: Addressee | None = None
) -> list[UnansweredCall]:
    """Return the unanswered calls of a task force, oldest first.

    With `untold_by`, those that no reminder mail has mentioned by that day. A call is answered by
    what the called side did afterwards: a comment, a new submission, a verdict.
    """
    later = aliased(ReportComment)
    side = sa.case(
        (ReportMention.addressee == Addressee.SECRETARIAT, later.written_as.in_(_SECRETARIAT)),
        else_=later.written_as.in_(AGENCY_KINDS),
    )
    commented = (
        sa.select(later.id)
        .where(later.report_id == ReportComment.report_id, later.id > ReportComment.id, side)
        .correlate(ReportComment, ReportMention)
        .exists()
    )
    judged = (
        sa.select(Verification.id)
        .join(ReportRevision, ReportRevision.id == Verification.revision_id)
        .where(
            ReportRevision.report_id == ReportComment.report_id,
            Verification.decided_at > ReportComment.written_at,
        )
        .correlate(ReportComment)
        .exists()
    )
    acted = sa.case(
        (ReportMention.addressee == Addressee.SECRETARIAT, judged),
        else_=Report.submitted_at > ReportComment.written_at,
    )
    query = (
        sa.select(
            ReportMention.id,
            ReportMention.addressee,
            Obligation.agency_id,
            Obligation.period_id,
            Obligation.public_id,
            title_column(),
            ReportingPeriod.label,
            ReportingPeriod.year,
            ReportComment.written_at,
        )
        .join(ReportComment, ReportComment.id == ReportMention.comment_id)
        .join(Report, Report.id == ReportComment.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Obligation.task_force_id == task_force_id,
            Obligation.ended_as.is_(None),
            sa.not_(commented),
            sa.not_(acted),
        )
        .order_by(ReportComment.id)
    )
    if untold_by is not None:
        query = query.where(
            sa.or_(ReportMention.told_on.is_(None), ReportMention.told_on > untold_by)
        )
    if addressee is not None:
        query = query.where(ReportMention.addressee == addressee)
    names = PeriodNames(task_force_id)
    return [
        UnansweredCall(
            mention_id=row[0],
            addressee=row[1],
            agency_id=row[2],
            agency=names.agency(row[3], row[2]).abbreviation,
            public_id=row[4],
            title=row[5],
            period=f"{row[6]} {row[7]}",
            written_at=row[8],
        )
        for row in db.session.execute(query)
    ]


_SECRETARIAT = (AccessKind.SECRETARIAT,)
