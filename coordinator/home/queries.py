"""What the first pages and the frame of every page count."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers.questions import count_open_questions, count_unanswered
from coordinator.people.accounts.models import Account
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.decisions.queries import waiting as decisions_waiting
from coordinator.reporting.verification.queries import reports_waiting


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
    if viewer.may(Permission.DECIDE_REQUESTS):
        counts["/keputusan"] = decisions_waiting(viewer)[0]
    return counts
