"""What the first pages and the frame of every page count."""

from datetime import date

import sqlalchemy as sa

from coordinator.accounts.models import AccessGrant, Account
from coordinator.answers.questions import count_open_questions, count_unanswered
from coordinator.assignments.queries import open_items_without_assignment
from coordinator.db import db
from coordinator.directory.models import Agency
from coordinator.directory.rules import AgencyKind
from coordinator.periods.models import Obligation
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.progress.queries import reports_waiting


def has_sample_data() -> bool:
    """Tell whether demo accounts are in the database: every page then says DATA CONTOH."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Account.is_sample))))


def waiting_counts(viewer: Viewer) -> dict[str, int]:
    """Return, by address, how much work waits there; only what the viewer can act on."""
    counts = {}
    if viewer.may(Permission.VERIFY_REPORTS):
        counts["/verifikasi"] = reports_waiting(viewer)
    if viewer.may(Permission.RULE_ON_DUTIES):
        counts["/peran"] = count_open_questions(viewer)
    if viewer.may(Permission.ANSWER_DUTIES):
        counts["/jawab"] = count_unanswered(viewer)
    return counts


def agencies_without_contact(viewer: Viewer, on: date) -> list[str]:
    """Return agencies that owe reports but have no focal point in force on the day `on`."""
    reachable = (
        sa.select(AccessGrant.agency_id)
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.kind == AccessKind.FOCAL_POINT,
            AccessGrant.from_on <= on,
            sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
            Account.is_active,
            AccessGrant.agency_id.is_not(None),
        )
    )
    obliged = sa.select(Obligation.agency_id).where(
        Obligation.task_force_id == viewer.own_task_force_id, Obligation.ended_as.is_(None)
    )
    return list(
        db.session.scalars(
            sa.select(Agency.abbreviation)
            .where(
                Agency.task_force_id == viewer.own_task_force_id,
                Agency.is_active,
                Agency.kind != AgencyKind.PENGADILAN,
                Agency.id.in_(obliged),
                Agency.id.not_in(reachable),
            )
            .order_by(Agency.abbreviation)
        )
    )


def free_actions(viewer: Viewer) -> int:
    """Count the plan's actions that nobody holds."""
    return open_items_without_assignment(viewer)
