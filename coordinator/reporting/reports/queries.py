"""Reading reports: what an agency owes, one report with its history, the verification queue."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.obligations.queries import (
    disputed_parties,
    due_on_column,
    extension_join,
)
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.accounts.models import Account
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem, Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.last_answer import previous_values
from coordinator.reporting.reports.models import (
    DraftEvidence,
    IndicatorValue,
    Report,
    ReportRevision,
    RevisionEvidence,
    Verification,
    Withdrawal,
)
from coordinator.reporting.reports.rules import AskedIndicator, ReportKind, ReportState, is_locked
from coordinator.reporting.reports.targets import PeriodTarget, asked_items, targets_of

# The agency has something to write; and what has not reached the secretariat, the head's desk too.
OPEN_STATES = (ReportState.DRAFT, ReportState.RETURNED)
UNSENT_STATES = (*OPEN_STATES, ReportState.AWAITING_HEAD)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """An obligation with all that its page shows."""

    obligation: Obligation
    report: Report | None
    agency: AgencyName  # as it was called in the period
    called: Callable[[int], AgencyName]  # the same of any other, by its id
    action: ActionItem
    assignment: Assignment
    period: ReportingPeriod
    working_group: WorkingGroup
    is_lead: bool
    due_on: date
    is_extended: bool
    is_disputed: bool
    indicators: list[Indicator]
    targets: dict[int, PeriodTarget]
    duty_ids: list[int]
    # From the agency's report of the period before: reported and verified, by indicator id.
    previous: dict[int, tuple[Decimal, Decimal | None]]

    @property
    def asked(self) -> list[AskedIndicator]:
        """What the form asks, with what each number is held against."""
        return asked_items(self.indicators, self.targets, self.previous)

    @property
    def state(self) -> ReportState | None:
        """The report's; None while nobody has begun it."""
        return self.report.state if self.report else None

    @property
    def is_ended(self) -> bool:
        """True where nothing is owed any more."""
        return self.obligation.ended_as is not None

    @property
    def is_locked(self) -> bool:
        """True where the period was closed before anything was sent."""
        return is_locked(
            self.state,
            is_period_closed=self.period.closed_at is not None,
            was_sent=self.report is not None and self.report.first_submitted_at is not None,
        )


def may_open(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition on obligations a viewer may open: their agency's or task force's."""
    own = Obligation.agency_id == viewer.own_agency_id
    in_force = Obligation.task_force_id == viewer.own_task_force_id
    return in_force if viewer.may(Permission.SEE_REPORTS) else sa.and_(in_force, own)


def report_page(viewer: Viewer, public_id: str) -> ReportPage | None:
    """Return one report's page, or None where the viewer may not know of it."""
    row = db.session.execute(
        sa.select(Obligation, Extension.until_on, due_on_column().label("due_on"), WorkingGroup)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .outerjoin(Extension, extension_join())
        .where(Obligation.public_id == public_id, may_open(viewer))
        .options(
            joinedload(Obligation.period),
            joinedload(Obligation.party).options(
                joinedload(AssignmentParty.agency),
                selectinload(AssignmentParty.duties),
                joinedload(AssignmentParty.assignment).options(
                    joinedload(Assignment.action_item).selectinload(ActionItem.indicators),
                    selectinload(Assignment.parties).joinedload(AssignmentParty.agency),
                    selectinload(Assignment.targets),
                ),
            ),
        )
    ).first()
    if row is None:
        return None
    obligation, until_on, due_on, group = row
    party = obligation.party
    assignment = party.assignment
    report = _report_with_history(obligation.id)
    is_lead = party.kind is PartyKind.LEAD
    called = PeriodNames(obligation.task_force_id).of(obligation.period_id)
    return ReportPage(
        obligation=obligation,
        report=report,
        agency=called(obligation.agency_id),
        called=called,
        action=assignment.action_item,
        assignment=assignment,
        period=obligation.period,
        working_group=group,
        is_lead=is_lead,
        due_on=due_on,
        is_extended=until_on is not None and until_on == due_on,
        is_disputed=disputed_parties(viewer.own_task_force_id).covers(
            party.id, obligation.period_id
        ),
        indicators=_measured(report, assignment.action_item) if is_lead else [],
        targets=targets_of(assignment.targets, obligation.period),
        duty_ids=[link.duty_id for link in party.duties],
        previous=previous_values(party.id, obligation.period),
    )


def _measured(report: Report | None, action: ActionItem) -> list[Indicator]:
    """Return what `measured_queries.all_measured` does, from what was loaded already."""
    values = [value for one in (report.revisions if report else ()) for value in one.values]
    sent = {value.indicator_id: value.indicator for value in values}
    return sorted(sent.values() or action.indicators, key=lambda one: (one.position, one.id))


def _report_with_history(obligation_id: int) -> Report | None:
    return db.session.scalar(
        sa.select(Report)
        .where(Report.obligation_id == obligation_id)
        .options(
            selectinload(Report.draft_evidence)
            .joinedload(DraftEvidence.evidence)
            .joinedload(Evidence.file),
            selectinload(Report.revisions).options(
                selectinload(ReportRevision.values).joinedload(IndicatorValue.indicator),
                selectinload(ReportRevision.evidence)
                .joinedload(RevisionEvidence.evidence)
                .joinedload(Evidence.file),
                joinedload(ReportRevision.verification).selectinload(Verification.values),
                joinedload(ReportRevision.withdrawal),
            ),
        )
    )


def period_counts(viewer: Viewer, period_id: int, on: date) -> dict[str, int]:
    """Count a period's obligations of the viewer's task force by state.

    Keys: total, verified, submitted, returned, nil, blocked, not_begun, silent, disputed, agencies.
    Nil and blocked count in any state; the others count achievements or reports not yet sent, so
    that no obligation is counted twice.
    """
    counts = dict.fromkeys(
        ("total", "verified", "submitted", "returned", "nil", "blocked", "not_begun"), 0
    )
    counts |= {"silent": 0, "disputed": 0}
    agencies: set[int] = set()
    disputes = disputed_parties(viewer.own_task_force_id)
    rows = db.session.execute(
        sa.select(
            Obligation.party_id,
            Obligation.agency_id,
            Report.state,
            Report.kind,
            due_on_column().label("due_on"),
        )
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.period_id == period_id,
            Obligation.ended_as.is_(None),
        )
    )
    for party_id, agency_id, state, kind, due_on in rows:
        counts["total"] += 1
        agencies.add(agency_id)
        if disputes.covers(party_id, period_id):
            counts["disputed"] += 1
        elif state in (None, ReportState.DRAFT, ReportState.AWAITING_HEAD):
            counts["silent" if due_on < on else "not_begun"] += 1
        elif kind is ReportKind.NIL:
            counts["nil"] += 1
        elif kind is ReportKind.BLOCKED:
            counts["blocked"] += 1
        else:
            counts[
                {
                    ReportState.SUBMITTED: "submitted",
                    ReportState.RETURNED: "returned",
                    ReportState.VERIFIED: "verified",
                }[state]
            ] += 1
    counts["agencies"] = len(agencies)
    return counts


def revise_by_column() -> sa.ColumnElement[date | None]:
    """Return the day by which a returned report must be revised, also while its revision waits for
    the agency's head; null for any other report."""
    asked = (
        sa.select(Verification.mend_by_on)
        .join(ReportRevision, ReportRevision.id == Verification.revision_id)
        .where(
            ReportRevision.report_id == Report.id,
            Report.state == ReportState.AWAITING_HEAD,
            Report.kind.is_not(None),
        )
        .order_by(Verification.id.desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    return sa.func.coalesce(Report.mend_by_on, asked)


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return account names, for the auditor's eyes."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(list(account_ids)))
    )
    return {row[0]: row[1] for row in rows}


def latest_revision_ids() -> sa.Select[int]:
    """Return a select of the newest submission's id per report: what was taken back never counts.

    Narrow it by `ReportRevision.report_id` where only some reports are asked about.
    """
    return (
        sa.select(sa.func.max(ReportRevision.id))
        .where(~sa.exists().where(Withdrawal.revision_id == ReportRevision.id))
        .group_by(ReportRevision.report_id)
    )


def is_latest_revision() -> sa.ColumnElement[bool]:
    """Return the condition that a submission is the newest of its report that was not withdrawn.

    This is `latest_revision_ids` for a query that has few submissions to ask about.
    """
    newer = aliased(ReportRevision)
    return sa.and_(
        ~sa.exists().where(Withdrawal.revision_id == ReportRevision.id),
        ~sa.exists().where(
            newer.report_id == ReportRevision.report_id,
            newer.id > ReportRevision.id,
            ~sa.exists().where(Withdrawal.revision_id == newer.id).correlate_except(Withdrawal),
        ),
    )


def latest_revision(obligation: Obligation) -> ReportRevision:
    """Return the newest submission of an obligation's report. Raises where there is none."""
    return db.session.scalars(
        sa.select(ReportRevision)
        .join(Report, Report.id == ReportRevision.report_id)
        .where(Report.obligation_id == obligation.id, ReportRevision.id.in_(latest_revision_ids()))
    ).one()
