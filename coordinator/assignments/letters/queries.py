"""What a letter is made of, and which letters were made."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.letters import formatting
from coordinator.assignments.letters.models import AssignmentLetter
from coordinator.assignments.letters.rules import LetterAction, LetterBody, LetterDuty, addressee
from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.formatting import plain_date
from coordinator.mapping.duties.models import Citation, DutyRevision
from coordinator.mapping.duties.queries import amendments
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.units.queries import all_units
from coordinator.oversight.cards.models import CardPublication
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind


@dataclass(frozen=True, slots=True)
class AgencyWork:
    """An agency with open assignments, and its newest letter."""

    agency_id: int
    slug: str
    abbreviation: str
    name: str
    actions: int
    newest_basis_on: date
    letter: AssignmentLetter | None
    # True where an assignment was given, or a part ended, after the newest letter was made.
    is_outdated: bool


def _open_parts(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*columns)
        .select_from(AssignmentParty)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(Assignment.closed_at.is_(None), AssignmentParty.ended_at.is_(None))
    )


def agencies_with_work(viewer: Viewer) -> list[AgencyWork]:
    """Return the agencies of the viewer's task force that hold open assignments, by name."""
    rows = db.session.execute(
        _open_parts(
            Agency.id,
            Agency.slug,
            Agency.abbreviation,
            Agency.name,
            sa.func.count(),
            sa.func.max(Assignment.basis_on),
            sa.func.max(Assignment.assigned_at),
        )
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(Assignment.task_force_id == viewer.own_task_force_id)
        .group_by(Agency.id, Agency.slug, Agency.abbreviation, Agency.name)
        .order_by(sa.func.lower(Agency.abbreviation))
    ).all()
    newest = _newest_letters(viewer)
    ended = _last_changes(viewer)
    return [
        AgencyWork(
            agency_id=row[0],
            slug=row[1],
            abbreviation=row[2],
            name=row[3],
            actions=row[4],
            newest_basis_on=row[5],
            letter=newest.get(row[0]),
            is_outdated=_is_outdated(newest.get(row[0]), row[6], ended.get(row[0])),
        )
        for row in rows
    ]


def _is_outdated(
    letter: AssignmentLetter | None, assigned_at: datetime, ended_at: datetime | None
) -> bool:
    if letter is None:
        return False
    return assigned_at > letter.made_at or (ended_at is not None and ended_at > letter.made_at)


def _last_changes(viewer: Viewer) -> dict[int, datetime]:
    """Return, by agency, when a part of it last ended."""
    rows = db.session.execute(
        sa.select(
            AssignmentParty.agency_id,
            sa.func.max(sa.func.coalesce(AssignmentParty.ended_at, Assignment.closed_at)),
        )
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            sa.or_(AssignmentParty.ended_at.is_not(None), Assignment.closed_at.is_not(None)),
        )
        .group_by(AssignmentParty.agency_id)
    )
    return {row[0]: row[1] for row in rows}


def _newest_letters(viewer: Viewer) -> dict[int, AssignmentLetter]:
    newest = (
        sa.select(sa.func.max(AssignmentLetter.id))
        .where(AssignmentLetter.task_force_id == viewer.own_task_force_id)
        .group_by(AssignmentLetter.agency_id)
    )
    rows = db.session.scalars(sa.select(AssignmentLetter).where(AssignmentLetter.id.in_(newest)))
    return {row.agency_id: row for row in rows}


def letters_of(viewer: Viewer, agency_id: int) -> list[AssignmentLetter]:
    """Return the letters made for an agency that the viewer may read, newest first."""
    return list(
        db.session.scalars(
            sa.select(AssignmentLetter)
            .where(_readable(viewer), AssignmentLetter.agency_id == agency_id)
            .order_by(AssignmentLetter.id.desc())
            .limit(50)
        )
    )


def letter(viewer: Viewer, public_id: str) -> AssignmentLetter | None:
    """Return a letter, for the secretariat and for the agency it went to."""
    return db.session.scalar(
        sa.select(AssignmentLetter)
        .where(_readable(viewer), AssignmentLetter.public_id == public_id)
        .options(joinedload(AssignmentLetter.agency))
    )


def newest_letter(agency_id: int) -> AssignmentLetter | None:
    """Return the letter made last for an agency that a caller already may write to."""
    return db.session.scalar(
        sa.select(AssignmentLetter)
        .where(AssignmentLetter.agency_id == agency_id)
        .order_by(AssignmentLetter.id.desc())
        .limit(1)
    )


def has_number(agency_id: int, number: str) -> bool:
    """Return whether a letter to an agency bears this number."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    AssignmentLetter.agency_id == agency_id, AssignmentLetter.number == number
                )
            )
        )
    )


def _readable(viewer: Viewer) -> sa.ColumnElement[bool]:
    in_force = AssignmentLetter.task_force_id == viewer.own_task_force_id
    if viewer.may(Permission.SEE_ASSIGNMENTS):
        return in_force
    return sa.and_(in_force, AssignmentLetter.agency_id == viewer.own_agency_id)


# --- what a letter says --------------------------------------------------------------------------


def _parts_of(agency: Agency) -> list[AssignmentParty]:
    parts = db.session.scalars(
        _open_parts(AssignmentParty)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            AssignmentParty.agency_id == agency.id, Assignment.task_force_id == agency.task_force_id
        )
        .options(
            selectinload(AssignmentParty.duties),
            joinedload(AssignmentParty.assignment).options(
                joinedload(Assignment.action_item).options(
                    joinedload(ActionItem.plan), selectinload(ActionItem.indicators)
                ),
                selectinload(Assignment.parties).joinedload(AssignmentParty.agency),
                selectinload(Assignment.targets),
            ),
        )
        .order_by(AssignmentParty.kind, ActionItem.plan_id, ActionItem.position, ActionItem.id)
    )
    return list(parts)


def _duties_of(parts: list[AssignmentParty]) -> dict[int, DutyRevision]:
    ids = {link.duty_id for part in parts for link in part.duties}
    rows = db.session.scalars(
        sa.select(DutyRevision)
        .where(DutyRevision.duty_id.in_(ids), DutyRevision.until.is_(None))
        .options(selectinload(DutyRevision.citations).joinedload(Citation.instrument))
    )
    return {row.duty_id: row for row in rows}


def body(force: TaskForce, agency: Agency, *, on: date) -> LetterBody | None:
    """Return what a letter to an agency would say on the day `on`; None where it holds nothing."""
    parts = _parts_of(agency)
    if not parts:
        return None
    chains = amendments()
    duties = _duties_of(parts)
    behind = [
        [duties[link.duty_id] for link in part.duties if link.duty_id in duties] for part in parts
    ]
    used = {duty.duty_id: duty for found in behind for duty in found}
    letterhead = directory.letterhead(force)
    periods = _periods(force, agency, on)
    units = all_units(agency.id, force.zone)
    plans = dict.fromkeys(part.assignment.action_item.plan for part in parts)
    leads = sum(part.kind is PartyKind.LEAD for part in parts)
    office = (
        letterhead.office,
        f"Telepon {letterhead.telephone}" if letterhead.telephone else "",
        letterhead.email,
        letterhead.hours,
    )
    return LetterBody(
        addressee=addressee(agency.name),
        agency=agency.name,
        leads=leads,
        supports=len(parts) - leads,
        bases=(
            *_laws(list(used.values()), chains),
            *(formatting.plan(one) for one in plans),
            *dict.fromkeys(formatting.basis(part.assignment) for part in parts),
        ),
        unsettled=formatting.unsettled(
            sum(duty.status is BasisStatus.PROPOSAL for duty in used.values()), len(used)
        ),
        actions=tuple(
            LetterAction(
                code=part.assignment.action_item.code,
                title=part.assignment.title,
                part=formatting.part(part.assignment, part.kind),
                indicators=formatting.indicators(part.assignment, part.kind, on.year),
                basis=formatting.basis(part.assignment),
                due=plain_date(part.assignment.due_on),
                duties=tuple(
                    LetterDuty(
                        duty.text,
                        formatting.duty_basis(duty, chains),
                        units[duty.duty_id].text if duty.duty_id in units else duty.unit or "",
                    )
                    for duty in found
                ),
            )
            for part, found in zip(parts, behind, strict=True)
        ),
        periods=tuple(formatting.window(one.title, one.opens_on, one.closes_on) for one in periods),
        path=_path(force, agency),
        office=tuple(line for line in office if line),
        kop_lines=letterhead.lines,
        kop_address=letterhead.address_line,
        is_sample=letterhead.is_sample
        or any(part.assignment.is_sample for part in parts)
        or any(plan.is_sample for plan in plans),
    )


def _laws(duties: list[DutyRevision], chains: formatting.Chains) -> list[str]:
    """Return the laws that assign a duty to the agency; those behind a proposal do not count."""
    cited: dict[int, list[str]] = {}
    instruments = {}
    for duty in duties:
        for citation in duty.basis:
            instruments[citation.instrument_id] = citation.instrument
            articles = cited.setdefault(citation.instrument_id, [])
            if citation.article not in articles:
                articles.append(citation.article)
    return [formatting.instrument(instruments[key], cited[key], chains) for key in cited]


def _periods(force: TaskForce, agency: Agency, on: date) -> list[ReportingPeriod]:
    """Return the periods not yet closed in which the agency has to report, the earliest first."""
    owed = (
        sa.select(Obligation.period_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .where(AssignmentParty.agency_id == agency.id, Obligation.ended_as.is_(None))
    )
    return list(
        db.session.scalars(
            sa.select(ReportingPeriod)
            .where(
                ReportingPeriod.task_force_id == force.id,
                ReportingPeriod.closes_on >= on,
                sa.or_(ReportingPeriod.opened_at.is_(None), ReportingPeriod.id.in_(owed)),
            )
            .order_by(ReportingPeriod.closes_on, ReportingPeriod.id)
        )
    )


def _path(force: TaskForce, agency: Agency) -> str:
    """Return the page a printed code leads to: the card anybody may read, or the sign-in."""
    publication = db.session.get(CardPublication, agency.id)
    if publication is not None and publication.is_published:
        return f"/kartu-peran/{force.code}/{agency.slug}"
    return "/tugas-saya"
