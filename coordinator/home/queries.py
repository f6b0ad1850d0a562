"""What the first pages and the frame of every page count."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from coordinator.accounts.models import Account
from coordinator.assignments.queries import open_items_without_assignment
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.permissions import Permission, Viewer
from coordinator.progress.queries import reports_waiting
from coordinator.roles.models import Duty, DutyResponse, DutyRevision
from coordinator.roles.queries import disputed_duties


def has_sample_data() -> bool:
    """Tell whether demo accounts are in the database: every page then says DATA CONTOH."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Account.is_sample))))


def waiting_counts(viewer: Viewer) -> dict[str, int]:
    """Return, by address, how much work waits there; only what the viewer can act on."""
    if viewer.may(Permission.VERIFY_REPORTS):
        return {"/verifikasi": reports_waiting(viewer)}
    return {}


@dataclass(frozen=True, slots=True)
class Question:
    """A duty whose agency asks or refuses, with no ruling yet."""

    agency: str
    slug: str
    text: str
    answered_at: datetime


def open_questions(viewer: Viewer) -> list[Question]:
    """Return the disputed duties of the viewer's task force, oldest first."""
    disputed = disputed_duties(viewer.own_task_force_id)
    if not disputed:
        return []
    newest = (
        sa.select(sa.func.max(DutyResponse.id))
        .where(DutyResponse.duty_id.in_(disputed))
        .group_by(DutyResponse.duty_id, DutyResponse.agency_id)
    )
    rows = db.session.execute(
        sa.select(Agency.abbreviation, Agency.slug, DutyRevision.text, DutyResponse.answered_at)
        .join(Agency, Agency.id == DutyResponse.agency_id)
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .join(DutyRevision, DutyRevision.id == DutyResponse.duty_revision_id)
        .where(
            DutyResponse.id.in_(newest),
            Duty.task_force_id == viewer.own_task_force_id,
        )
        .order_by(DutyResponse.answered_at)
    )
    return [Question(*row) for row in rows]


def free_actions(viewer: Viewer) -> int:
    """Count the plan's actions that nobody holds."""
    return open_items_without_assignment(viewer)
