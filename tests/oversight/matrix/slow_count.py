"""The matrix counted the slow, obvious way: every obligation looked at by itself, no summary."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.models import AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import disputed_parties
from coordinator.clock import local
from coordinator.db import db
from coordinator.oversight.matrix.measure_rules import Measure, ratio
from coordinator.oversight.matrix.rules import (
    SEVERITY,
    UNCOUNTED,
    Band,
    Counts,
    Layer,
    MatrixCell,
    band_of_ratio,
    reporting_cell,
    verified_cell,
)
from coordinator.oversight.matrix.rules import Tasks as NoTasks
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.papers.queries import unanswered
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import ReportKind, ReportState

SENT = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.VERIFIED)


@dataclass
class Place:
    """What an agency owes in a pokja."""

    counts: Counts = field(default_factory=Counts)
    led: list[tuple[Band, Decimal | None]] = field(default_factory=list)

    def cell(self, layer: Layer) -> MatrixCell:
        """Return the cell of a layer, for a place where something is led."""
        if layer is Layer.LAPOR:
            return reporting_cell(self.counts, NoTasks())
        if layer is Layer.TERVERIFIKASI:
            return verified_cell(self.counts, NoTasks())
        counted = [(band, share) for band, share in self.led if band in SEVERITY]
        if not counted:
            found = {band for band, _share in self.led}
            return MatrixCell(next(band for band in UNCOUNTED if band in found), 0, len(self.led))
        worst = min((band for band, _share in counted), key=SEVERITY.index)
        good = sum(band in (Band.ON_TARGET, Band.COMPLETE) for band, _share in counted)
        share = counted[0][1] if len(counted) == 1 else None
        return MatrixCell(
            worst, good, len(counted), None if share is None else int(share * 100 // 1)
        )


def count(viewer: Viewer, period: ReportingPeriod, on: date) -> dict[tuple[int, int], Place]:
    """Return what every agency owes in every pokja, by (agency id, pokja id)."""
    disputes = disputed_parties(viewer.own_task_force_id)
    typed = {one.report_id for one in unanswered(viewer, on, period_id=period.id) if one.is_long}
    found: dict[tuple[int, int], Place] = defaultdict(Place)
    for obligation in db.session.scalars(
        sa.select(Obligation).where(
            Obligation.period_id == period.id, Obligation.ended_as.is_(None)
        )
    ):
        place = found[obligation.agency_id, obligation.working_group_id]
        is_disputed = disputes.covers(obligation.party_id, period.id)
        place.counts += _counts(viewer, obligation, on, is_disputed, obligation.public_id in typed)
        if obligation.party.kind is PartyKind.LEAD:
            place.led.append((Band.DISPUTED, None) if is_disputed else _band(obligation, on))
    return found


def _report(obligation: Obligation) -> Report | None:
    return db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))


def _last_day(obligation: Obligation) -> date:
    more = db.session.scalar(
        sa.select(Extension.until_on).where(
            Extension.period_id == obligation.period_id,
            Extension.agency_id == obligation.agency_id,
        )
    )
    return max(obligation.due_on, more or obligation.due_on)


def _counts(
    viewer: Viewer, obligation: Obligation, on: date, is_disputed: bool, is_unconfirmed: bool
) -> Counts:
    if is_disputed:
        return Counts(total=1, disputed=1)
    if is_unconfirmed:
        return Counts(total=1, unconfirmed=1)
    report = _report(obligation)
    state = report.state if report else None
    kind = report.kind if report else None
    sent = report.first_submitted_at if report else None
    is_late = _last_day(obligation) < on
    is_reported = state in SENT
    in_time = (
        is_reported
        and sent is not None
        and local(sent, viewer.zone).date() <= _last_day(obligation)
    )
    return Counts(
        total=1,
        due=int(is_late or is_reported),
        in_time=int(in_time),
        reported=int(is_reported),
        verified=int(state is ReportState.VERIFIED),
        waiting=int(is_reported and state is not ReportState.VERIFIED),
        nil=int(kind is ReportKind.NIL),
        blocked=int(kind is ReportKind.BLOCKED),
        silent=int(is_late and not is_reported),
    )


def _band(obligation: Obligation, on: date) -> tuple[Band, Decimal | None]:
    report = _report(obligation)
    if report is not None and report.kind in (ReportKind.NIL, ReportKind.BLOCKED):
        return (Band.NIL if report.kind is ReportKind.NIL else Band.BLOCKED), None
    if report is None or report.state not in SENT:
        return (Band.SILENT if _last_day(obligation) < on else Band.NOT_DUE), None
    measures = _measures(obligation)
    shares = [share for measure in measures if (share := ratio(measure)) is not None]
    if not shares:
        has_target = any(measure.yearly_target is not None for measure in measures)
        return (Band.NOT_DUE if has_target else Band.NO_TARGET), None
    lowest = min(shares)
    if report.state is ReportState.SUBMITTED and lowest < Decimal("0.9"):
        return Band.WAITING, None
    is_verified = report.state is ReportState.VERIFIED
    return band_of_ratio(lowest, is_fully_verified=is_verified), lowest


def _measures(obligation: Obligation) -> list[Measure]:
    assignment, period = obligation.party.assignment, obligation.period
    return [
        Measure(
            kind=indicator.kind,
            better=indicator.better,
            accumulation=indicator.accumulation,
            yearly_target=_target(assignment.id, indicator, period, own=False),
            period_target=_target(assignment.id, indicator, period, own=True),
            verified_now=_verified(assignment.id, indicator, period, so_far=False),
            verified_so_far=_verified(assignment.id, indicator, period, so_far=True),
            position=period.position,
            periods_in_year=period.periods_in_year,
        )
        for indicator in _indicators(obligation)
    ]


def _indicators(obligation: Obligation) -> list[Indicator]:
    """Those the report was sent with; where it was sent with none, those of the plan."""
    report = _report(obligation)
    sent = {
        value.indicator_id
        for revision in (report.revisions if report else ())
        for value in revision.values
    }
    action_id = obligation.party.assignment.action_item_id
    return [
        one
        for one in db.session.scalars(sa.select(Indicator).order_by(Indicator.id))
        if one.action_item_id == action_id and (one.id in sent if sent else one.left_in is None)
    ]


def _target(
    assignment_id: int, indicator: Indicator, period: ReportingPeriod, *, own: bool
) -> Decimal | None:
    for target in db.session.scalars(
        sa.select(AssignmentTarget).where(
            AssignmentTarget.assignment_id == assignment_id,
            AssignmentTarget.indicator_id == indicator.id,
        )
    ):
        is_yearly = target.period_id is None and target.year == period.year
        if target.period_id == period.id if own else is_yearly:
            return target.value
    return None


def _verified(
    assignment_id: int, indicator: Indicator, period: ReportingPeriod, *, so_far: bool
) -> Decimal | None:
    values = []
    for obligation in db.session.scalars(sa.select(Obligation)):
        party, other = obligation.party, obligation.period
        if party.assignment_id != assignment_id or party.kind is not PartyKind.LEAD:
            continue
        if other.year != period.year or other.position > period.position:
            continue
        if not so_far and other.id != period.id:
            continue
        report = _report(obligation)
        if report is None or report.state is not ReportState.VERIFIED:
            continue
        values += db.session.scalars(
            sa.select(VerifiedValue.value)
            .join(Verification, Verification.id == VerifiedValue.verification_id)
            .join(ReportRevision, ReportRevision.id == Verification.revision_id)
            .where(
                ReportRevision.report_id == report.id,
                Verification.reopened_at.is_(None),
                VerifiedValue.indicator_id == indicator.id,
            )
        )
    return sum(values, Decimal(0)) if values else None
