"""Finding agencies, duties, actions and assignments by the words people use for them.

The texts are compared here and not by the database: SQLite knows no case beyond ASCII and neither
engine knows accents, and what is found must not depend on the engine. 5,000 actions take about a
twentieth of a second (docs/performance.md).
"""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.db import db
from coordinator.directory.models import Agency, AgencyAlias
from coordinator.home.rules import Finder, Piece, asked, telling
from coordinator.periods.models import Obligation
from coordinator.permissions import Permission, Viewer
from coordinator.plan.models import ActionItem, Plan
from coordinator.plan.rules import PartyKind
from coordinator.roles.models import Duty, DutyRevision, WorkingGroup

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its words, what stands beside it, and (endpoint, values) of where
    it leads."""

    title: list[Piece]
    beside: list[Piece]
    endpoint: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The things of one kind: the best of them, and how many there are."""

    kind: str
    hits: list[Hit]
    total: int


@dataclass(frozen=True, slots=True)
class _Agency:
    id: int
    slug: str
    abbreviation: str
    name: str
    names: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: int
    order: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Findings:
    """What a query finds; `is_partial` where nothing holds all its words, and these hold some."""

    groups: list[Found]
    is_partial: bool = False

    @property
    def total(self) -> int:
        """How many things were found."""
        return sum(group.total for group in self.groups)


def search(viewer: Viewer, query: str) -> Findings:
    """Return what a query finds among what the viewer may read, by kind; kinds without a hit are
    left out. Of assignments an agency's people find their own alone."""
    words = asked(query)
    agencies = _agencies(viewer) if words else {}
    found = _groups(viewer, Finder(words), agencies)
    parts = telling(words)
    if found or len(words) < 2 or not parts:
        return Findings(found)
    found = _groups(viewer, Finder(parts, any_word=True), agencies)
    return Findings(found, is_partial=bool(found))


def _groups(viewer: Viewer, finder: Finder, agencies: dict[int, _Agency]) -> list[Found]:
    found = []
    if viewer.may(Permission.SEE_MAPPING):
        found.append(_of_agencies(finder, agencies))
        found.append(_of_duties(viewer, finder, agencies))
    if viewer.may(Permission.SEE_PLAN):
        found.append(_of_actions(viewer, finder))
    if viewer.may(Permission.SEE_ASSIGNMENTS) or viewer.may(Permission.SEE_OWN_TASKS):
        found.append(_of_assignments(viewer, finder, agencies))
    return [group for group in found if group.total]


def _best(kind: str, candidates: list[_Candidate]) -> Found:
    best = sorted(candidates, key=lambda one: (one.rank, one.order))
    return Found(kind, [one.hit for one in best[:SHOWN]], len(best))


def _agencies(viewer: Viewer) -> dict[int, _Agency]:
    """Return the active agencies of the viewer's task force by id, each with all its names."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for agency_id, name in db.session.execute(
        sa.select(AgencyAlias.agency_id, AgencyAlias.name).where(
            AgencyAlias.task_force_id == viewer.own_task_force_id
        )
    ):
        aliases[agency_id].append(name)
    rows = db.session.execute(
        sa.select(Agency.id, Agency.slug, Agency.abbreviation, Agency.name)
        .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    return {
        row.id: _Agency(
            row.id,
            row.slug,
            row.abbreviation,
            row.name,
            " ".join([row.abbreviation, row.name, *aliases[row.id]]),
        )
        for row in rows
    }


def _of_agencies(finder: Finder, agencies: dict[int, _Agency]) -> Found:
    found = []
    for order, agency in enumerate(agencies.values()):
        if not finder.finds(agency.names):
            continue
        shown = f"{agency.abbreviation} {agency.name}"
        beside = agency.name if agency.name != agency.abbreviation else ""
        if not finder.finds(shown):  # found by another name: say which, or nobody understands why
            beside = _("%(name)s; juga disebut %(names)s", name=agency.name, names=_others(agency))
        hit = Hit(
            finder.pieces(agency.abbreviation),
            finder.pieces(beside),
            "roles.mapping",
            {"instansi": agency.slug},
        )
        found.append(_Candidate(finder.rank(agency.names), order, hit))
    return _best("agency", found)


def _others(agency: _Agency) -> str:
    return agency.names.removeprefix(f"{agency.abbreviation} {agency.name} ")


def _of_duties(viewer: Viewer, finder: Finder, agencies: dict[int, _Agency]) -> Found:
    rows = db.session.execute(
        sa.select(
            DutyRevision.text,
            DutyRevision.unit,
            DutyRevision.agency_id,
            WorkingGroup.numeral,
            WorkingGroup.short,
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .join(WorkingGroup, WorkingGroup.id == DutyRevision.working_group_id)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .order_by(Duty.position)
    )
    found = []
    for order, row in enumerate(rows):
        agency = agencies.get(row.agency_id)
        if agency is None or not finder.finds(row.text, row.unit, agency.names):
            continue
        beside = f"{agency.abbreviation} · Pokja {row.numeral} {row.short}"
        if row.unit:
            beside += f" · {row.unit}"
        hit = Hit(
            finder.pieces(row.text),
            finder.pieces(beside),
            "roles.mapping",
            {"instansi": agency.slug},
        )
        found.append(_Candidate(finder.rank(row.text), order, hit))
    return _best("duty", found)


def _of_actions(viewer: Viewer, finder: Finder) -> Found:
    rows = db.session.execute(
        sa.select(
            ActionItem.code,
            ActionItem.title,
            ActionItem.question,
            ActionItem.working_group_key,
            Plan.title.label("plan"),
        )
        .join(Plan, Plan.id == ActionItem.plan_id)
        .where(sa.or_(Plan.task_force_id.is_(None), Plan.task_force_id == viewer.own_task_force_id))
        .order_by(ActionItem.plan_id, ActionItem.position, ActionItem.id)
    )
    found = []
    for order, row in enumerate(rows):
        if not finder.finds(row.code, row.title, row.question):
            continue
        in_title = finder.finds(row.code, row.title)
        hit = Hit(
            finder.pieces(f"{row.code} {row.title}"),
            finder.pieces(row.plan if in_title else f"{row.question} · {row.plan}"),
            "assignments.action_plan",
            {"pokja": row.working_group_key},
        )
        found.append(_Candidate(finder.rank(row.code, row.title), order, hit))
    return _best("action", found)


def _of_assignments(viewer: Viewer, finder: Finder, agencies: dict[int, _Agency]) -> Found:
    reads_all = viewer.may(Permission.SEE_ASSIGNMENTS)
    rows = db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.public_id,
            Assignment.basis_reference,
            ActionItem.code,
            ActionItem.title,
            AssignmentParty.id.label("party_id"),
            AssignmentParty.agency_id,
            AssignmentParty.kind,
        )
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
        .order_by(Assignment.due_on, Assignment.id, AssignmentParty.kind, AssignmentParty.id)
    ).all()
    parties: dict[int, list[sa.Row[*tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        parties[row.id].append(row)
    own = {row.id: row.party_id for row in rows if row.agency_id == viewer.own_agency_id}
    reports = {} if reads_all else _newest_reports(set(own.values()))
    found = []
    for order, (assignment_id, its) in enumerate(parties.items()):
        if not reads_all and assignment_id not in own:
            continue
        first = its[0]
        holders = [(agencies[row.agency_id], row.kind) for row in its if row.agency_id in agencies]
        called = " ".join(agency.names for agency, _kind in holders)
        if not finder.finds(first.code, first.title, first.basis_reference, called):
            continue
        beside = ", ".join(
            f"{agency.abbreviation} ({_('penanggung jawab')})"
            if kind is PartyKind.LEAD
            else agency.abbreviation
            for agency, kind in holders
        )
        if reads_all:
            endpoint, values = "progress.assignment", {"assignment_id": first.public_id}
        elif own[assignment_id] in reports:
            endpoint, values = "progress.report", {"report_id": reports[own[assignment_id]]}
        else:
            endpoint, values = "progress.my_tasks", {}
        hit = Hit(
            finder.pieces(f"{first.code} {first.title}"),
            finder.pieces(f"{beside} · {first.basis_reference}"),
            endpoint,
            values,
        )
        found.append(_Candidate(finder.rank(first.code, first.title), order, hit))
    return _best("assignment", found)


def _newest_reports(party_ids: set[int]) -> dict[int, str]:
    """Return, by party, the address of its newest report."""
    rows = db.session.execute(
        sa.select(Obligation.party_id, Obligation.public_id)
        .where(Obligation.party_id.in_(party_ids), Obligation.ended_as.is_(None))
        .order_by(Obligation.id)
    )
    return {row[0]: row[1] for row in rows}
