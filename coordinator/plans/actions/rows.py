"""The rows of a plan, brought in line with its newest document.

What stays keeps its row and its id, found by its key. What leaves is deleted, unless a row of
another table refers to it (an assignment, a reported figure): then its row stays, marked with the
version in which it left, and comes back under the same id. Written in bulk: a plan may have
thousands of actions.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.plans.actions.models import (
    ActionDuty,
    ActionItem,
    CandidateParty,
    Indicator,
    Plan,
    Strategy,
    Target,
)
from coordinator.plans.actions.rules import PartyKind
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile
from coordinator.plans.actions.use_queries import all_in_use, portions

Values = dict[str, Any]


def write_rows(plan: Plan, file: PlanFile, number: int) -> None:
    """Make the rows of `plan` say what `file`, its version `number`, says."""
    strategies = _strategies(plan, file)
    actions = _sync_rows(
        ActionItem,
        ActionItem.plan_id == plan.id,
        ("key",),
        {
            (part.id,): _action(part, plan.id, strategies[part.strategy], position)
            for position, part in enumerate(file.actions, start=1)
        },
        left_in=number,
    )
    of_plan = sa.select(ActionItem.id).where(ActionItem.plan_id == plan.id)
    indicators = _sync_rows(
        Indicator,
        Indicator.action_item_id.in_(of_plan),
        ("action_item_id", "key"),
        {
            (actions[action.id,], part.id): _indicator(part, actions[action.id,], position)
            for action in file.actions
            for position, part in enumerate(action.indicators, start=1)
        },
        left_in=number,
    )
    _sync_rows(
        Target,
        Target.indicator_id.in_(
            sa.select(Indicator.id).where(Indicator.action_item_id.in_(of_plan))
        ),
        ("indicator_id", "level", "year"),
        {
            (target["indicator_id"], target["level"], target["year"]): target
            for action in file.actions
            for part in action.indicators
            for target in _targets(part, indicators[actions[action.id,], part.id])
        },
    )
    _sync_rows(
        CandidateParty,
        CandidateParty.action_item_id.in_(of_plan),
        ("action_item_id", "agency_key"),
        {
            (actions[part.id,], key): {
                "action_item_id": actions[part.id,],
                "agency_key": key,
                "kind": PartyKind.LEAD if key == part.lead else PartyKind.SUPPORT,
                "position": position,
            }
            for part in file.actions
            for position, key in enumerate(filter(None, (part.lead, *part.support)))
        },
    )
    _sync_rows(
        ActionDuty,
        ActionDuty.action_item_id.in_(of_plan),
        ("action_item_id", "duty_key"),
        {
            (actions[part.id,], key): {"action_item_id": actions[part.id,], "duty_key": key}
            for part in file.actions
            for key in part.duties
        },
    )
    db.session.execute(
        sa.delete(Strategy).where(
            Strategy.plan_id == plan.id,
            Strategy.number.not_in([part.number for part in file.strategies]),
            Strategy.id.not_in(sa.select(ActionItem.strategy_id)),
        ),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()


def _strategies(plan: Plan, file: PlanFile) -> dict[int, int]:
    """Return the ids of the strategies by number. One that leaves goes last, after its actions."""
    condition = Strategy.plan_id == plan.id
    known = {
        row.number: row.title
        for row in db.session.execute(sa.select(Strategy.number, Strategy.title).where(condition))
    }
    wanted = {**known, **{part.number: part.title for part in file.strategies}}
    rows = {
        (number,): {"plan_id": plan.id, "number": number, "title": title}
        for number, title in wanted.items()
    }
    return {
        key[0]: row_id for key, row_id in _sync_rows(Strategy, condition, ("number",), rows).items()
    }


def _action(part: ActionPart, plan_id: int, strategy_id: int, position: int) -> Values:
    return {
        "plan_id": plan_id,
        "strategy_id": strategy_id,
        "position": position,
        "key": part.id,
        "code": part.code,
        "title": part.title,
        "question": part.question,
        "working_group_key": part.working_group,
        "tag": part.tag,
        "origin": part.origin,
        "basis": part.basis,
        "national_key": part.national,
        "discontinued": part.discontinued,
        "left_in": None,
    }


def _indicator(part: IndicatorPart, action_id: int, position: int) -> Values:
    return {
        "action_item_id": action_id,
        "position": position,
        "key": part.id,
        "name": part.name,
        "unit": part.unit,
        "kind": part.kind,
        "better": part.better,
        "accumulation": part.accumulation,
        "legal_floor": part.legal_floor.value if part.legal_floor else None,
        "legal_article": part.legal_floor.article if part.legal_floor else None,
        "left_in": None,
    }


def _targets(part: IndicatorPart, indicator_id: int) -> Iterable[Values]:
    for level, years in ((None, part.targets), *part.level_targets.items()):
        for year, value in years.items():
            yield {"indicator_id": indicator_id, "level": level, "year": year, "value": value}


def _sync_rows(
    model: Any,
    condition: sa.ColumnElement[bool],
    key: tuple[str, ...],
    wanted: Mapping[tuple[Any, ...], Values],
    *,
    left_in: int | None = None,
) -> dict[tuple[Any, ...], int]:
    """Make the rows of `model` under `condition` those that are `wanted`, by the columns of `key`.

    Return the ids of all wanted rows by key. With `left_in`, rows that others refer to are kept.
    """
    names = tuple(next(iter(wanted.values()), {}))
    place = 1 + len(key)  # where a row's values begin
    columns = [getattr(model, name) for name in (*key, *names)]
    rows = [
        tuple(row) for row in db.session.execute(sa.select(model.id, *columns).where(condition))
    ]
    ids = {row[1:place]: row[0] for row in rows}
    gone = [row_id for found, row_id in ids.items() if found not in wanted]
    if left_in is not None and gone:
        kept = all_in_use(model, gone)
        gone = [row_id for row_id in gone if row_id not in kept]
        _mark(model, kept, left_in)
    _delete(model, gone)
    changed = [
        {"id": row[0], **values}
        for row in rows
        if (values := wanted.get(row[1:place])) is not None
        and row[place:] != tuple(values.values())
    ]
    if model is ActionItem and changed:
        _set_codes_aside({row[0]: row[place + names.index("code")] for row in rows}, changed)
    if changed:
        db.session.execute(sa.update(model), changed)
    new = [values for wanted_key, values in wanted.items() if wanted_key not in ids]
    if new:
        db.session.execute(sa.insert(model), new)
        found = db.session.execute(
            sa.select(model.id, *(getattr(model, name) for name in key)).where(condition)
        )
        ids = {tuple(row[1:]): row[0] for row in found}
    return ids


def _set_codes_aside(codes: Mapping[int, str], changed: Iterable[Values]) -> None:
    """Two actions may exchange codes: neither may hold the other's for a moment."""
    aside = [
        {"id": row["id"], "code": f"~{row['id']}"}
        for row in changed
        if codes[row["id"]] != row["code"]
    ]
    if aside:
        db.session.execute(sa.update(ActionItem), aside)


def _mark(model: Any, ids: set[int], number: int) -> None:
    for some in portions(sorted(ids)):
        db.session.execute(
            sa.update(model)
            .where(model.id.in_(some), model.left_in.is_(None))
            .values(left_in=number),
            execution_options={"synchronize_session": False},
        )


def _delete(model: Any, ids: list[int]) -> None:
    """Delete rows, and the plan's own rows that refer to them."""
    below: dict[Any, tuple[tuple[Any, Any], ...]] = {
        ActionItem: (
            (Indicator, Indicator.action_item_id),
            (CandidateParty, CandidateParty.action_item_id),
            (ActionDuty, ActionDuty.action_item_id),
        ),
        Indicator: ((Target, Target.indicator_id),),
    }
    for some in portions(ids):
        for child, column in below.get(model, ()):
            _delete(child, list(db.session.scalars(sa.select(child.id).where(column.in_(some)))))
        db.session.execute(
            sa.delete(model).where(model.id.in_(some)),
            execution_options={"synchronize_session": False},
        )
