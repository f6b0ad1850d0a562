"""The secretariat's list of cards: which are published, and what changed when."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision, MappingVersion
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.oversight.cards.models import CardPublication
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer


@dataclass(frozen=True, slots=True)
class CardRow:
    """An agency in the secretariat's list of cards."""

    slug: str
    name: str
    abbreviation: str
    duties: int
    proposals: int
    published_at: datetime | None
    changed_at: datetime | None


def card_rows(viewer: Viewer) -> list[CardRow]:
    """Return the cards of the viewer's task force, by the agencies' names.

    `changed_at` is when a mapping version last changed a duty of the agency.
    """
    agencies = db.session.execute(
        sa.select(Agency, CardPublication)
        .outerjoin(CardPublication, CardPublication.agency_id == Agency.id)
        .where(Agency.task_force_id == viewer.own_task_force_id, Agency.is_active)
        .order_by(sa.func.lower(Agency.abbreviation))
    ).all()
    counts: dict[int, tuple[int, int]] = {}
    rows = db.session.execute(
        sa.select(DutyRevision.agency_id, DutyRevision.status, sa.func.count())
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .group_by(DutyRevision.agency_id, DutyRevision.status)
    )
    for agency_id, status, count in rows:
        total, proposals = counts.get(agency_id, (0, 0))
        is_proposal = status is BasisStatus.PROPOSAL
        counts[agency_id] = (total + count, proposals + (count if is_proposal else 0))
    changed = _changed_at(viewer)
    return [
        CardRow(
            slug=agency.slug,
            name=agency.name,
            abbreviation=agency.abbreviation,
            duties=counts.get(agency.id, (0, 0))[0],
            proposals=counts.get(agency.id, (0, 0))[1],
            published_at=publication.published_at
            if publication is not None and publication.is_published
            else None,
            changed_at=changed.get(agency.id),
        )
        for agency, publication in agencies
    ]


def _changed_at(viewer: Viewer) -> dict[int, datetime]:
    """Return, by agency, when the newest version that began or ended one of its duties was made."""
    versions = db.session.execute(
        sa.select(MappingVersion.number, MappingVersion.recorded_at).where(
            MappingVersion.task_force_id == viewer.own_task_force_id
        )
    )
    recorded = {row.number: row.recorded_at for row in versions}
    rows = db.session.execute(
        sa.select(
            DutyRevision.agency_id,
            sa.func.max(DutyRevision.since),
            sa.func.max(sa.func.coalesce(DutyRevision.until, 0)),
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == viewer.own_task_force_id)
        .group_by(DutyRevision.agency_id)
    )
    return {
        agency_id: recorded[max(since, until)]
        for agency_id, since, until in rows
        if max(since, until) in recorded
    }
