"""The obligations themselves, one by one: what the summary is counted from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.clock import local
from coordinator.db import db
from coordinator.oversight.matrix.measure_rules import Measure
from coordinator.oversight.matrix.rules import (
    REPORTED,
    ActionState,
    Band,
    band_of_action,
)
from coordinator.people.directory.models import TaskForce
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.measured_queries import all_measured_by_report
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import ReportKind, ReportState


@dataclass(frozen=True, slots=True)
class Alike:
    """What obligations that are counted together have in common: the columns of MatrixCount."""

    period_id: int
    agency_id: int
    working_group_id: int
    last_day: date
    is_lead: bool
    state: ReportState | None
    kind: ReportKind | None
    is_in_time: bool
    band: Band | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One obligation, and its whole percent (0 where it has none)."""

    public_id: str
    party_id: int
    alike: Alike
    percent: int


def _verified_values() -> tuple[sa.ScalarSelect[Decimal | None], sa.ScalarSelect[Decimal | None]]:
    """Return what was verified of an indicator of the lead's assignment in the obligation's period,
    and in its year so far: the values of every verdict that was not reopened.

    Nothing here filters by a report's state. The result would be the same, and SQLite, without
    statistics, would start from that index: at every verified report.
    """
    own = sa.orm.aliased(Obligation)
    party = sa.orm.aliased(AssignmentParty)
    report = sa.orm.aliased(Report)
    period = sa.orm.aliased(ReportingPeriod)
    in_the_period = sa.case((own.period_id == ReportingPeriod.id, VerifiedValue.value))
    parts = (
        sa.select(sa.func.max(in_the_period), sa.func.sum(VerifiedValue.value))
        .select_from(party)
        .join(own, own.party_id == party.id)
        .join(period, period.id == own.period_id)
        .join(report, report.obligation_id == own.id)
        .join(ReportRevision, ReportRevision.report_id == report.id)
        .join(Verification, Verification.revision_id == ReportRevision.id)
        .join(VerifiedValue, VerifiedValue.verification_id == Verification.id)
        .where(
            party.assignment_id == Assignment.id,
            party.kind == PartyKind.LEAD,
            period.year == ReportingPeriod.year,
            period.position <= ReportingPeriod.position,
            Verification.reopened_at.is_(None),
            VerifiedValue.indicator_id == Indicator.id,
        )
        .correlate(Assignment, Indicator, ReportingPeriod)
    )
    now, so_far = (
        parts.with_only_columns(column).scalar_subquery() for column in parts.selected_columns
    )
    return now, so_far


def _statement() -> sa.Select[*tuple[Any, ...]]:
    """Return the select of obligations in force.

    It has one row for each indicator of an achievement that a lead reported, else one row.
    """
    yearly = sa.orm.aliased(AssignmentTarget)
    own = sa.orm.aliased(AssignmentTarget)
    verified_now, verified_so_far = _verified_values()
    return (
        sa.select(
            Obligation.id,
            Obligation.public_id,
            Obligation.party_id,
            Obligation.period_id,
            Obligation.agency_id,
            Obligation.working_group_id,
            due_on_column().label("last_day"),
            (AssignmentParty.kind == PartyKind.LEAD).label("is_lead"),
            Report.state,
            Report.kind,
            Report.first_submitted_at,
            TaskForce.zone,
            Indicator.id.label("indicator_id"),
            Indicator.kind.label("indicator_kind"),
            Indicator.better,
            Indicator.accumulation,
            yearly.value.label("yearly_target"),
            own.value.label("period_target"),
            verified_now.label("verified_now"),
            verified_so_far.label("verified_so_far"),
            ReportingPeriod.position,
            ReportingPeriod.periods_in_year,
        )
        .select_from(Obligation)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(TaskForce, TaskForce.id == Obligation.task_force_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(
            Indicator,
            sa.and_(
                Indicator.action_item_id == Assignment.action_item_id,
                all_measured_by_report(),
                AssignmentParty.kind == PartyKind.LEAD,
                Report.kind == ReportKind.ACHIEVEMENT,
                Report.state.in_(REPORTED),
            ),
        )
        .outerjoin(
            yearly,
            sa.and_(
                yearly.assignment_id == Assignment.id,
                yearly.indicator_id == Indicator.id,
                yearly.period_id.is_(None),
                yearly.year == ReportingPeriod.year,
            ),
        )
        .outerjoin(
            own,
            sa.and_(
                own.assignment_id == Assignment.id,
                own.indicator_id == Indicator.id,
                own.period_id == ReportingPeriod.id,
            ),
        )
        .where(Obligation.ended_as.is_(None))
    )


_STANDING = _statement()
_OF_PLACES = _STANDING.where(
    Obligation.period_id == sa.bindparam("period_id"),
    Obligation.agency_id.in_(sa.bindparam("agency_ids", expanding=True)),
    Obligation.working_group_id.in_(sa.bindparam("group_ids", expanding=True)),
)
_SINGLE = _STANDING.where(
    Obligation.period_id == sa.bindparam("period_id"),
    Obligation.task_force_id == sa.bindparam("task_force_id"),
    sa.or_(
        Obligation.party_id.in_(sa.bindparam("party_ids", expanding=True)),
        Obligation.public_id.in_(sa.bindparam("public_ids", expanding=True)),
    ),
)


def all_of_places(
    period_id: int, agency_ids: Iterable[int], group_ids: Iterable[int]
) -> list[Counted]:
    """Return the obligations of some agencies in some pokja of a period."""
    rows = db.session.execute(
        _OF_PLACES,
        {
            "period_id": period_id,
            "agency_ids": list(agency_ids),
            "group_ids": list(group_ids),
        },
    )
    return _counted(rows)


def all_single(
    task_force_id: int, period_id: int, *, party_ids: Iterable[int], public_ids: Iterable[str]
) -> list[Counted]:
    """Return the obligations of a period that are of one of the parties, or named."""
    rows = db.session.execute(
        _SINGLE,
        {
            "period_id": period_id,
            "task_force_id": task_force_id,
            "party_ids": list(party_ids),
            "public_ids": list(public_ids),
        },
    )
    return _counted(rows)


def _counted(rows: Iterable[Any]) -> list[Counted]:
    by_obligation: dict[int, list[Any]] = {}
    for row in rows:
        by_obligation.setdefault(row.id, []).append(row)
    return [_one(parts) for parts in by_obligation.values()]


def _one(parts: list[Any]) -> Counted:
    row = parts[0]
    is_reported = row.state in REPORTED
    band, percent = _outcome(parts, is_reported=is_reported) if row.is_lead else (None, 0)
    alike = Alike(
        period_id=row.period_id,
        agency_id=row.agency_id,
        working_group_id=row.working_group_id,
        last_day=row.last_day,
        is_lead=row.is_lead,
        state=row.state,
        kind=row.kind,
        is_in_time=is_reported and local(row.first_submitted_at, row.zone).date() <= row.last_day,
        band=band,
    )
    return Counted(row.public_id, row.party_id, alike, percent)


def _outcome(parts: list[Any], *, is_reported: bool) -> tuple[Band, int]:
    state, kind = parts[0].state, parts[0].kind
    return band_of_action(
        ActionState(
            is_reported=is_reported,
            is_verified=state is ReportState.VERIFIED,
            is_returned=state is ReportState.RETURNED,
            is_nil=kind is ReportKind.NIL,
            is_blocked=kind is ReportKind.BLOCKED,
            measures=tuple(_measure(row) for row in parts if row.indicator_id is not None),
        )
    )


def _measure(row: Any) -> Measure:
    return Measure(
        kind=row.indicator_kind,
        better=row.better,
        accumulation=row.accumulation,
        yearly_target=row.yearly_target,
        period_target=row.period_target,
        verified_now=row.verified_now,
        verified_so_far=row.verified_so_far,
        position=row.position,
        periods_in_year=row.periods_in_year,
    )
