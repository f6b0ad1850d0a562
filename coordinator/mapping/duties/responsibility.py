"""The mapping as a responsibility matrix: agencies x pokja, with its gaps.

A gap is a pokja without koordinator, a member without a duty, a duty of an agency that is no
member, an agency in no pokja.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.mapping.duties.queries import current_version, memberships, working_groups
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import agencies
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Viewer


@dataclass(frozen=True, slots=True)
class MappingFilter:
    """What the address narrows the matrix to; empty values narrow nothing."""

    group: str = ""
    kind: AgencyKind | None = None
    status: BasisStatus | None = None
    gaps_only: bool = False


@dataclass(frozen=True, slots=True)
class GroupPart:
    """An agency's part in a pokja; `shown` counts the duties with the status asked for."""

    kind: MembershipKind | None
    duties: int
    shown: int

    @property
    def is_gap(self) -> bool:
        """Return whether it is a member without a duty, or has a duty without membership."""
        return self.kind is None or self.duties == 0


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency's line; `parts` by pokja id, only where it has one."""

    agency: Agency
    parts: dict[int, GroupPart]

    @property
    def is_homeless(self) -> bool:
        """Return whether the agency is in no pokja."""
        return not self.parts

    @property
    def gaps(self) -> int:
        """Return how many gaps this agency has."""
        return self.is_homeless + sum(part.is_gap for part in self.parts.values())

    @property
    def shown(self) -> int:
        """Return how many of its duties in all pokja have the selected status."""
        return sum(part.shown for part in self.parts.values())


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """A pokja with its totals over all agencies."""

    group: WorkingGroup
    lead: str | None
    members: int
    duties: int


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The matrix as filtered; `gaps` counts those of the rows and columns that are shown."""

    asked: MappingFilter
    version: int
    columns: list[GroupColumn]
    rows: list[AgencyRow] = field(default_factory=list)

    @property
    def duties(self) -> int:
        """Return the number of duties that are shown."""
        return sum(row.shown for row in self.rows)

    @property
    def gaps(self) -> int:
        """Return how many gaps are shown."""
        leaderless = sum(column.lead is None for column in self.columns)
        return leaderless + sum(row.gaps for row in self.rows)


def responsibility(viewer: Viewer, asked: MappingFilter) -> Responsibility:
    """Return the matrix of the viewer's task force for the current mapping."""
    groups = [
        group for group in working_groups(viewer) if not asked.group or group.key == asked.group
    ]
    kinds: dict[tuple[int, int], MembershipKind] = {}
    leads: dict[int, str] = {}
    for membership in memberships(viewer):
        kinds[membership.agency_id, membership.working_group_id] = membership.kind
        if membership.kind is MembershipKind.LEAD:
            leads[membership.working_group_id] = membership.agency.abbreviation
    counts = _duty_counts(viewer)
    version = current_version(viewer.own_task_force_id)
    columns = [
        GroupColumn(
            group=group,
            lead=leads.get(group.id),
            members=sum(group_id == group.id for _agency_id, group_id in kinds),
            duties=sum(
                _of(found, asked.status)
                for (_agency_id, group_id), found in counts.items()
                if group_id == group.id
            ),
        )
        for group in groups
    ]
    found = Responsibility(asked, version.number if version else 0, columns)
    for agency in agencies(viewer):
        if asked.kind is not None and agency.kind is not asked.kind:
            continue
        parts = {
            group_id: GroupPart(
                kinds.get((agency.id, group_id)),
                _of(counts.get((agency.id, group_id), {}), None),
                _of(counts.get((agency.id, group_id), {}), asked.status),
            )
            for group_id in [group.id for group in groups]
            if (agency.id, group_id) in kinds or (agency.id, group_id) in counts
        }
        row = AgencyRow(agency, parts)
        elsewhere = any(agency_id == agency.id for agency_id, _group in {*kinds, *counts})
        if not parts and (asked.group or elsewhere):
            continue
        if asked.gaps_only and not row.gaps:
            continue
        if asked.status is not None and not row.shown:
            continue
        found.rows.append(row)
    return found


def _of(counts: dict[BasisStatus, int], status: BasisStatus | None) -> int:
    return sum(counts.values()) if status is None else counts.get(status, 0)


def _duty_counts(viewer: Viewer) -> dict[tuple[int, int], dict[BasisStatus, int]]:
    """Return the duties in force by (agency, pokja), counted by status."""
    rows = db.session.execute(
        sa.select(
            DutyRevision.agency_id,
            DutyRevision.working_group_id,
            DutyRevision.status,
            sa.func.count(),
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .group_by(DutyRevision.agency_id, DutyRevision.working_group_id, DutyRevision.status)
    )
    counts: dict[tuple[int, int], dict[BasisStatus, int]] = {}
    for agency_id, group_id, status, count in rows:
        counts.setdefault((agency_id, group_id), {})[status] = count
    return counts
