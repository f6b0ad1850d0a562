"""What the frame of every page counts, in one statement."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers.questions import open_questions, unanswered_duties
from coordinator.people.accounts.models import Account
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import Plan
from coordinator.reporting.decisions.queries import open_requests
from coordinator.reporting.verification.queries import waiting_reports

# Where work waits: who can act on it there, and the statement that counts it.
WAITING: dict[str, tuple[Permission, Callable[[], sa.Select[int]]]] = {
    "/verifikasi": (Permission.VERIFY_REPORTS, waiting_reports),
    "/peran": (Permission.RULE_ON_DUTIES, open_questions),
    "/jawab": (Permission.ANSWER_DUTIES, unanswered_duties),
    "/keputusan": (Permission.DECIDE_REQUESTS, open_requests),
}


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """What a page's frame shows about the data.

    Whether demo accounts are in the database, so that the page says DATA CONTOH; whether the viewer
    reads a sample plan; and how much work waits, by address.
    """

    has_sample_data: bool
    has_sample_plan: bool
    waiting: dict[str, int]


def frame_counts(viewer: Viewer | None) -> FrameCounts:
    """Count for the frame of a page; of work only what the viewer can act on."""
    places = tuple(
        place for place, (asked, _) in WAITING.items() if viewer is not None and viewer.may(asked)
    )
    values = {
        "task_force_id": viewer.own_task_force_id if viewer else -1,
        "agency_id": viewer.own_agency_id if viewer else -1,
    }
    row = db.session.execute(_statement(places), values).one()
    waiting = dict(zip(places, row[2:], strict=True))
    return FrameCounts(bool(row[0]), bool(row[1]), waiting)


@cache
def _statement(places: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    counts = [WAITING[place][1]().scalar_subquery() for place in places]
    is_read = sa.or_(
        Plan.task_force_id.is_(None), Plan.task_force_id == sa.bindparam("task_force_id")
    )
    return sa.select(
        sa.exists().where(Account.is_sample),
        sa.exists().where(Plan.is_sample, is_read, sa.bindparam("task_force_id") >= 0),
        *counts,
    )
