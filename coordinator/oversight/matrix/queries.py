"""The compliance matrix: agencies x pokja of one task force and one period."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import (
    disputed_parties,
    due_on_column,
    extension_join,
)
from coordinator.assignments.queries import title_column
from coordinator.clock import local
from coordinator.db import db
from coordinator.mapping.answers.queries import LatestAnswer, latest_answers
from coordinator.mapping.duties.models import Duty, DutyRevision, Membership, WorkingGroup
from coordinator.mapping.duties.queries import GroupName, names_at
from coordinator.oversight.matrix.rules import (
    NEEDS_ATTENTION,
    UNCOUNTED,
    WITHOUT_TASK,
    ActionState,
    Band,
    Cell,
    Counts,
    Layer,
    Measure,
    Tasks,
    achievement_cell,
    reporting_cell,
    understanding_cell,
    verified_cell,
)
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem, Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.papers.queries import unanswered
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.queries import newest_standing
from coordinator.reporting.reports.rules import ReportKind, ReportState, SubmittedVia

UNJUDGED = (frozenset(UNCOUNTED) - {Band.DISPUTED}) | WITHOUT_TASK
NOT_REPORTED = frozenset({None, ReportState.DRAFT, ReportState.AWAITING_HEAD})
Place = tuple[int, int]  # (agency id, working group id)


@dataclass(frozen=True, slots=True)
class Row:
    """One agency's line."""

    agency_id: int
    slug: str
    agency: str
    name: str
    is_court: bool
    cells: dict[int, Cell]
    counts: Counts

    @property
    def needs_attention(self) -> bool:
        """True where some cell asks somebody to act."""
        return any(cell.band in NEEDS_ATTENTION for cell in self.cells.values())

    @property
    def is_not_due(self) -> bool:
        """True where no cell says how the agency does: not due, waiting, or without a target."""
        return {cell.band for cell in self.cells.values()} <= UNJUDGED

    @property
    def is_without_task(self) -> bool:
        """True where no cell could ever say it: the agency was given nothing, or only supports."""
        return {cell.band for cell in self.cells.values()} <= WITHOUT_TASK


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole picture of one period and layer."""

    period: ReportingPeriod
    layer: Layer
    groups: list[GroupName]
    rows: list[Row]

    @property
    def totals(self) -> Counts:
        """The counts of all agencies together."""
        return sum((row.counts for row in self.rows), Counts())


@dataclass(frozen=True, slots=True)
class _Obligated:
    place: Place
    is_lead: bool
    assignment_id: int
    is_disputed: bool
    is_unconfirmed: bool
    is_overdue: bool
    is_reported: bool
    is_in_time: bool
    is_verified: bool
    is_returned: bool
    kind: ReportKind | None


def matrix(
    viewer: Viewer, period: ReportingPeriod, layer: Layer, *, on: date, working_group: str = ""
) -> Matrix:
    """Return the matrix of the viewer's task force. Courts have a row without colour.

    `period` must belong to the viewer's task force; `on` is today in its zone.
    """
    names = names_at(viewer.own_task_force_id, period.mapping_version or 0)
    groups = list(names.groups)
    if working_group:
        groups = [group for group in groups if group.key == working_group] or groups
    members = _members(viewer, period)
    obligated = _obligated(viewer, period, on)
    counts: dict[Place, Counts] = defaultdict(Counts)
    for item in obligated:
        counts[item.place] += _count(item)
    cells = _cells(viewer, period, layer, members, obligated, counts)
    shown = {group.id for group in groups}
    rows = []
    for agency in names.agencies:
        own = {
            group_id: cell
            for (agency_id, group_id), cell in cells.items()
            if agency_id == agency.id and group_id in shown
        }
        if agency.is_court:
            own = {}
        elif not own:
            continue
        total = sum(
            (
                count
                for (agency_id, group_id), count in counts.items()
                if agency_id == agency.id and group_id in shown
            ),
            Counts(),
        )
        rows.append(
            Row(
                agency.id,
                agency.slug,
                agency.abbreviation,
                agency.name,
                agency.is_court,
                own,
                total,
            )
        )
    return Matrix(period, layer, groups, rows)


def _members(viewer: Viewer, period: ReportingPeriod) -> set[Place]:
    """Return who was in which pokja under the mapping the period was opened with."""
    version = period.mapping_version or 0
    rows = db.session.execute(
        sa.select(Membership.agency_id, Membership.working_group_id)
        .join(WorkingGroup, WorkingGroup.id == Membership.working_group_id)
        .where(
            WorkingGroup.task_force_id == viewer.own_task_force_id,
            Membership.since <= version,
            sa.or_(Membership.until.is_(None), Membership.until > version),
        )
    )
    return {(agency_id, group_id) for agency_id, group_id in rows}


def _obligated(viewer: Viewer, period: ReportingPeriod, on: date) -> list[_Obligated]:
    disputes = disputed_parties(viewer.own_task_force_id)
    typed = unanswered(viewer, on, period_id=period.id)
    unconfirmed = {one.report_id for one in typed if one.is_long}
    rows = db.session.execute(
        sa.select(
            Obligation.public_id,
            Obligation.agency_id,
            Obligation.working_group_id,
            Obligation.party_id,
            AssignmentParty.kind,
            AssignmentParty.assignment_id,
            due_on_column(),
            Report.state,
            Report.kind,
            Report.first_submitted_at,
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.period_id == period.id,
            Obligation.ended_as.is_(None),
        )
    )
    found = []
    for (
        public_id,
        agency_id,
        group_id,
        party_id,
        kind,
        assignment_id,
        due_on,
        state,
        report_kind,
        at,
    ) in rows:
        reported = state not in NOT_REPORTED
        found.append(
            _Obligated(
                place=(agency_id, group_id),
                is_lead=kind is PartyKind.LEAD,
                assignment_id=assignment_id,
                is_disputed=disputes.covers(party_id, period.id),
                is_unconfirmed=public_id in unconfirmed,
                is_overdue=due_on < on,
                is_reported=reported,
                is_in_time=reported and at is not None and local(at, viewer.zone).date() <= due_on,
                is_verified=state is ReportState.VERIFIED,
                is_returned=state is ReportState.RETURNED,
                kind=report_kind,
            )
        )
    return found


def _count(item: _Obligated) -> Counts:
    if item.is_disputed:
        return Counts(total=1, disputed=1)
    if item.is_unconfirmed:
        return Counts(total=1, unconfirmed=1)
    return Counts(
        total=1,
        due=int(item.is_overdue or item.is_reported),
        in_time=int(item.is_in_time),
        reported=int(item.is_reported),
        verified=int(item.is_verified),
        waiting=int(item.is_reported and not item.is_verified),
        nil=int(item.kind is ReportKind.NIL),
        blocked=int(item.kind is ReportKind.BLOCKED),
        silent=int(item.is_overdue and not item.is_reported),
    )


def _cells(
    viewer: Viewer,
    period: ReportingPeriod,
    layer: Layer,
    members: set[Place],
    obligated: list[_Obligated],
    counts: dict[Place, Counts],
) -> dict[Place, Cell]:
    places = members | set(counts)
    if layer is Layer.PAHAM:
        return _understanding(viewer, period, places)
    tasks = _tasks(viewer, period, obligated)
    if layer is Layer.CAPAIAN:
        return _achievement(period, places, obligated, tasks)
    rule = reporting_cell if layer is Layer.LAPOR else verified_cell
    return {place: rule(counts.get(place, Counts()), tasks.get(place, Tasks())) for place in places}


def _tasks(
    viewer: Viewer, period: ReportingPeriod, obligated: list[_Obligated]
) -> dict[Place, Tasks]:
    """Return what agencies hold in each pokja: what they report in the period, and what they were
    given by its last day and still held then, though it is reported in another."""
    window_end = datetime.combine(
        period.closes_on + timedelta(days=1), time(), ZoneInfo(viewer.zone)
    )
    held = db.session.execute(
        sa.select(
            AssignmentParty.agency_id,
            Assignment.working_group_id,
            AssignmentParty.kind == PartyKind.LEAD,
        )
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.assigned_at < window_end,
            sa.or_(Assignment.closed_at.is_(None), Assignment.closed_at >= window_end),
            sa.or_(AssignmentParty.ended_at.is_(None), AssignmentParty.ended_at >= window_end),
        )
        .distinct()
    )
    found: dict[Place, Tasks] = defaultdict(Tasks)
    for agency_id, group_id, is_lead in held:
        found[agency_id, group_id] |= Tasks(leads=is_lead, supports=not is_lead)
    for item in obligated:
        found[item.place] |= Tasks(leads=item.is_lead, supports=not item.is_lead)
    return found


def _understanding(
    viewer: Viewer, period: ReportingPeriod, places: set[Place]
) -> dict[Place, Cell]:
    version = period.mapping_version or 0
    rows = db.session.execute(
        sa.select(
            DutyRevision.agency_id,
            DutyRevision.working_group_id,
            DutyRevision.duty_id,
            DutyRevision.substance_since,
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(
            Duty.task_force_id == viewer.own_task_force_id,
            DutyRevision.since <= version,
            sa.or_(DutyRevision.until.is_(None), DutyRevision.until > version),
        )
    )
    answers = {
        (answer.agency_id, answer.duty_id, answer.substance_since): answer
        for answer in latest_answers(viewer.own_task_force_id)
    }
    duties: dict[Place, list[LatestAnswer | None]] = defaultdict(list)
    for agency_id, group_id, duty_id, substance in rows:
        duties[agency_id, group_id].append(answers.get((agency_id, duty_id, substance)))
    return {
        place: understanding_cell(
            sum(answer is not None and answer.is_accepted for answer in duties[place]),
            sum(answer is not None and answer.is_disputed for answer in duties[place]),
            len(duties[place]),
            settled=sum(answer is not None and answer.is_settled for answer in duties[place]),
        )
        for place in places | set(duties)
    }


def _achievement(
    period: ReportingPeriod,
    places: set[Place],
    obligated: list[_Obligated],
    tasks: dict[Place, Tasks],
) -> dict[Place, Cell]:
    """Only the lead's report counts, once per assignment."""
    leads = [item for item in obligated if item.is_lead]
    measures = _measures(period, [item.assignment_id for item in leads])
    actions: dict[Place, list[ActionState]] = defaultdict(list)
    for item in leads:
        actions[item.place].append(
            ActionState(
                is_disputed=item.is_disputed,
                is_overdue=item.is_overdue,
                is_reported=item.is_reported,
                is_verified=item.is_verified,
                is_returned=item.is_returned,
                is_nil=item.kind is ReportKind.NIL,
                is_blocked=item.kind is ReportKind.BLOCKED,
                measures=tuple(measures.get(item.assignment_id, ())),
            )
        )
    return {
        place: achievement_cell(actions.get(place, ()), tasks.get(place, Tasks()))
        for place in places
    }


def _measures(period: ReportingPeriod, assignment_ids: list[int]) -> dict[int, list[Measure]]:
    if not assignment_ids:
        return {}
    in_force = sa.select(Obligation.party_id).where(Obligation.period_id == period.id)
    wanted = sa.select(AssignmentParty.assignment_id).where(AssignmentParty.id.in_(in_force))
    targets: dict[tuple[int, int], tuple[Decimal | None, Decimal | None]] = {}
    for assignment_id, indicator_id, period_id, value in db.session.execute(
        sa.select(
            AssignmentTarget.assignment_id,
            AssignmentTarget.indicator_id,
            AssignmentTarget.period_id,
            AssignmentTarget.value,
        ).where(
            AssignmentTarget.assignment_id.in_(wanted),
            sa.or_(
                sa.and_(AssignmentTarget.period_id.is_(None), AssignmentTarget.year == period.year),
                AssignmentTarget.period_id == period.id,
            ),
        )
    ):
        yearly, own = targets.get((assignment_id, indicator_id), (None, None))
        targets[assignment_id, indicator_id] = (
            (value, own) if period_id is None else (yearly, value)
        )
    verified = _verified_values(period, wanted)
    found: dict[int, list[Measure]] = defaultdict(list)
    for assignment_id, indicator_id, kind, better, accumulation in db.session.execute(
        sa.select(
            Assignment.id, Indicator.id, Indicator.kind, Indicator.better, Indicator.accumulation
        )
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(Indicator, Indicator.action_item_id == ActionItem.id)
        .where(Assignment.id.in_(wanted), Indicator.left_in.is_(None))
        .order_by(Assignment.id, Indicator.position)
    ):
        yearly, own = targets.get((assignment_id, indicator_id), (None, None))
        now_value, so_far = verified.get((assignment_id, indicator_id), (None, None))
        found[assignment_id].append(
            Measure(
                kind=kind,
                better=better,
                accumulation=accumulation,
                yearly_target=yearly,
                period_target=own,
                verified_now=now_value,
                verified_so_far=so_far,
                position=period.position,
                periods_in_year=period.periods_in_year,
            )
        )
    return found


def _verified_values(
    period: ReportingPeriod, assignments: sa.Select[int]
) -> dict[tuple[int, int], tuple[Decimal | None, Decimal | None]]:
    """Return, by (assignment, indicator), the lead's verified value of this period and of the year
    up to it."""
    rows = db.session.execute(
        sa.select(
            AssignmentParty.assignment_id,
            VerifiedValue.indicator_id,
            Obligation.period_id,
            VerifiedValue.value,
        )
        .join(Verification, Verification.id == VerifiedValue.verification_id)
        .join(ReportRevision, ReportRevision.id == Verification.revision_id)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .where(
            Report.state == ReportState.VERIFIED,
            Verification.reopened_at.is_(None),
            AssignmentParty.kind == PartyKind.LEAD,
            AssignmentParty.assignment_id.in_(assignments),
            ReportingPeriod.year == period.year,
            ReportingPeriod.position <= period.position,
        )
    )
    found: dict[tuple[int, int], tuple[Decimal | None, Decimal | None]] = {}
    for assignment_id, indicator_id, period_id, value in rows:
        now_value, so_far = found.get((assignment_id, indicator_id), (None, None))
        found[assignment_id, indicator_id] = (
            value if period_id == period.id else now_value,
            (so_far or Decimal(0)) + value,
        )
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation of an agency, for the page behind a cell."""

    public_id: str
    title: str
    numeral: str
    working_group: str
    kind: PartyKind
    due_on: date
    state: ReportState | None
    report_kind: ReportKind | None
    is_disputed: bool
    is_on_behalf: bool
    # (value, unit) of each indicator: what the newest submission says, what was verified of it.
    reported: list[tuple[Decimal, str]]
    verified: list[tuple[Decimal, str]]


def agency_lines(
    viewer: Viewer, agency: Agency, period: ReportingPeriod, *, working_group: str = ""
) -> list[Line]:
    """Return an agency's obligations in a period, reported and verified apart."""
    disputes = disputed_parties(viewer.own_task_force_id)
    newest = (
        newest_standing()
        .where(ReportRevision.report_id == Report.id)
        .correlate(Report)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Obligation.public_id,
            Obligation.party_id,
            title_column(),
            WorkingGroup.numeral,
            WorkingGroup.short,
            AssignmentParty.kind,
            due_on_column().label("due_on"),
            Report.id.label("report_id"),
            Report.state,
            Report.kind.label("report_kind"),
            ReportRevision.via,
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(ReportRevision, ReportRevision.id == newest)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.agency_id == agency.id,
            Obligation.period_id == period.id,
            Obligation.ended_as.is_(None),
        )
        .order_by(WorkingGroup.position, AssignmentParty.kind, Obligation.id)
    )
    if working_group:
        query = query.where(WorkingGroup.key == working_group)
    rows = db.session.execute(query).all()
    values = _values([row.report_id for row in rows if row.report_id])
    return [
        Line(
            public_id=row.public_id,
            title=row.title,
            numeral=row.numeral,
            working_group=row.short,
            kind=row.kind,
            due_on=row.due_on,
            state=row.state,
            report_kind=row.report_kind,
            is_disputed=disputes.covers(row.party_id, period.id),
            is_on_behalf=row.via is SubmittedVia.ON_BEHALF,
            reported=[(value, unit) for value, _ok, unit in values[row.report_id]],
            verified=[(ok, unit) for _value, ok, unit in values[row.report_id] if ok is not None],
        )
        for row in rows
    ]


def _values(report_ids: list[int]) -> dict[int | None, list[tuple[Decimal, Decimal | None, str]]]:
    """Return (reported, verified, unit) per indicator of each report's newest submission."""
    newest = newest_standing().where(ReportRevision.report_id.in_(report_ids))
    found: dict[int | None, list[tuple[Decimal, Decimal | None, str]]] = defaultdict(list)
    for report_id, value, verified, unit in db.session.execute(
        sa.select(
            ReportRevision.report_id, IndicatorValue.value, VerifiedValue.value, Indicator.unit
        )
        .join(IndicatorValue, IndicatorValue.revision_id == ReportRevision.id)
        .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .outerjoin(
            Verification,
            sa.and_(
                Verification.revision_id == ReportRevision.id,
                Verification.reopened_at.is_(None),
            ),
        )
        .outerjoin(
            VerifiedValue,
            sa.and_(
                VerifiedValue.verification_id == Verification.id,
                VerifiedValue.indicator_id == Indicator.id,
            ),
        )
        .where(ReportRevision.id.in_(newest))
        .order_by(ReportRevision.report_id, Indicator.position)
    ):
        found[report_id].append((value, verified, unit))
    return found
