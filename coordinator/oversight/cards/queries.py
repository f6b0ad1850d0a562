"""Read the content of cards, and who may read which."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import local
from coordinator.db import db
from coordinator.mapping.answers.queries import current_answers, latest_answers
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.mapping.chains.hand_over_rules import OwnStep, own_steps
from coordinator.mapping.chains.queries import all_chain_groups, all_step_duties
from coordinator.mapping.duties.models import (
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    Membership,
    WorkingGroup,
)
from coordinator.mapping.duties.queries import amendments, current_version
from coordinator.mapping.duties.rules import DECREE_KIND, BasisStatus, MembershipKind
from coordinator.mapping.units.queries import all_units
from coordinator.oversight.cards.models import CardPublication
from coordinator.oversight.cards.rules import (
    Card,
    CardCitation,
    CardDuty,
    CardGroup,
    CardInstrument,
    Due,
    DueKind,
    instrument_name,
)
from coordinator.people.directory.models import Agency, FormerSlug, TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AGENCY_KINDS, Permission, Viewer
from coordinator.plans.actions.rules import PartyKind


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card that the viewer may read."""

    force: TaskForce
    agency: Agency
    is_published: bool


def find_card(code: str, slug: str, viewer: Viewer | None) -> FoundCard | None:
    """Return the card at an address for `viewer` (None: anybody), or None.

    Unknown, not published and not theirs are the same None after the same one query.
    """
    row = db.session.execute(
        sa.select(TaskForce, Agency, CardPublication)
        .join(Agency, Agency.task_force_id == TaskForce.id)
        .outerjoin(CardPublication, CardPublication.agency_id == Agency.id)
        .where(TaskForce.code == code, Agency.slug == slug, Agency.is_active)
    ).one_or_none()
    if row is None:
        return None
    force, agency, publication = row
    is_published = publication is not None and publication.is_published
    is_readable = is_published or may_read_draft(viewer, agency)
    return FoundCard(force, agency, is_published) if is_readable else None


def present_slug(code: str, slug: str) -> str | None:
    """Return the address an agency has now, where `slug` is one it had: QR codes are printed."""
    return db.session.scalar(
        sa.select(Agency.slug)
        .join(FormerSlug, FormerSlug.agency_id == Agency.id)
        .join(TaskForce, TaskForce.id == FormerSlug.task_force_id)
        .where(TaskForce.code == code, FormerSlug.slug == slug)
    )


def may_read_draft(viewer: Viewer | None, agency: Agency) -> bool:
    """Return whether the viewer may read an unpublished card: agencies only their own."""
    if viewer is None or viewer.task_force_id != agency.task_force_id:
        return False
    if viewer.kind in AGENCY_KINDS:
        return viewer.agency_id == agency.id
    return viewer.may(Permission.SEE_MAPPING)


# --- the card ------------------------------------------------------------------------------------


def card(force: TaskForce, agency: Agency, *, on: date) -> Card:
    """Return an agency's card for the current mapping, with the periods as of the day `on`."""
    version = current_version(force.id)
    revisions = _duties(agency)
    groups = _groups(agency, {revision.working_group_id for revision in revisions})
    chains = {
        instrument_id: tuple(other.short for other in others)
        for instrument_id, others in amendments().items()
    }
    period = next_period(force.id, on)
    partners = _partners(agency)
    owed = _owed_duties(agency, period)
    units = all_units(agency.id, force.zone)
    duties = tuple(
        CardDuty(
            duty_id=revision.duty_id,
            revision_id=revision.id,
            text=revision.text,
            unit=units[revision.duty_id].text if revision.duty_id in units else revision.unit,
            unit_said_on=units[revision.duty_id].on if revision.duty_id in units else None,
            group=groups[revision.working_group_id],
            is_proposal=revision.status is BasisStatus.PROPOSAL,
            source=revision.source_label,
            citations=_citations(revision.basis, chains),
            general=_citations(revision.general, chains),
            partners=partners.get(revision.duty_id, _NO_PARTNERS).others,
            due=_due(agency, revision.duty_id, period, partners, owed),
            evidence=tuple(revision.evidence),
            not_evidence=tuple(revision.not_evidence),
            example=revision.example,
        )
        for revision in revisions
    )
    shows_sample = (period is not None and period.is_sample) or any(
        found.is_sample for found in partners.values()
    )
    return Card(
        code=force.code,
        region=force.region,
        slug=agency.slug,
        name=agency.name,
        abbreviation=agency.abbreviation,
        kind=agency.kind,
        version=version.number if version else 0,
        effective_on=version.effective_on if version else None,
        groups=tuple(groups.values()),
        duties=duties,
        instruments=_instruments(revisions, chains),
        steps=_steps(revisions, force, agency),
        has_sample=shows_sample,
    )


def _citations(
    citations: list[Citation], chains: dict[int, tuple[str, ...]]
) -> tuple[CardCitation, ...]:
    return tuple(
        CardCitation(
            instrument_name(citation.instrument.title),
            citation.article,
            chains.get(citation.instrument_id, ()),
            citation.statement,
        )
        for citation in citations
    )


def _steps(revisions: list[DutyRevision], force: TaskForce, agency: Agency) -> tuple[OwnStep, ...]:
    """Return the steps of the chain that the agency holds, with whom it hands over."""
    if agency.is_court or not any(revision.step for revision in revisions):
        return ()
    return tuple(own_steps(all_chain_groups(force.id), all_step_duties(force.id), agency.id))


def _duties(agency: Agency) -> list[DutyRevision]:
    return list(
        db.session.scalars(
            sa.select(DutyRevision)
            .join(DutyRevision.duty)
            .join(DutyRevision.working_group)
            .where(DutyRevision.agency_id == agency.id, DutyRevision.until.is_(None))
            .options(selectinload(DutyRevision.citations).joinedload(Citation.instrument))
            .order_by(WorkingGroup.position, Duty.position)
        )
    )


def _groups(agency: Agency, with_duties: set[int]) -> dict[int, CardGroup]:
    """Return the pokja where the agency is a member or has a duty, by id, in order."""
    own = sa.select(Membership.working_group_id).where(
        Membership.agency_id == agency.id, Membership.until.is_(None)
    )
    groups = db.session.scalars(
        sa.select(WorkingGroup)
        .where(sa.or_(WorkingGroup.id.in_(own), WorkingGroup.id.in_(with_duties)))
        .order_by(WorkingGroup.position)
    )
    found = {group.id: group for group in groups}
    rows = db.session.scalars(
        sa.select(Membership)
        .join(Membership.agency)
        .where(Membership.working_group_id.in_(found), Membership.until.is_(None))
        .options(joinedload(Membership.agency))
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    members: dict[int, list[Membership]] = {}
    for row in rows:
        members.setdefault(row.working_group_id, []).append(row)
    return {
        group_id: _group(group, members.get(group_id, []), agency)
        for group_id, group in found.items()
    }


def _group(group: WorkingGroup, members: list[Membership], agency: Agency) -> CardGroup:
    own = next((row for row in members if row.agency_id == agency.id), None)
    lead = next((row for row in members if row.kind is MembershipKind.LEAD), None)
    return CardGroup(
        id=group.id,
        numeral=group.numeral,
        short=group.short,
        part=own.kind if own else None,
        is_proposal=own is not None and own.status is BasisStatus.PROPOSAL,
        source=own.source_label if own else None,
        lead=lead.agency.abbreviation if lead else None,
        members=tuple(row.agency.abbreviation for row in members if row not in (own, lead)),
    )


def _instruments(
    revisions: list[DutyRevision], chains: dict[int, tuple[str, ...]]
) -> tuple[CardInstrument, ...]:
    rows: dict[int, tuple[LegalInstrument, bool]] = {}
    for revision in revisions:
        for citation in revision.citations:
            _instrument, checked = rows.get(citation.instrument_id, (None, True))
            of_decree = citation.instrument.kind == DECREE_KIND
            is_checked = checked and (of_decree or citation.is_compared)
            rows[citation.instrument_id] = (citation.instrument, is_checked)
    return tuple(
        CardInstrument(instrument.title, chains.get(instrument.id, ()), is_checked)
        for instrument, is_checked in rows.values()
    )


# --- when and with whom --------------------------------------------------------------------------


def next_period(task_force_id: int, on: date) -> ReportingPeriod | None:
    """Return the first period that has not closed on the day `on`, opened or still to be."""
    return db.session.scalar(
        sa.select(ReportingPeriod)
        .where(ReportingPeriod.task_force_id == task_force_id, ReportingPeriod.closes_on >= on)
        .order_by(ReportingPeriod.closes_on, ReportingPeriod.id)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class _Partners:
    """The other parties of the open assignments that carry a duty."""

    others: tuple[tuple[str, PartyKind], ...] = ()
    is_sample: bool = False


_NO_PARTNERS = _Partners()


def _partners(agency: Agency) -> dict[int, _Partners]:
    """Return, by duty, with whom the agency carries it out by assignment; no key: not assigned."""
    own = AssignmentParty.__table__.alias("own")
    rows = db.session.execute(
        sa.select(PartyDuty.duty_id, Assignment.is_sample, AssignmentParty.kind, Agency)
        .select_from(PartyDuty)
        .join(own, own.c.id == PartyDuty.party_id)
        .join(Assignment, Assignment.id == own.c.assignment_id)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(
            own.c.agency_id == agency.id,
            own.c.ended_at.is_(None),
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
        .order_by(AssignmentParty.kind, sa.func.lower(Agency.abbreviation))
    )
    found: dict[int, _Partners] = {}
    for duty_id, is_sample, kind, other in rows:
        known = found.get(duty_id, _NO_PARTNERS)
        others = known.others
        if other.id != agency.id and (other.abbreviation, kind) not in others:
            others = (*others, (other.abbreviation, kind))
        found[duty_id] = _Partners(others, known.is_sample or is_sample)
    return found


def _owed_duties(agency: Agency, period: ReportingPeriod | None) -> set[int]:
    """Return the duties behind what the agency has to report in a period."""
    if period is None:
        return set()
    return set(
        db.session.scalars(
            sa.select(PartyDuty.duty_id)
            .join(Obligation, Obligation.party_id == PartyDuty.party_id)
            .where(
                Obligation.agency_id == agency.id,
                Obligation.period_id == period.id,
                Obligation.ended_as.is_(None),
            )
        )
    )


def _due(
    agency: Agency,
    duty_id: int,
    period: ReportingPeriod | None,
    partners: dict[int, _Partners],
    owed: set[int],
) -> Due:
    if agency.is_court:
        return Due(DueKind.SHARES_DATA)
    if period is None:
        return Due(DueKind.NO_PERIOD)
    if duty_id in owed:
        kind = DueKind.REPORT
    elif duty_id in partners:
        kind = DueKind.NOT_IN_PERIOD
    else:
        kind = DueKind.NOT_ASSIGNED
    return Due(kind, period.title, period.periods_in_year, period.closes_on)


# --- for signed-in people of the task force ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """The agency's newest answer to a duty; `is_current` False: the wording changed since.
    `outcome` is how the secretariat ruled on it, where it did."""

    answer: Answer
    on: date
    is_current: bool
    outcome: Outcome | None = None


def answers_shown(viewer: Viewer | None, shown: FoundCard) -> dict[int, CardAnswer] | None:
    """Return the agency's answers by duty for people of its task force; None for anybody else."""
    if viewer is None or viewer.task_force_id != shown.force.id:
        return None
    current = {answer.response_id for answer in current_answers(shown.force.id).values()}
    own = sorted(
        (a for a in latest_answers(shown.force.id) if a.agency_id == shown.agency.id),
        key=lambda answer: answer.response_id,
    )
    return {
        answer.duty_id: CardAnswer(
            answer.answer,
            local(answer.answered_at, viewer.zone).date(),
            answer.response_id in current,
            answer.outcome,
        )
        for answer in own
    }


# --- for the secretariat -------------------------------------------------------------------------


def agency_ids(viewer: Viewer) -> list[int]:
    """Return the active agencies of the viewer's task force, by name."""
    return list(
        db.session.scalars(
            sa.select(Agency.id)
            .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
            .order_by(sa.func.lower(Agency.abbreviation))
        )
    )


def card_of(viewer: Viewer, agency_id: int, *, on: date) -> tuple[Card, bool] | None:
    """Return the (card, is it published) of an agency of the viewer's task force."""
    row = db.session.execute(
        sa.select(TaskForce, Agency, CardPublication)
        .join(Agency, Agency.task_force_id == TaskForce.id)
        .outerjoin(CardPublication, CardPublication.agency_id == Agency.id)
        .where(Agency.id == agency_id, TaskForce.id == viewer.own_task_force_id)
    ).one_or_none()
    if row is None:
        return None
    force, agency, publication = row
    is_published = publication is not None and publication.is_published
    return card(force, agency, on=on), is_published
