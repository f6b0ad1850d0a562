"""Reading obligations, what may be asked of whom, and until when."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments import queries as assignments
from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import Obligation, PeriodException
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.db import db
from coordinator.mapping.answers.models import DutyResponse, Ruling
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.models import DutyRevision
from coordinator.mapping.duties.queries import current_version
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer

DISPUTING = (Answer.NEEDS_EXPLANATION, Answer.NOT_OURS)


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


@dataclass(frozen=True, slots=True)
class Disputes:
    """Which parties cannot be asked in which period, because all their duties are in dispute."""

    by_period: Mapping[int, frozenset[int]]

    def covers(self, party_id: int, period_id: int) -> bool:
        """Return whether nothing can be asked of a party in a period."""
        return party_id in self.by_period.get(period_id, frozenset())


def disputed_parties(task_force_id: int, *, planned: ReportingPeriod | None = None) -> Disputes:
    """Return what is "belum jelas" in a task force's periods.

    With `planned`, a period that is not opened yet, also what would be if it were opened now.
    """
    statement = _disputed()
    now_published = current_version(task_force_id) if planned else None
    if planned is not None and now_published is not None:
        statement = _disputed_under(
            sa.case(
                (ReportingPeriod.id == planned.id, now_published.number),
                else_=ReportingPeriod.mapping_version,
            )
        )
    found: dict[int, set[int]] = {}
    for party_id, period_id in db.session.execute(statement, {"task_force_id": task_force_id}):
        found.setdefault(period_id, set()).add(party_id)
    return Disputes({period_id: frozenset(parties) for period_id, parties in found.items()})


@dataclass(frozen=True, slots=True)
class PartyObligation:
    """One party's report of an assignment in one period."""

    id: int
    public_id: str
    agency: str  # as it was called in the period
    period_id: int
    period: str
    due_on: date  # with the agency's extension
    ended_as: ObligationEnd | None
    is_disputed: bool


def obligations_of_assignment(assignment: Assignment) -> list[PartyObligation]:
    """Return the obligations of an assignment a caller may see, newest period first."""
    rows = db.session.execute(
        sa.select(Obligation, ReportingPeriod, due_on_column().label("last_day"))
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .outerjoin(Extension, extension_join())
        .where(AssignmentParty.assignment_id == assignment.id)
        .order_by(ReportingPeriod.covers_from.desc(), AssignmentParty.kind, AssignmentParty.id)
    ).all()
    names = PeriodNames(assignment.task_force_id)
    disputes = disputed_parties(assignment.task_force_id)
    return [
        PartyObligation(
            id=one.id,
            public_id=one.public_id,
            agency=names.agency(period.id, one.agency_id).abbreviation,
            period_id=period.id,
            period=period.title,
            due_on=last_day,
            ended_as=one.ended_as,
            is_disputed=disputes.covers(one.party_id, period.id),
        )
        for one, period, last_day in rows
    ]


@functools.cache
def _disputed() -> sa.Select[int, int]:
    """Return the statement of disputes under each period's own mapping version; built once."""
    return _disputed_under(ReportingPeriod.mapping_version)


def _disputed_under(version: sa.SQLColumnExpression[int | None]) -> sa.Select[int, int]:
    # The sum keeps the engine from starting at the thousands of duties behind parties.
    questioned = (
        sa.select(PartyDuty.party_id)
        .join(DutyResponse, DutyResponse.duty_id + 0 == PartyDuty.duty_id)
        .where(DutyResponse.answer.in_(DISPUTING))
    )
    return (
        sa.select(AssignmentParty.id, ReportingPeriod.id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ReportingPeriod, ReportingPeriod.task_force_id == Assignment.task_force_id)
        .where(
            Assignment.task_force_id == sa.bindparam("task_force_id"),
            AssignmentParty.id.in_(questioned),
            is_unclear(AssignmentParty.id, AssignmentParty.agency_id, ReportingPeriod.id, version),
        )
    )


def is_unclear(
    party_id: sa.SQLColumnExpression[int],
    agency_id: sa.SQLColumnExpression[int],
    period_id: sa.SQLColumnExpression[int],
    version: sa.SQLColumnExpression[int | None],
) -> sa.ColumnElement[bool]:
    """Return the condition that an agency disputes every duty behind its part in a period.

    Nothing can be asked of such a party. All four parameters are columns of the enclosing query. A
    period keeps the mapping `version` it was opened under, so a dispute counts in it if it is about
    the duty in that version. A ruling ends it in periods opened after the ruling, and where the
    ruling was made an exception of the period; in a period that had closed before, it remains
    unclear.
    """
    link, asked = aliased(PartyDuty), aliased(DutyResponse)
    disputed = _is_disputed(link.duty_id, agency_id, period_id, version)
    behind = sa.exists().where(link.party_id == party_id)
    return sa.and_(
        version.is_not(None),
        # Most agencies dispute nothing: this spares them the rest of the condition.
        sa.exists()
        .where(asked.agency_id == agency_id, asked.answer.in_(DISPUTING))
        .correlate_except(asked),
        behind.correlate_except(link),
        ~behind.where(~disputed).correlate_except(link),
    )


def _is_disputed(
    duty_id: sa.SQLColumnExpression[int],
    agency_id: sa.SQLColumnExpression[int],
    period_id: sa.SQLColumnExpression[int],
    version: sa.SQLColumnExpression[int | None],
) -> sa.ColumnElement[bool]:
    """Return the condition that an agency asks about a duty, or refuses it, in a period."""
    answer, given, ruling = aliased(DutyResponse), aliased(DutyRevision), aliased(Ruling)
    newer, newer_given = aliased(DutyResponse), aliased(DutyRevision)
    answered_since = (
        sa.select(newer.id)
        .join(newer_given, newer_given.id == newer.duty_revision_id)
        .where(
            newer.duty_id == answer.duty_id,
            newer.agency_id == answer.agency_id,
            newer.id > answer.id,
            newer_given.substance_since == given.substance_since,
        )
        .correlate_except(newer, newer_given)
        .exists()
    )
    excepted = (
        sa.select(PeriodException.ruling_id)
        .where(PeriodException.period_id == period_id, PeriodException.ruling_id == ruling.id)
        .correlate_except(PeriodException)
        .exists()
    )
    return (
        sa.select(answer.id)
        .join(given, given.id == answer.duty_revision_id)
        .outerjoin(ruling, ruling.response_id == answer.id)
        .where(
            answer.duty_id == duty_id,
            answer.agency_id == agency_id,
            answer.answer.in_(DISPUTING),
            given.substance_since == _substance(duty_id, agency_id, version),
            sa.or_(ruling.id.is_(None), sa.and_(ruling.mapping_version > version, ~excepted)),
            ~answered_since,
        )
        .correlate_except(answer, given, ruling)
        .exists()
    )


def _substance(
    duty_id: sa.SQLColumnExpression[int],
    agency_id: sa.SQLColumnExpression[int],
    version: sa.SQLColumnExpression[int | None],
) -> sa.ColumnElement[int]:
    """Return the substance of a duty in a version for an agency.

    If the duty came to the agency later, its present substance is returned.
    """
    held = aliased(DutyRevision)
    of_agency = sa.select(held.substance_since).where(
        held.duty_id == duty_id, held.agency_id == agency_id
    )
    then = of_agency.where(
        held.since <= version, sa.or_(held.until.is_(None), held.until > version)
    )
    return sa.func.coalesce(
        *(
            one.limit(1).correlate_except(held).scalar_subquery()
            for one in (then, of_agency.where(held.until.is_(None)))
        )
    )
