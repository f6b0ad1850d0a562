"""The mapping as it is at a version."""

import functools
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from coordinator.db import db
from coordinator.mapping.duties.models import (
    Amendment,
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    MappingDocument,
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
class NamesInVersion:
    """The pokja in their order and the agencies by abbreviation, as a version named them."""

    groups: tuple[GroupName, ...]
    agencies: tuple[AgencyName, ...]


class VersionNames:
    """The pokja and agencies of a task force, as they are called now and were in some versions.

    Made from the rows of `all_names`.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows: dict[str, list[Any]] = {}
        for row in rows:
            self._rows.setdefault(row.what, []).append(row)

    def under(self, number: int) -> NamesInVersion:
        """Return the names under a version that was asked for: those of now where it is the newest
        or has no document."""
        text = next((row.name for row in self._of("document") if row.number == number), None)
        if text is None:
            groups = (row for row in self._of("group") if row.is_active)
            return NamesInVersion(
                tuple(
                    GroupName(row.id, row.key, row.slug, row.abbreviation, row.name)
                    for row in sorted(groups, key=lambda row: row.number)
                ),
                _by_abbreviation(_agency_now(row) for row in self._of("agency") if row.is_active),
            )
        group_ids = {row.key: row.id for row in self._of("group")}
        slugs = {row.id: row.slug for row in self._of("agency")}
        agency_ids = {row.key: row.id for row in (*self._of("former"), *self._of("agency"))}
        groups_then, agencies_then = _names_in(text)
        return NamesInVersion(
            tuple(GroupName(group_ids[key], key, *words) for key, *words in groups_then),
            _by_abbreviation(
                AgencyName(agency_ids[key], slugs[agency_ids[key]], short, name, kind == _COURT)
                for key, short, name, kind in agencies_then
            ),
        )

    def now(self) -> dict[int, AgencyName]:
        """Return today's name of every agency by its id, also of those no longer active."""
        return {row.id: _agency_now(row) for row in self._of("agency")}

    def _of(self, what: str) -> list[Any]:
        return self._rows.get(what, [])


def names_at(task_force_id: int, number: int) -> NamesInVersion:
    """Return what pokja and agencies were called under mapping version `number`.

    A past period keeps the names it was reported under, regardless of later changes.
    """
    return all_names(task_force_id, (number,)).under(number)


def all_names(task_force_id: int, numbers: Collection[int]) -> VersionNames:
    """Return what pokja and agencies are called now and under versions `numbers`, read at once."""
    values = {"task_force_id": task_force_id, "numbers": list(numbers)}
    return VersionNames(db.session.execute(_NAMES, values))


def _all_names() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement of `all_names`: a row for each agency, former slug and pokja, and for
    each document that is not the newest version's. What a row has no use for is empty."""
    force = sa.bindparam("task_force_id", type_=sa.Integer)
    empty: Any = sa.literal_column("''")
    none: Any = sa.literal_column("0")
    newest = sa.select(sa.func.max(MappingVersion.number)).where(
        MappingVersion.task_force_id == force
    )
    return sa.union_all(
        sa.select(
            sa.literal_column("'agency'", sa.String).label("what"),
            Agency.id,
            none.label("number"),
            Agency.key,
            Agency.slug,
            Agency.abbreviation,
            Agency.name,
            sa.cast(Agency.kind, sa.String(40)).label("kind"),
            Agency.is_active,
        ).where(Agency.task_force_id == force),
        sa.select(
            sa.literal_column("'former'"),
            *(FormerSlug.agency_id, none, FormerSlug.slug, empty, empty, empty, empty, sa.true()),
        ).where(FormerSlug.task_force_id == force),
        sa.select(
            sa.literal_column("'group'"),
            WorkingGroup.id,
            WorkingGroup.position,
            WorkingGroup.key,
            WorkingGroup.numeral,
            WorkingGroup.short,
            WorkingGroup.name,
            empty,
            WorkingGroup.is_active,
        ).where(WorkingGroup.task_force_id == force),
        sa.select(
            sa.literal_column("'document'"),
            MappingVersion.id,
            MappingVersion.number,
            *(empty, empty, empty, MappingDocument.content, empty, sa.true()),
        )
        .join(MappingDocument, MappingDocument.mapping_version_id == MappingVersion.id)
        .where(
            MappingVersion.task_force_id == force,
            MappingVersion.number.in_(sa.bindparam("numbers", expanding=True)),
            MappingVersion.number != newest.scalar_subquery(),
        ),
    )


_NAMES = _all_names()
_COURT = AgencyKind.PENGADILAN.value


@functools.lru_cache(maxsize=8)
def _names_in(document: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return (key, numeral, short, name) of the pokja and (key, abbreviation, name, kind) of the
    agencies in a document. A document never changes, and is long to read."""
    content = json.loads(document)
    return (
        tuple((p["id"], p["number"], p["short"], p["name"]) for p in content["working_groups"]),
        tuple((p["id"], p["abbreviation"], p["name"], p["kind"]) for p in content["agencies"]),
    )


def _agency_now(row: Any) -> AgencyName:
    return AgencyName(row.id, row.slug, row.abbreviation, row.name, row.kind == _COURT)


def _by_abbreviation(names: Iterable[AgencyName]) -> tuple[AgencyName, ...]:
    return tuple(sorted(names, key=lambda name: name.abbreviation.lower()))
