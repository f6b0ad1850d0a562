"""A plan with many items and agencies, made straight in the tables: services are for people."""

from datetime import date

import sqlalchemy as sa

from coordinator.assignments.changes.batches import Terms
from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.models import Assignment
from coordinator.assignments.rules import BasisKind
from coordinator.db import Base, db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind
from coordinator.plans.actions.models import (
    ActionDuty,
    ActionItem,
    CandidateParty,
    Indicator,
    Plan,
    Strategy,
    Target,
)
from tests import factories

BASIS = AssignmentBasis(BasisKind.LETTER, "463/02/UJI", date(2026, 10, 1))
TERMS = Terms(BASIS, date(2026, 12, 31))
# What an act may leave behind in a task force as it was: the trail, and mails that never leave.
TRAIL = {"audit_entry", "audit_seal", "sealed_entry", "outgoing_email", "user_session"}


def many(items: int, agencies: int, *, people: bool = True) -> None:
    """Add `agencies` agencies ("massal-1" ...), each with a focal point, and a plan of `items`
    items ("M.1" ...) that suggests them in turn, each as lead and the next one as support."""
    force = factories.task_force().id
    slugs = [f"massal-{n}" for n in range(1, agencies + 1)]
    with db.engine.begin() as connection:

        def insert(model: type[Base], rows: list[dict[str, object]]) -> None:
            connection.execute(sa.insert(model.__table__), rows)  # type: ignore[arg-type]

        insert(
            Agency,
            [
                {
                    "task_force_id": force,
                    "key": slug,
                    "slug": slug,
                    "lineage": slug,
                    "name": f"Dinas {slug}",
                    "abbreviation": slug.title(),
                    "kind": "perangkat_daerah",
                    "is_active": True,
                }
                for slug in slugs
            ],
        )
        insert(
            Plan,
            [
                {
                    "key": "massal",
                    "kind": "ran",
                    "title": "Rencana uji",
                    "status": "draft",
                    "is_sample": True,
                    "first_year": 2025,
                    "last_year": 2029,
                }
            ],
        )
        plan = connection.scalar(sa.select(Plan.id).where(Plan.key == "massal"))
        insert(Strategy, [{"plan_id": plan, "number": 1, "title": "Strategi uji"}])
        strategy = connection.scalar(sa.select(Strategy.id).where(Strategy.plan_id == plan))
        insert(
            ActionItem,
            [
                {
                    "plan_id": plan,
                    "strategy_id": strategy,
                    "position": n,
                    "key": f"massal-{n}",
                    "code": f"M.{n}",
                    "title": f"Aksi massal {n}",
                    "question": "Berapa?",
                    "working_group_key": "pencegahan",
                    "tag": "pencegahan",
                    "origin": "uji",
                }
                for n in range(1, items + 1)
            ],
        )
        ids = list(
            connection.scalars(
                sa.select(ActionItem.id)
                .where(ActionItem.plan_id == plan)
                .order_by(ActionItem.position)
            )
        )
        insert(
            Indicator,
            [
                {
                    "action_item_id": one,
                    "position": 1,
                    "key": f"massal-{one}",
                    "name": "Kegiatan",
                    "unit": "kegiatan",
                    "kind": "number",
                    "better": "up",
                    "accumulation": "cumulative",
                }
                for one in ids
            ],
        )
        indicators = connection.scalars(
            sa.select(Indicator.id).where(Indicator.action_item_id.in_(ids))
        ).all()
        insert(Target, [{"indicator_id": one, "year": 2026, "value": 4} for one in indicators])
        insert(
            CandidateParty,
            [
                {
                    "action_item_id": one,
                    "agency_key": slugs[(n + step) % agencies],
                    "kind": kind,
                    "position": step + 1,
                }
                for n, one in enumerate(ids)
                for step, kind in ((0, "lead"), (1, "support"))
            ],
        )
        insert(
            ActionDuty,
            [
                {"action_item_id": one, "duty_key": "dispora-mengawasi-pengiriman-pemuda"}
                for one in ids
            ],
        )
    db.session.remove()  # what was read before the rows came is old
    if people:
        for slug in slugs:
            factories.person(AccessKind.FOCAL_POINT, slug)


def contents() -> dict[str, list[str]]:
    """Return every row of every table but the trail."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in TRAIL
        }


def request(
    assignment: Assignment, reason: str = "Alasan uji.", key: str | None = None
) -> ChangeRequest:
    """Return an act by somebody who sees the assignment as it is."""
    return ChangeRequest(assignment.version, reason, key)
