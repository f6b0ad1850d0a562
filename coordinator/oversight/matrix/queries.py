"""The compliance matrix: agencies x pokja of one task force and one period."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.queries import disputed_parties
from coordinator.db import db
from coordinator.mapping.answers.queries import LatestAnswer, latest_answers
from coordinator.mapping.duties.models import Duty, DutyRevision, Membership, WorkingGroup
from coordinator.mapping.duties.queries import AgencyName, GroupName, names_at
from coordinator.oversight.matrix.rules import (
    NEEDS_ATTENTION,
    UNCOUNTED,
    WITHOUT_TASK,
    Band,
    Counts,
    Layer,
    MatrixCell,
    Tasks,
    achievement_cell,
    reporting_cell,
    understanding_cell,
    verified_cell,
)
from coordinator.oversight.matrix.summary_queries import (
    Place,
    Summary,
    excluded_obligations,
    summary,
)
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.papers.queries import Unanswered, unanswered

UNJUDGED = (frozenset(UNCOUNTED) - {Band.DISPUTED}) | WITHOUT_TASK


@dataclass(frozen=True, slots=True)
class Row:
    """One agency's line."""

    agency_id: int
    slug: str
    agency: str
    name: str
    is_court: bool
    cells: dict[int, MatrixCell]
    counts: Counts

    @property
    def needs_attention(self) -> bool:
        """Return whether some cell asks somebody to act."""
        return any(cell.band in NEEDS_ATTENTION for cell in self.cells.values())

    @property
    def is_not_due(self) -> bool:
        """Return whether no cell rates the agency: all not due, waiting, or without a target."""
        return {cell.band for cell in self.cells.values()} <= UNJUDGED

    @property
    def is_without_task(self) -> bool:
        """Return whether no cell can ever rate the agency: it has no task, or only supports."""
        return {cell.band for cell in self.cells.values()} <= WITHOUT_TASK


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole picture of one period and layer."""

    period: ReportingPeriod
    layer: Layer
    all_groups: tuple[GroupName, ...]  # to choose from
    groups: list[GroupName]  # shown
    rows: list[Row]
    # Entered on behalf of the agency, long unconfirmed: counted separately.
    unconfirmed: list[Unanswered]
    by_group: dict[int, Counts]  # courts' reports included, as in the totals

    @property
    def totals(self) -> Counts:
        """Return the counts of all agencies together."""
        return sum((row.counts for row in self.rows), Counts())


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
    unconfirmed = [one for one in unanswered(viewer, on, period_id=period.id) if one.is_long]
    disputes = disputed_parties(viewer.own_task_force_id)
    excluded = excluded_obligations(
        viewer,
        period.id,
        party_ids=disputes.by_period.get(period.id, ()),
        public_ids=[one.report_id for one in unconfirmed],
    )
    found = summary(viewer, period.id, excluded, on=on, with_outcomes=layer is Layer.CAPAIAN)
    numbers = found.numbers
    cells = _cells(viewer, period, layer, found)
    rows = []
    for agency in names.agencies:
        places = [(group.id, (agency.id, group.id)) for group in groups]
        own = {
            group_id: cells[place]
            for group_id, place in places
            if place in cells and not agency.is_court
        }
        if own or agency.is_court:
            counts = sum(
                (numbers[place].counts for _group_id, place in places if place in numbers),
                Counts(),
            )
            rows.append(_row(agency, own, counts))
    shown = {row.agency_id for row in rows}
    by_group = {group.id: Counts() for group in groups}
    for (agency_id, group_id), place_counts in numbers.items():
        if group_id in by_group and agency_id in shown:
            by_group[group_id] += place_counts.counts
    return Matrix(period, layer, names.groups, groups, rows, unconfirmed, by_group)


def _row(agency: AgencyName, cells: dict[int, MatrixCell], counts: Counts) -> Row:
    return Row(
        agency.id, agency.slug, agency.abbreviation, agency.name, agency.is_court, cells, counts
    )


def _members(viewer: Viewer, period: ReportingPeriod) -> set[Place]:
    """Return who was in which pokja under the mapping the period was opened with."""
    rows = db.session.execute(_MEMBERS, _under_mapping(viewer, period))
    return {(agency_id, group_id) for agency_id, group_id in rows}


def _under_mapping(viewer: Viewer, period: ReportingPeriod) -> dict[str, int]:
    return {
        "task_force_id": viewer.own_task_force_id,
        "version": period.mapping_version or 0,
    }


_MEMBERS = (
    sa.select(Membership.agency_id, Membership.working_group_id)
    .join(WorkingGroup, WorkingGroup.id == Membership.working_group_id)
    .where(
        WorkingGroup.task_force_id == sa.bindparam("task_force_id"),
        Membership.since <= sa.bindparam("version"),
        sa.or_(Membership.until.is_(None), Membership.until > sa.bindparam("version")),
    )
)


def _cells(
    viewer: Viewer, period: ReportingPeriod, layer: Layer, found: Summary
) -> dict[Place, MatrixCell]:
    numbers = found.numbers
    places = _members(viewer, period) | set(numbers)
    if layer is Layer.PAHAM:
        return _understanding(viewer, period, places)
    if layer is Layer.CAPAIAN:
        led = found.outcomes
        tasks = _tasks(viewer, period, places - set(led), found)
        return {
            place: achievement_cell(led.get(place, {}), tasks.get(place, Tasks()))
            for place in places
        }
    rule = reporting_cell if layer is Layer.LAPOR else verified_cell
    tasks = _tasks(viewer, period, places - set(numbers), found)
    return {
        place: rule(
            numbers[place].counts if place in numbers else Counts(), tasks.get(place, Tasks())
        )
        for place in places
    }


def _tasks(
    viewer: Viewer,
    period: ReportingPeriod,
    places: Collection[Place],
    found: Summary,
) -> dict[Place, Tasks]:
    """Return what agencies hold in places where they owe nothing of their own: what they report in
    the period, and what they were given by its last day and still held then, though it is reported
    in another."""
    if not places:
        return {}
    window_end = datetime.combine(
        period.closes_on + timedelta(days=1), time(), ZoneInfo(viewer.zone)
    )
    held = db.session.execute(
        _HELD,
        {
            "task_force_id": viewer.own_task_force_id,
            "window_end": window_end,
            "agency_ids": sorted({agency_id for agency_id, _group_id in places}),
        },
    )
    numbers = found.numbers
    tasks = {place: numbers[place].tasks for place in places if place in numbers}
    for agency_id, group_id, is_lead in held:
        place = agency_id, group_id
        more = Tasks(leads=is_lead, supports=not is_lead)
        tasks[place] = tasks.get(place, Tasks()) | more
    return tasks


_HELD = (
    sa.select(
        AssignmentParty.agency_id,
        Assignment.working_group_id,
        (AssignmentParty.kind == PartyKind.LEAD).label("is_lead"),
    )
    .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
    .where(
        Assignment.task_force_id == sa.bindparam("task_force_id"),
        AssignmentParty.agency_id.in_(sa.bindparam("agency_ids", expanding=True)),
        Assignment.assigned_at < sa.bindparam("window_end"),
        sa.or_(Assignment.closed_at.is_(None), Assignment.closed_at >= sa.bindparam("window_end")),
        sa.or_(
            AssignmentParty.ended_at.is_(None),
            AssignmentParty.ended_at >= sa.bindparam("window_end"),
        ),
    )
    .distinct()
)


def _understanding(
    viewer: Viewer, period: ReportingPeriod, places: set[Place]
) -> dict[Place, MatrixCell]:
    rows = db.session.execute(_DUTIES, _under_mapping(viewer, period))
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


_DUTIES = (
    sa.select(
        DutyRevision.agency_id,
        DutyRevision.working_group_id,
        DutyRevision.duty_id,
        DutyRevision.substance_since,
    )
    .join(Duty, Duty.id == DutyRevision.duty_id)
    .where(
        Duty.task_force_id == sa.bindparam("task_force_id"),
        DutyRevision.since <= sa.bindparam("version"),
        sa.or_(DutyRevision.until.is_(None), DutyRevision.until > sa.bindparam("version")),
    )
)
