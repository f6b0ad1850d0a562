"""Which rows of a plan other rows refer to, in any task force."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from coordinator.db import Base, db
from coordinator.plans.actions.models import (
    ActionDuty,
    ActionItem,
    CandidateParty,
    Indicator,
    Plan,
    Strategy,
    Target,
)

# The plan's own tables: a row of theirs does not keep another of theirs in the plan.
OWN = frozenset(
    model.__tablename__ for model in (Strategy, ActionItem, Indicator, Target)
) | frozenset(model.__tablename__ for model in (CandidateParty, ActionDuty))
AT_ONCE = 500  # ids in one statement; SQLite takes 32,766 parameters

NOTHING: Mapping[sa.FromClause, sa.ColumnElement[bool]] = {}


def all_in_use(
    model: type[Base],
    ids: Iterable[int],
    *,
    but: Mapping[sa.FromClause, sa.ColumnElement[bool]] = NOTHING,
) -> set[int]:
    """Return those of the rows `ids` that a row of any table outside the plan refers to.

    Such rows are assignments, their targets, reported and verified figures. `but`: the rows of a
    table that do not count.
    """
    wanted = list(ids)
    found: set[int] = set()
    columns = [
        key.parent
        for table in Base.metadata.tables.values()
        if table.name not in OWN
        for key in table.foreign_keys
        if key.column.table is model.__table__
    ]
    for column in columns:
        counted = ~but[column.table] if column.table in but else sa.true()
        for some in portions(wanted):
            rows = sa.select(column).where(column.in_(some), counted).distinct()
            found |= set(db.session.scalars(rows))
    return found


def all_keys_in_use(plan_key: str) -> set[str]:
    """Return the keys of a plan's actions and indicators that rows outside the plan refer to,
    regardless of whose they are."""
    of_plan = (
        sa.select(ActionItem.id)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .where(Plan.key == plan_key, ActionItem.left_in.is_(None))
    )
    found: set[str] = set()
    for model, condition in (
        (ActionItem, ActionItem.id.in_(of_plan)),
        (Indicator, sa.and_(Indicator.action_item_id.in_(of_plan), Indicator.left_in.is_(None))),
    ):
        rows = db.session.execute(sa.select(model.id, model.key).where(condition))
        keys = {row.id: row.key for row in rows}
        found |= {keys[row_id] for row_id in all_in_use(model, keys)}
    # Actions of regional plans refer to national ones by their key.
    of_regions = (
        sa.select(ActionItem.national_key)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .where(Plan.national_key == plan_key, ActionItem.left_in.is_(None))
    )
    return found | {key for key in db.session.scalars(of_regions) if key}


def portions(ids: list[int]) -> Iterable[list[int]]:
    """Return ids in lots that a statement can name."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
