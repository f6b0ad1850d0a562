"""The head of one report: who owes what, until when, what is asked, and the report's state."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.assignments.obligations.version_names import AgencyVersionNames
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.errors import NotFound
from coordinator.mapping.duties.models import MappingVersion, WorkingGroup
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem, Indicator, Plan
from coordinator.plans.actions.rules import Accumulation, PartyKind, PlanStatus
from coordinator.reporting.reading.obligation_rows import BasisRow, EndRow, MatrixPlace
from coordinator.reporting.reading.rows import (
    IndicatorRow,
    ReportHead,
    ReportRow,
)
from coordinator.reporting.reports.measured_queries import all_measured_by_report
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
    Withdrawal,
)
from coordinator.reporting.reports.targets import PeriodTarget
from coordinator.reporting.reports.verified_values import standing_verdict_on, verified_of
from coordinator.translation import gettext as _


def _newest_before() -> sa.ScalarSelect[int]:
    """Return the party's newest valid submission, of its nearest earlier period with one."""
    earlier, then = aliased(Obligation), aliased(ReportingPeriod)
    report = aliased(Report)
    return (
        sa.select(ReportRevision.id)
        .join(report, report.id == ReportRevision.report_id)
        .join(earlier, earlier.id == report.obligation_id)
        .join(then, then.id == earlier.period_id)
        .where(
            earlier.party_id == Obligation.party_id,
            then.covers_from < ReportingPeriod.covers_from,
            ~sa.exists().where(Withdrawal.revision_id == ReportRevision.id),
        )
        .order_by(then.covers_from.desc(), ReportRevision.id.desc())
        .limit(1)
        .correlate(Obligation, ReportingPeriod)
        .scalar_subquery()
    )


def _verified_in_the_year() -> sa.ScalarSelect[Any]:
    """Return what was verified of an indicator in all periods of the year, where values add up."""
    other, then = aliased(Obligation), aliased(ReportingPeriod)
    report, verdict = aliased(Report), aliased(Verification)
    revision, value = aliased(ReportRevision), aliased(VerifiedValue)
    party = aliased(AssignmentParty)
    return (
        sa.select(sa.func.sum(value.value))
        .select_from(party)
        .join(other, other.party_id == party.id)
        .join(then, then.id == other.period_id)
        .join(report, report.obligation_id == other.id)
        .join(revision, revision.report_id == report.id)
        .join(verdict, sa.and_(verdict.revision_id == revision.id, verdict.reopened_at.is_(None)))
        .join(value, value.verification_id == verdict.id)
        .where(
            party.assignment_id == Assignment.id,
            then.year == ReportingPeriod.year,
            value.indicator_id == Indicator.id,
            Indicator.accumulation == Accumulation.CUMULATIVE,
        )
        .correlate(Assignment, ReportingPeriod, Indicator)
        .scalar_subquery()
    )


def _names(of: type[Agency], prefix: str) -> tuple[sa.ColumnElement[Any], ...]:
    columns = (of.id, of.slug, of.abbreviation, of.name, of.kind)
    return tuple(column.label(f"{prefix}_{column.key}") for column in columns)


def _head() -> sa.Select[*tuple[Any, ...]]:
    """One row an indicator of the lead; one row of a supporter's report."""
    lead_party, lead = aliased(AssignmentParty), aliased(Agency)
    own_target, year_target = aliased(AssignmentTarget), aliased(AssignmentTarget)
    return (
        sa.select(
            Obligation.public_id,
            Obligation.id.label("obligation_id"),
            Obligation.party_id,
            Obligation.period_id,
            Obligation.task_force_id,
            Obligation.ended_as,
            Obligation.ended_at,
            Assignment.closed_reason,
            due_on_column().label("due_on"),
            AssignmentParty.kind.label("party_kind"),
            *_names(Agency, "agency"),
            *_names(lead, "lead"),
            title_column(),
            WorkingGroup.numeral,
            WorkingGroup.short,
            ReportingPeriod.public_id.label("period_public_id"),
            ReportingPeriod.label,
            ReportingPeriod.year,
            ReportingPeriod.closed_at,
            ReportingPeriod.mapping_version,
            sa.select(sa.func.max(MappingVersion.number))
            .where(MappingVersion.task_force_id == Obligation.task_force_id)
            .scalar_subquery()
            .label("newest_version"),
            ActionItem.code,
            Plan.title.label("plan_title"),
            Plan.status.label("plan_status"),
            Assignment.basis_reference,
            Assignment.basis_on,
            Report.id.label("report_id"),
            Report.number,
            Report.state,
            Report.kind,
            Report.version,
            Report.draft,
            Report.saved_at,
            Report.first_submitted_at,
            Indicator.id.label("indicator_id"),
            Indicator.name,
            Indicator.unit,
            Indicator.kind.label("indicator_kind"),
            own_target.value.label("own_target"),
            year_target.value.label("year_target"),
            IndicatorValue.value.label("reported_before"),
            VerifiedValue.value.label("verified_before"),
            _verified_in_the_year().label("verified_in_year"),
        )
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Agency, Agency.id == Obligation.agency_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(
            lead_party,
            sa.and_(
                lead_party.assignment_id == Assignment.id,
                lead_party.kind == PartyKind.LEAD,
                lead_party.ended_at.is_(None),
            ),
        )
        .join(lead, lead.id == lead_party.agency_id)
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(
            Indicator,
            sa.and_(
                Indicator.action_item_id == ActionItem.id,
                all_measured_by_report(),
                AssignmentParty.kind == PartyKind.LEAD,
            ),
        )
        .outerjoin(
            own_target,
            sa.and_(
                own_target.assignment_id == Assignment.id,
                own_target.indicator_id == Indicator.id,
                own_target.period_id == ReportingPeriod.id,
            ),
        )
        .outerjoin(
            year_target,
            sa.and_(
                year_target.assignment_id == Assignment.id,
                year_target.indicator_id == Indicator.id,
                year_target.period_id.is_(None),
                year_target.year == ReportingPeriod.year,
            ),
        )
        .outerjoin(
            IndicatorValue,
            sa.and_(
                IndicatorValue.revision_id == _newest_before(),
                IndicatorValue.indicator_id == Indicator.id,
            ),
        )
        .outerjoin(Verification, standing_verdict_on(IndicatorValue.revision_id))
        .outerjoin(VerifiedValue, verified_of(IndicatorValue.indicator_id))
        .where(
            Obligation.public_id == sa.bindparam("public_id"),
            Obligation.task_force_id == sa.bindparam("task_force_id"),
        )
        .order_by(Indicator.position, Indicator.id)
    )


OF_TASK_FORCE = _head()
OF_AGENCY = OF_TASK_FORCE.where(Obligation.agency_id == sa.bindparam("agency_id"))


def head_for(viewer: Viewer, public_id: str) -> ReportHead:
    """Return the head of a report that the viewer may open.

    It is a report of their agency or, for some, of their task force. Raises NotFound.
    """
    head = report_head(viewer, public_id)
    if head is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return head


def report_head(viewer: Viewer, public_id: str) -> ReportHead | None:
    """Return the head of a report, or None where the viewer may not know of it."""
    asked: dict[str, Any] = {
        "public_id": public_id,
        "task_force_id": viewer.own_task_force_id,
    }
    if viewer.may(Permission.SEE_REPORTS):
        rows = db.session.execute(OF_TASK_FORCE, asked).all()
    else:
        asked["agency_id"] = viewer.own_agency_id
        rows = db.session.execute(OF_AGENCY, asked).all()
    return _from(rows) if rows else None


def _from(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> ReportHead:
    row = rows[0]
    names = AgencyVersionNames(row.task_force_id, row.newest_version)
    measured = [one for one in rows if one.indicator_id is not None]
    return ReportHead(
        public_id=row.public_id,
        obligation_id=row.obligation_id,
        party_id=row.party_id,
        period_id=row.period_id,
        agency=names.agency(row.mapping_version, _present(row, "agency")),
        lead=names.agency(row.mapping_version, _present(row, "lead")),
        is_lead=row.party_kind is PartyKind.LEAD,
        title=row.title,
        numeral=row.numeral,
        working_group=row.short,
        period=f"{row.label} {row.year}",
        matrix_place=MatrixPlace(row.agency_slug, row.period_public_id),
        is_period_closed=row.closed_at is not None,
        end=EndRow(row.ended_as, row.ended_at, row.closed_reason or "") if row.ended_as else None,
        due_on=row.due_on,
        basis=BasisRow(
            code=row.code,
            plan_title=row.plan_title,
            is_plan_draft=row.plan_status is PlanStatus.DRAFT,
            reference=row.basis_reference,
            on=row.basis_on,
        ),
        report=_report(row),
        indicators=tuple(
            IndicatorRow(one.indicator_id, one.name, one.unit, one.indicator_kind)
            for one in measured
        ),
        targets={
            one.indicator_id: target for one in measured if (target := _target(one)) is not None
        },
        previous={
            one.indicator_id: (one.reported_before, one.verified_before)
            for one in measured
            if one.reported_before is not None
        },
    )


def _present(row: Any, prefix: str) -> AgencyName:
    one = row._mapping
    return AgencyName(
        id=one[f"{prefix}_id"],
        slug=one[f"{prefix}_slug"],
        abbreviation=one[f"{prefix}_abbreviation"],
        name=one[f"{prefix}_name"],
        is_court=one[f"{prefix}_kind"] is AgencyKind.PENGADILAN,
    )


def _report(row: Any) -> ReportRow | None:
    if row.report_id is None:
        return None
    return ReportRow(
        id=row.report_id,
        number=row.number,
        state=row.state,
        kind=row.kind,
        version=row.version,
        draft=row.draft,
        saved_at=row.saved_at,
        first_submitted_at=row.first_submitted_at,
    )


def _target(row: Any) -> PeriodTarget | None:
    """A period's own target, else the year's."""
    year: Decimal | None = row.year_target
    verified: Decimal | None = row.verified_in_year
    if row.own_target is not None:
        return PeriodTarget(row.own_target, f"{row.label} {row.year}", year, verified)
    return PeriodTarget(year, str(row.year), None, verified) if year is not None else None
