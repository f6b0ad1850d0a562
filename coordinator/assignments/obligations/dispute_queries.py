"""Whether one part can be asked in one period: `disputed_parties` for a single report."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import PeriodException
from coordinator.db import db
from coordinator.mapping.answers.models import DutyResponse, Ruling
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.models import DutyRevision
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer


def _newest_answer() -> sa.ScalarSelect[int]:
    """The agency's newest answer to a duty in the substance that a revision has."""
    answered = aliased(DutyRevision)
    return (
        sa.select(sa.func.max(DutyResponse.id))
        .join(answered, answered.id == DutyResponse.duty_revision_id)
        .where(
            DutyResponse.duty_id == DutyRevision.duty_id,
            DutyResponse.agency_id == DutyRevision.agency_id,
            answered.substance_since == DutyRevision.substance_since,
        )
        .correlate(DutyRevision)
        .scalar_subquery()
    )


_ANSWER = aliased(DutyResponse)

# A row for each wording of a party's duties that may count in the period: the one in force at the
# period's version, and the present one.
WORDINGS = (
    sa.select(
        PartyDuty.duty_id,
        DutyRevision.since,
        DutyRevision.until,
        ReportingPeriod.mapping_version,
        _ANSWER.answer,
        Ruling.id.label("ruling_id"),
        Ruling.mapping_version.label("ruled_in"),
        PeriodException.ruling_id.label("excepted_id"),
    )
    .join(AssignmentParty, AssignmentParty.id == PartyDuty.party_id)
    .join(ReportingPeriod, ReportingPeriod.id == sa.bindparam("period_id"))
    .outerjoin(
        DutyRevision,
        sa.and_(
            DutyRevision.duty_id == PartyDuty.duty_id,
            DutyRevision.agency_id == AssignmentParty.agency_id,
            sa.or_(
                DutyRevision.until.is_(None),
                sa.and_(
                    DutyRevision.since <= ReportingPeriod.mapping_version,
                    DutyRevision.until > ReportingPeriod.mapping_version,
                ),
            ),
        ),
    )
    .outerjoin(_ANSWER, _ANSWER.id == _newest_answer())
    .outerjoin(Ruling, Ruling.response_id == _ANSWER.id)
    .outerjoin(
        PeriodException,
        sa.and_(
            PeriodException.period_id == ReportingPeriod.id,
            PeriodException.ruling_id == Ruling.id,
        ),
    )
    .where(
        PartyDuty.party_id == sa.bindparam("party_id"),
        ReportingPeriod.task_force_id == sa.bindparam("task_force_id"),
    )
)


def is_disputed(viewer: Viewer, party_id: int, period_id: int) -> bool:
    """Return whether nothing can be asked of a party in a period of the viewer's task force.

    That is so if all its duties are in dispute, by the rule of `disputed_parties`.
    """
    rows = db.session.execute(
        WORDINGS,
        {
            "party_id": party_id,
            "period_id": period_id,
            "task_force_id": viewer.own_task_force_id,
        },
    )
    by_duty: dict[int, list[Any]] = {}
    for row in rows:
        by_duty.setdefault(row.duty_id, []).append(row)
    return bool(by_duty) and all(_is_open(wordings) for wordings in by_duty.values())


def _is_open(wordings: Iterable[Any]) -> bool:
    """Return whether a duty is in dispute as the period has it.

    That is in the version's own wording; if the duty came to the agency later, in the present one.
    """
    counts = None
    for row in wordings:
        if row.mapping_version is None or row.since is None:
            continue
        if counts is None or row.since <= row.mapping_version:
            counts = row
    if counts is None or counts.answer in (None, Answer.ACCEPTED):
        return False
    return counts.ruling_id is None or (
        counts.excepted_id is None and counts.ruled_in > counts.mapping_version
    )
