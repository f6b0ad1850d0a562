"""Periods, draws, drawn reports and findings of the viewer's own task force."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report, ReportRevision, Verification
from coordinator.reporting.reports.rules import ReportState, Verdict
from coordinator.reporting.sampling.models import SampleDraw, SampledReport, SampleFinding


def _force(viewer: Viewer) -> int:
    return viewer.own_task_force_id if viewer.may(Permission.SEE_SAMPLE) else -1


def draw_of(viewer: Viewer, period_id: int) -> SampleDraw | None:
    """Return the draw of a period of the viewer's task force."""
    return db.session.scalar(
        sa.select(SampleDraw)
        .where(SampleDraw.period_id == period_id, SampleDraw.task_force_id == _force(viewer))
        .options(joinedload(SampleDraw.period))
    )


def verified_reports(task_force_id: int, period_id: int) -> dict[str, tuple[int, int]]:
    """Return (report id, revision id) of a period's verified reports, by the id in addresses."""
    rows = db.session.execute(
        sa.select(Obligation.public_id, Report.id, ReportRevision.id)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(ReportRevision, ReportRevision.report_id == Report.id)
        .join(Verification, Verification.revision_id == ReportRevision.id)
        .where(
            Obligation.task_force_id == task_force_id,
            Obligation.period_id == period_id,
            Report.state == ReportState.VERIFIED,
            Verification.verdict == Verdict.VERIFIED,
            Verification.reopened_at.is_(None),
        )
    )
    return {public_id: (report_id, revision_id) for public_id, report_id, revision_id in rows}


def period_of(viewer: Viewer, public_id: str) -> ReportingPeriod | None:
    """Return a period of the viewer's task force that was opened."""
    return db.session.scalar(
        sa.select(ReportingPeriod).where(
            ReportingPeriod.public_id == public_id,
            ReportingPeriod.task_force_id == _force(viewer),
            ReportingPeriod.opened_at.is_not(None),
        )
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report of the sample, with its newest finding."""

    sampled: SampledReport
    report_id: str
    number: str
    agency: str
    title: str
    numeral: str
    state: ReportState
    findings: tuple[SampleFinding, ...]

    @property
    def finding(self) -> SampleFinding | None:
        """The finding that counts: the newest."""
        return self.findings[-1] if self.findings else None


def _drawn(*conditions: sa.ColumnElement[bool]) -> list[Drawn]:
    rows = db.session.execute(
        sa.select(
            SampledReport,
            Obligation.public_id,
            Report.number,
            Obligation,
            title_column(),
            WorkingGroup.numeral,
            Report.state,
        )
        .join(SampleDraw, SampleDraw.id == SampledReport.draw_id)
        .join(Report, Report.id == SampledReport.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(WorkingGroup, WorkingGroup.id == Obligation.working_group_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(*conditions)
        .order_by(SampledReport.position)
        .options(joinedload(SampledReport.draw).joinedload(SampleDraw.period))
    ).all()
    names = {force: PeriodNames(force) for force in {row[3].task_force_id for row in rows}}
    found: dict[int, list[SampleFinding]] = {row[0].id: [] for row in rows}
    for finding in db.session.scalars(
        sa.select(SampleFinding)
        .where(SampleFinding.sampled_id.in_(found))
        .order_by(SampleFinding.id)
    ):
        found[finding.sampled_id].append(finding)
    return [
        Drawn(
            sampled=row[0],
            report_id=row[1],
            number=row[2] or "",
            agency=names[row[3].task_force_id]
            .agency(row[3].period_id, row[3].agency_id)
            .abbreviation,
            title=row[4],
            numeral=row[5],
            state=row[6],
            findings=tuple(found[row[0].id]),
        )
        for row in rows
    ]


def drawn_reports(viewer: Viewer, draw: SampleDraw) -> list[Drawn]:
    """Return the reports of a draw in the order they were drawn."""
    return _drawn(SampledReport.draw_id == draw.id, SampleDraw.task_force_id == _force(viewer))


def population(viewer: Viewer, draw: SampleDraw) -> list[tuple[str, str]]:
    """Return (id, number) of every report the sample was drawn from, by id."""
    ids = draw.population.split("\n")
    numbers: dict[str, str | None] = {
        row.public_id: row.number
        for row in db.session.execute(
            sa.select(Obligation.public_id, Report.number)
            .join(Report, Report.obligation_id == Obligation.id)
            .where(
                Obligation.task_force_id == _force(viewer),
                Obligation.period_id == draw.period_id,
            )
        )
    }
    return [(one, numbers.get(one) or "") for one in ids]


def drawn_report(viewer: Viewer, public_id: str) -> Drawn | None:
    """Return one report of a sample, or None where the viewer may not know of it."""
    found = _drawn(SampledReport.public_id == public_id, SampleDraw.task_force_id == _force(viewer))
    return found[0] if found else None
