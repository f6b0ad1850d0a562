"""The mapping as it holds at a version."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from coordinator.db import db
from coordinator.mapping.duties.document import document_text
from coordinator.mapping.duties.models import (
    Amendment,
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    MappingVersion,
    Membership,
    WorkingGroup,
)
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.people.directory.models import Agency, FormerSlug
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Viewer


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
            .where(WorkingGroup.task_force_id == viewer.own_task_force_id, WorkingGroup.is_active)
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


def proposal_count(viewer: Viewer) -> int:
    """Count the duties in force that no text assigns."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(DutyRevision)
            .join(Duty, Duty.id == DutyRevision.duty_id)
            .where(
                Duty.task_force_id == viewer.own_task_force_id,
                DutyRevision.until.is_(None),
                DutyRevision.status == BasisStatus.PROPOSAL,
            )
        )
        or 0
    )


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
class GroupName:
    """What a pokja was called under a mapping version."""

    id: int
    key: str
    numeral: str
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class AgencyName:
    """What an agency was called under a mapping version. `slug` is its present address."""

    id: int
    slug: str
    abbreviation: str
    name: str
    is_court: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The pokja in their order and the agencies by abbreviation, as a version named them."""

    groups: tuple[GroupName, ...]
    agencies: tuple[AgencyName, ...]


def names_at(task_force_id: int, number: int) -> Names:
    """Return what pokja and agencies were called under mapping version `number`.

    A past period is read under the names it was reported under, whatever came after.
    """
    groups = db.session.scalars(
        sa.select(WorkingGroup).where(WorkingGroup.task_force_id == task_force_id)
    ).all()
    agencies = db.session.scalars(
        sa.select(Agency).where(Agency.task_force_id == task_force_id)
    ).all()
    newest = db.session.scalar(
        sa.select(sa.func.max(MappingVersion.number)).where(
            MappingVersion.task_force_id == task_force_id
        )
    )
    text = document_text(task_force_id, number) if number != newest else None
    if text is None:
        return Names(
            tuple(
                GroupName(row.id, row.key, row.numeral, row.short, row.name)
                for row in sorted(groups, key=lambda row: row.position)
                if row.is_active
            ),
            _by_abbreviation(
                AgencyName(row.id, row.slug, row.abbreviation, row.name, row.is_court)
                for row in agencies
                if row.is_active
            ),
        )
    content = json.loads(text)
    group_rows = {row.key: row for row in groups}
    agency_rows = {row.key: row for row in agencies}
    by_id = {row.id: row for row in agencies}
    for former in db.session.scalars(
        sa.select(FormerSlug).where(FormerSlug.task_force_id == task_force_id)
    ):
        agency_rows.setdefault(former.slug, by_id[former.agency_id])
    return Names(
        tuple(
            GroupName(
                group_rows[part["id"]].id, part["id"], part["number"], part["short"], part["name"]
            )
            for part in content["working_groups"]
        ),
        _by_abbreviation(
            AgencyName(
                agency_rows[part["id"]].id,
                agency_rows[part["id"]].slug,
                part["abbreviation"],
                part["name"],
                part["kind"] == AgencyKind.PENGADILAN.value,
            )
            for part in content["agencies"]
        ),
    )


def _by_abbreviation(names: Iterable[AgencyName]) -> tuple[AgencyName, ...]:
    return tuple(sorted(names, key=lambda name: name.abbreviation.lower()))
