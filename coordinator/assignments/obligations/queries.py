"""Reading obligations, what may be asked of whom, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.assignments import queries as assignments
from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import Obligation, PeriodException
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.db import db
from coordinator.mapping.answers.models import Ruling
from coordinator.mapping.answers.queries import latest_answers
from coordinator.mapping.duties.models import DutyRevision
from coordinator.mapping.duties.queries import current_version
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer


def due_in(period: ReportingPeriod) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions under which an assignment is reported in a period.

    The one place for it: opening a period and the page that says what would be due both ask here.
    """
    return (
        Assignment.task_force_id == period.task_force_id,
        Assignment.closed_at.is_(None),
        assignments.reported_in(period.covers_from, period.covers_until),
    )


def obligation_counts(viewer: Viewer) -> dict[int, int]:
    """Return, by period id, how many obligations the viewer's task force has in it."""
    rows = db.session.execute(
        sa.select(Obligation.period_id, sa.func.count())
        .where(Obligation.task_force_id == viewer.own_task_force_id)
        .group_by(Obligation.period_id)
    )
    return {row[0]: row[1] for row in rows}


def extensions(viewer: Viewer) -> dict[int, list[tuple[Extension, str]]]:
    """Return, by period id, the extensions with the agency's abbreviation."""
    found: dict[int, list[tuple[Extension, str]]] = {}
    rows = db.session.scalars(
        sa.select(Extension)
        .join(Agency, Agency.id == Extension.agency_id)
        .where(Agency.task_force_id == viewer.own_task_force_id)
        .order_by(Agency.abbreviation)
    )
    names = PeriodNames(viewer.own_task_force_id)
    for extension in rows:
        called = names.agency(extension.period_id, extension.agency_id).abbreviation
        found.setdefault(extension.period_id, []).append((extension, called))
    return found


def due_on_column() -> sa.ColumnElement[date]:
    """Return the last day of an obligation: its own, or the agency's extension if that is later.

    The query must outer-join Extension with `extension_join()`.
    """
    return sa.case(
        (Extension.until_on > Obligation.due_on, Extension.until_on), else_=Obligation.due_on
    )


def extension_join() -> sa.ColumnElement[bool]:
    """Return the condition that joins Extension to Obligation."""
    return sa.and_(
        Extension.period_id == Obligation.period_id, Extension.agency_id == Obligation.agency_id
    )


def obligations_of_assignment(assignment_id: int) -> list[tuple[Obligation, str, ReportingPeriod]]:
    """Return an assignment's obligations with agency and period, newest period first."""
    rows = db.session.execute(
        sa.select(Obligation, ReportingPeriod)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .where(AssignmentParty.assignment_id == assignment_id)
        .order_by(ReportingPeriod.covers_from.desc(), AssignmentParty.kind, AssignmentParty.id)
    ).all()
    names = {force: PeriodNames(force) for force in {row[0].task_force_id for row in rows}}
    return [
        (
            obligation,
            names[obligation.task_force_id].agency(period.id, obligation.agency_id).abbreviation,
            period,
        )
        for obligation, period in rows
    ]


@dataclass(frozen=True, slots=True)
class Disputes:
    """Which parties cannot be asked in which period, because all their duties are in dispute."""

    by_period: Mapping[int, frozenset[int]]

    def covers(self, party_id: int, period_id: int) -> bool:
        """Tell whether nothing can be asked of a party in a period."""
        return party_id in self.by_period.get(period_id, frozenset())


def disputed_parties(task_force_id: int, *, planned: ReportingPeriod | None = None) -> Disputes:
    """Return what is "belum jelas" in a task force's periods; with `planned`, a period that is not
    opened yet, also what would be if it were opened now.

    A period keeps the mapping it was opened under, so a dispute counts in it if it is about the
    duty as that version has it. A ruling ends it in periods opened after the ruling, and where the
    ruling was made an exception of the period; in a period that had closed before, what was unclear
    stays so.
    """
    asked = [answer for answer in latest_answers(task_force_id) if not answer.is_accepted]
    if not asked:
        return Disputes({})
    duties = {answer.duty_id for answer in asked}
    versions = {
        period.id: period.mapping_version
        for period in db.session.scalars(
            sa.select(ReportingPeriod).where(ReportingPeriod.task_force_id == task_force_id)
        )
        if period.mapping_version is not None
    }
    now_published = current_version(task_force_id) if planned else None
    if planned is not None and now_published is not None:
        versions[planned.id] = now_published.number
    rulings = db.session.execute(
        sa.select(Ruling.id, Ruling.mapping_version).where(
            Ruling.id.in_({answer.ruling_id for answer in asked} - {None})
        )
    )
    ruled_in = {row[0]: row[1] for row in rulings}
    exceptions = {
        (period_id, ruling_id)
        for period_id, ruling_id in db.session.execute(
            sa.select(PeriodException.period_id, PeriodException.ruling_id).where(
                PeriodException.period_id.in_(versions)
            )
        )
    }
    revisions = db.session.execute(
        sa.select(
            DutyRevision.duty_id,
            DutyRevision.agency_id,
            DutyRevision.substance_since,
            DutyRevision.since,
            DutyRevision.until,
        ).where(DutyRevision.duty_id.in_(duties))
    ).all()
    touched = sa.select(PartyDuty.party_id).where(PartyDuty.duty_id.in_(duties))
    parts: dict[int, tuple[int, set[int]]] = {}
    for party_id, agency_id, duty_id in db.session.execute(
        sa.select(PartyDuty.party_id, AssignmentParty.agency_id, PartyDuty.duty_id)
        .join(AssignmentParty, AssignmentParty.id == PartyDuty.party_id)
        .where(PartyDuty.party_id.in_(touched))
    ):
        parts.setdefault(party_id, (agency_id, set()))[1].add(duty_id)

    found = {}
    for period_id, version in versions.items():
        in_force: dict[tuple[int, int], int] = {}
        for row in sorted(revisions, key=lambda r: r.since, reverse=True):
            # The version's own wording; where the duty came to the agency later, the present one.
            if row.until is None:
                in_force.setdefault((row.duty_id, row.agency_id), row.substance_since)
            if row.since <= version and (row.until is None or row.until > version):
                in_force[row.duty_id, row.agency_id] = row.substance_since
        disputed = {
            (answer.duty_id, answer.agency_id)
            for answer in asked
            if in_force.get((answer.duty_id, answer.agency_id)) == answer.substance_since
            and (
                answer.ruling_id is None
                or (
                    (period_id, answer.ruling_id) not in exceptions
                    and ruled_in[answer.ruling_id] > version
                )
            )
        }
        found[period_id] = frozenset(
            party_id
            for party_id, (agency_id, own) in parts.items()
            if all((duty_id, agency_id) in disputed for duty_id in own)
        )
    return Disputes(found)
