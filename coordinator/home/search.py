"""Finding agencies, duties, actions and assignments by the words people use for them.

The texts are compared here and not by the database: SQLite knows no case beyond ASCII and neither
engine knows accents, and what is found must not depend on the engine. 5,000 actions take about a
tenth of a second (docs/performance.md).
"""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, part_title
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import former_names
from coordinator.db import db
from coordinator.home.rules import Finder, Piece, asked, folded, telling
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.people.directory.models import Agency, AgencyAlias
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem, Plan
from coordinator.plans.actions.rules import PartyKind
from coordinator.translation import gettext as _

SHOWN = 20


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One hit: its title, the text shown next to it, and its address."""

    title: list[Piece]
    beside: list[Piece]
    href: str


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The things of one kind: the best of them, and how many there are."""

    kind: str
    hits: list[SearchHit]
    total: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a query finds; `is_partial` where nothing holds all its words, and these hold some."""

    groups: list[SearchGroup]
    is_partial: bool = False

    @property
    def total(self) -> int:
        """How many things were found."""
        return sum(group.total for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Agency:
    slug: str
    abbreviation: str
    name: str
    others: str  # what else it is called
    formerly: str  # what it was called in earlier periods
    folded: str  # all its names


@dataclass(slots=True)
class _Thing:
    """Something that can be found by its folded text; only what is shown becomes a hit."""

    folded: str
    title: str
    beside: str
    href: str


def search(viewer: Viewer, query: str) -> Findings:
    """Return what a query finds among what the viewer may read, by kind; kinds without a hit are
    left out. Of assignments an agency's people find their own alone."""
    words = asked(query)
    if not words:
        return Findings([])
    things = _things(viewer)
    found = _found(things, Finder(words))
    parts = telling(words)
    if found or len(words) < 2 or not parts:
        return Findings(found)
    found = _found(things, Finder(parts, any_word=True))
    return Findings(found, is_partial=bool(found))


def _things(viewer: Viewer) -> dict[str, list[_Thing]]:
    agencies = _agencies(viewer)
    found = {}
    if viewer.may(Permission.SEE_MAPPING):
        found["agency"] = _agency_things(agencies)
        found["duty"] = _duty_things(viewer, agencies)
    if viewer.may(Permission.SEE_PLAN):
        found["action"] = _action_things(viewer)
    if viewer.may(Permission.SEE_ASSIGNMENTS) or viewer.may(Permission.SEE_OWN_TASKS):
        found["assignment"] = _assignment_things(viewer, agencies)
    return found


def _found(things: dict[str, list[_Thing]], finder: Finder) -> list[SearchGroup]:
    groups = []
    for kind, candidates in things.items():
        hits = [thing for thing in candidates if finder.finds(thing.folded)]
        if not hits:
            continue
        best = sorted(hits, key=lambda thing: finder.rank(thing.title))[:SHOWN]
        groups.append(SearchGroup(kind, [_hit(finder, thing) for thing in best], len(hits)))
    return groups


def _hit(finder: Finder, thing: _Thing) -> SearchHit:
    return SearchHit(finder.pieces(thing.title), finder.pieces(thing.beside), thing.href)


def _agencies(viewer: Viewer) -> dict[int, _Agency]:
    """Return the active agencies of the viewer's task force by id, with all their names."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for agency_id, alias in db.session.execute(
        sa.select(AgencyAlias.agency_id, AgencyAlias.name)
        .where(AgencyAlias.task_force_id == viewer.own_task_force_id)
        .order_by(AgencyAlias.name)
    ):
        aliases[agency_id].append(alias)
    rows = db.session.execute(
        sa.select(Agency.id, Agency.slug, Agency.abbreviation, Agency.name)
        .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    found = {}
    former = former_names(viewer.own_task_force_id)
    for agency_id, slug, abbreviation, name in rows:
        others = ", ".join(aliases[agency_id])
        formerly = ", ".join(former.get(agency_id, ()))
        whole = folded(f"{abbreviation} {name} {others} {formerly}")
        found[agency_id] = _Agency(slug, abbreviation, name, others, formerly, whole)
    return found


def _agency_things(agencies: dict[int, _Agency]) -> list[_Thing]:
    """Agencies say by what other names they are known: else nobody knows why one was found."""
    found = []
    for agency in agencies.values():
        parts = [agency.name] if agency.name != agency.abbreviation or agency.others else []
        if agency.others:
            parts.append(_("juga disebut %(names)s", names=agency.others))
        if agency.formerly:
            parts.append(_("dahulu %(names)s", names=agency.formerly))
        beside = " · ".join(parts)
        found.append(_thing(agency.folded, agency.abbreviation, beside, agency))
    return found


def _thing(whole: str, title: str, beside: str, agency: _Agency) -> _Thing:
    return _Thing(whole, title, beside, f"/peran?{urlencode({'instansi': agency.slug})}")


def _duty_things(viewer: Viewer, agencies: dict[int, _Agency]) -> list[_Thing]:
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
    for text, unit, agency_id, numeral, short in rows:
        agency = agencies.get(agency_id)
        if agency is None:
            continue
        beside = f"{agency.abbreviation} · Pokja {numeral} {short}"
        if unit:
            beside += f" · {unit}"
        whole = f"{folded(f'{text} {unit}' if unit else text)} {agency.folded}"
        found.append(_thing(whole, text, beside, agency))
    return found


def _action_things(viewer: Viewer) -> list[_Thing]:
    is_read = sa.or_(Plan.task_force_id.is_(None), Plan.task_force_id == viewer.own_task_force_id)
    plans = db.session.execute(sa.select(Plan.id, Plan.title).where(is_read))
    titles = {row.id: row.title for row in plans}
    rows = db.session.execute(
        sa.select(
            ActionItem.plan_id,
            ActionItem.public_id,
            ActionItem.code,
            ActionItem.title,
            ActionItem.question,
        )
        .where(ActionItem.plan_id.in_(titles), ActionItem.left_in.is_(None))
        .order_by(ActionItem.plan_id, ActionItem.position, ActionItem.id)
    )
    return [
        _Thing(
            folded(f"{code} {title} {question}"),
            f"{code} {title}",
            f"{question} · {titles[plan_id]}",
            f"/rencana/{public_id}",
        )
        for plan_id, public_id, code, title, question in rows
    ]


def _assignment_things(viewer: Viewer, agencies: dict[int, _Agency]) -> list[_Thing]:
    reads_all = viewer.may(Permission.SEE_ASSIGNMENTS)
    query = (
        sa.select(
            Assignment.id,
            Assignment.public_id,
            ActionItem.code,
            ActionItem.title,
            Assignment.part,
            Assignment.basis_reference,
        )
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(Assignment.task_force_id == viewer.own_task_force_id, Assignment.closed_at.is_(None))
        .order_by(Assignment.due_on, Assignment.id)
    )
    parties = (
        sa.select(
            AssignmentParty.assignment_id,
            AssignmentParty.id,
            AssignmentParty.agency_id,
            AssignmentParty.kind,
        )
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
        .order_by(AssignmentParty.kind, AssignmentParty.id)
    )
    if not reads_all:
        own = AssignmentParty.__table__.alias("own")
        mine = sa.select(own.c.assignment_id).where(
            own.c.agency_id == viewer.own_agency_id, own.c.ended_at.is_(None)
        )
        query, parties = (
            query.where(Assignment.id.in_(mine)),
            parties.where(Assignment.id.in_(mine)),
        )
    holders: dict[int, list[tuple[int, int, PartyKind]]] = defaultdict(list)
    for assignment_id, party_id, agency_id, kind in db.session.execute(parties):
        if agency_id in agencies:
            holders[assignment_id].append((party_id, agency_id, kind))
    targets = _Targets(viewer, holders, reads_all=reads_all)
    word = _("penanggung jawab")
    found = []
    for assignment_id, public_id, code, whole_title, part, reference in db.session.execute(query):
        title = part_title(whole_title, part)
        its = [(agencies[agency_id], kind) for _party, agency_id, kind in holders[assignment_id]]
        names = ", ".join(
            f"{agency.abbreviation} ({word})" if kind is PartyKind.LEAD else agency.abbreviation
            for agency, kind in its
        )
        whole = folded(f"{code} {title} {reference}")
        found.append(
            _Thing(
                " ".join([whole, *(agency.folded for agency, _kind in its)]),
                f"{code} {title}",
                f"{names} · {reference}",
                targets.of(assignment_id, public_id),
            )
        )
    return found


class _Targets:
    """Where an assignment leads: its page, or for an agency's people its newest report."""

    def __init__(
        self,
        viewer: Viewer,
        holders: dict[int, list[tuple[int, int, PartyKind]]],
        *,
        reads_all: bool,
    ) -> None:
        self._reads_all = reads_all
        self._own = {
            assignment_id: party_id
            for assignment_id, its in holders.items()
            for party_id, agency_id, _kind in its
            if agency_id == viewer.own_agency_id
        }
        self._reports = {} if reads_all else _newest_reports(viewer)

    def of(self, assignment_id: int, public_id: str) -> str:
        """Return the address."""
        if self._reads_all:
            return f"/penugasan/{public_id}"
        report_id = self._reports.get(self._own.get(assignment_id, -1))
        return f"/laporan/{report_id}" if report_id else "/tugas-saya"


def _newest_reports(viewer: Viewer) -> dict[int, str]:
    """Return, by party of the viewer's agency, the address of its newest report."""
    rows = db.session.execute(
        sa.select(Obligation.party_id, Obligation.public_id)
        .where(
            Obligation.agency_id == viewer.own_agency_id,
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
        )
        .order_by(Obligation.id)
    )
    return {row[0]: row[1] for row in rows}
