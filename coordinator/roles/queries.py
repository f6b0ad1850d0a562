"""The mapping as it holds at a version, and the agencies' answers."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.roles.models import (
    Amendment,
    Citation,
    Duty,
    DutyResponse,
    DutyRevision,
    LegalInstrument,
    MappingVersion,
    Membership,
    WorkingGroup,
)
from coordinator.roles.rules import Answer


def current_version(task_force_id: int) -> MappingVersion | None:
    """Return the newest mapping version of a task force."""
    return db.session.scalar(
        sa.select(MappingVersion)
        .where(MappingVersion.task_force_id == task_force_id)
        .order_by(MappingVersion.number.desc())
        .limit(1)
    )


def working_groups(viewer: Viewer) -> list[WorkingGroup]:
    """Return the pokja of the viewer's task force, in order."""
    return list(
        db.session.scalars(
            sa.select(WorkingGroup)
            .where(WorkingGroup.task_force_id == viewer.own_task_force_id)
            .order_by(WorkingGroup.position)
        )
    )


def memberships(viewer: Viewer, *, version: int | None = None) -> list[Membership]:
    """Return who is in which pokja at a version (default: now), leads first."""
    query = (
        sa.select(Membership)
        .join(Membership.working_group)
        .join(Membership.agency)
        .where(WorkingGroup.task_force_id == viewer.own_task_force_id)
        .options(
            joinedload(Membership.agency),
            joinedload(Membership.working_group),
            selectinload(Membership.citations).joinedload(Citation.instrument),
        )
        .order_by(WorkingGroup.position, Membership.kind, sa.func.lower(Agency.abbreviation))
    )
    if version is None:
        query = query.where(Membership.until.is_(None))
    else:
        query = query.where(
            Membership.since <= version,
            sa.or_(Membership.until.is_(None), Membership.until > version),
        )
    return list(db.session.scalars(query))


def duties(viewer: Viewer, *, agency_id: int | None = None) -> list[DutyRevision]:
    """Return the duties in force now, in the mapping's order; of one agency where given."""
    query = (
        sa.select(DutyRevision)
        .join(DutyRevision.duty)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .options(
            joinedload(DutyRevision.duty),
            joinedload(DutyRevision.agency),
            joinedload(DutyRevision.working_group),
            selectinload(DutyRevision.citations).joinedload(Citation.instrument),
        )
        .order_by(Duty.position)
    )
    if agency_id is not None:
        query = query.where(DutyRevision.agency_id == agency_id)
    return list(db.session.scalars(query))


def duties_by_id(duty_ids: Iterable[int]) -> list[DutyRevision]:
    """Return the wording in force now of duties that a caller already may see."""
    return list(
        db.session.scalars(
            sa.select(DutyRevision)
            .join(DutyRevision.duty)
            .where(DutyRevision.duty_id.in_(list(duty_ids)), DutyRevision.until.is_(None))
            .options(
                joinedload(DutyRevision.working_group),
                selectinload(DutyRevision.citations).joinedload(Citation.instrument),
            )
            .order_by(Duty.position)
        )
    )


def amendments() -> dict[int, list[LegalInstrument]]:
    """Return, by instrument id, what amended it, in order."""
    other = aliased(LegalInstrument)
    chains: dict[int, list[LegalInstrument]] = {}
    rows = db.session.execute(
        sa.select(Amendment.instrument_id, other)
        .join(other, other.id == Amendment.amended_by_id)
        .order_by(Amendment.instrument_id, Amendment.position)
    )
    for instrument_id, amending in rows:
        chains.setdefault(instrument_id, []).append(amending)
    return chains


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """An agency's newest answer to a duty."""

    duty_id: int
    agency_id: int
    answer: Answer


def latest_answers(task_force_id: int) -> list[LatestAnswer]:
    """Return the newest answer to each duty of a task force from the agency that has it."""
    newest = (
        sa.select(sa.func.max(DutyResponse.id))
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .where(Duty.task_force_id == task_force_id)
        .group_by(DutyResponse.duty_id, DutyResponse.agency_id)
    )
    rows = db.session.execute(
        sa.select(DutyResponse.duty_id, DutyResponse.agency_id, DutyResponse.answer).where(
            DutyResponse.id.in_(newest)
        )
    )
    return [LatestAnswer(*row) for row in rows]


def disputed_duties(task_force_id: int) -> set[int]:
    """Return the ids of duties whose agency asks or refuses, with no ruling yet."""
    return {
        answer.duty_id
        for answer in latest_answers(task_force_id)
        if answer.answer is not Answer.ACCEPTED
    }
