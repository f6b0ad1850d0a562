"""What nobody holds, who holds nothing, and how much each agency holds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision, Membership, WorkingGroup
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.queries import may_be_assigned
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import UNSENT_STATES

FIRST = 5


@dataclass(frozen=True, slots=True)
class FreeActions:
    """How many of the plan's actions nobody holds, and the first of them in the plan's order."""

    total: int
    first: list[tuple[str, str]]  # (code, title)


def free_actions(viewer: Viewer) -> FreeActions:
    """Return the actions that nobody of the viewer's task force holds."""
    held = sa.select(Assignment.action_item_id).where(
        Assignment.task_force_id == viewer.own_task_force_id, Assignment.closed_at.is_(None)
    )
    rows = db.session.execute(
        sa.select(ActionItem.code, ActionItem.title, sa.func.count().over())
        .where(may_be_assigned(viewer), ActionItem.id.not_in(held))
        .order_by(ActionItem.plan_id, ActionItem.position, ActionItem.id)
        .limit(FIRST)
    ).all()
    return FreeActions(rows[0][2] if rows else 0, [(row[0], row[1]) for row in rows])


@dataclass(frozen=True, slots=True)
class Load:
    """What one agency holds: duties in the mapping, open assignments by part, reports to send."""

    slug: str
    abbreviation: str
    name: str
    groups: tuple[str, ...]  # numerals of its pokja
    group_keys: frozenset[str]
    duties: int
    leads: int
    supports: int
    reports: int

    @property
    def is_idle(self) -> bool:
        """True for a member of a pokja that holds no open assignment."""
        return bool(self.groups) and not self.leads and not self.supports


def _takes_work(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A court shares data only: it is never without work, because none is for it."""
    return sa.and_(
        Agency.task_force_id == viewer.own_task_force_id,
        Agency.is_active,
        Agency.kind != AgencyKind.PENGADILAN,
    )


def idle_agencies(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the (slug, abbreviation) of members of a pokja that hold no open assignment."""
    busy = (
        sa.select(AssignmentParty.agency_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
    )
    members = sa.select(Membership.agency_id).where(Membership.until.is_(None))
    rows = db.session.execute(
        sa.select(Agency.slug, Agency.abbreviation)
        .where(_takes_work(viewer), Agency.id.in_(members), Agency.id.not_in(busy))
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return [(row[0], row[1]) for row in rows]


def loads(viewer: Viewer) -> list[Load]:
    """Return what every agency of the viewer's task force holds, by name; courts are left out."""
    groups: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for agency_id, numeral, key in db.session.execute(
        sa.select(Membership.agency_id, WorkingGroup.numeral, WorkingGroup.key)
        .join(WorkingGroup, WorkingGroup.id == Membership.working_group_id)
        .where(
            WorkingGroup.task_force_id == viewer.own_task_force_id,
            WorkingGroup.is_active,
            Membership.until.is_(None),
        )
        .order_by(WorkingGroup.position)
    ):
        groups[agency_id].append((numeral, key))
    duties = _counted(
        sa.select(DutyRevision.agency_id, sa.func.count())
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .group_by(DutyRevision.agency_id)
    )
    parts = {kind: _parts(viewer, kind) for kind in PartyKind}
    reports = _counted(
        sa.select(Obligation.agency_id, sa.func.count())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
            sa.or_(Report.id.is_(None), Report.state.in_(UNSENT_STATES)),
        )
        .group_by(Obligation.agency_id)
    )
    rows = db.session.execute(
        sa.select(Agency.id, Agency.slug, Agency.abbreviation, Agency.name)
        .where(_takes_work(viewer))
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return [
        Load(
            slug=row.slug,
            abbreviation=row.abbreviation,
            name=row.name,
            groups=tuple(numeral for numeral, _key in groups[row.id]),
            group_keys=frozenset(key for _numeral, key in groups[row.id]),
            duties=duties.get(row.id, 0),
            leads=parts[PartyKind.LEAD].get(row.id, 0),
            supports=parts[PartyKind.SUPPORT].get(row.id, 0),
            reports=reports.get(row.id, 0),
        )
        for row in rows
    ]


def _counted(query: sa.Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _parts(viewer: Viewer, kind: PartyKind) -> dict[int, int]:
    return _counted(
        sa.select(AssignmentParty.agency_id, sa.func.count())
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
            AssignmentParty.kind == kind,
        )
        .group_by(AssignmentParty.agency_id)
    )


# The columns a list of loads can be sorted by; the value of each is what is compared.
ORDERS = {
    "instansi": lambda load: load.abbreviation.lower(),
    "tugas": lambda load: load.duties,
    "utama": lambda load: load.leads,
    "dukung": lambda load: load.supports,
    "laporan": lambda load: load.reports,
}


def shown(
    all_loads: Iterable[Load], *, working_group: str, only_idle: bool, order: str
) -> list[Load]:
    """Return the loads that are asked for, sorted by a column of ORDERS.

    `working_group` (a key) and `only_idle` filter them. "-" before the column reverses the order;
    an unknown order is by name.
    """
    rows = [
        load
        for load in all_loads
        if (not working_group or working_group in load.group_keys)
        and (not only_idle or load.is_idle)
    ]
    key = ORDERS.get(order.removeprefix("-"))
    return sorted(rows, key=key, reverse=order.startswith("-")) if key else rows
