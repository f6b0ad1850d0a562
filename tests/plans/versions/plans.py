"""Changed plans, for tests."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from coordinator.plans.actions.rules import TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, LegalFloor, PlanFile


def changed(plan: PlanFile, of: str, /, **fields: Any) -> PlanFile:
    """The plan with one action changed."""
    return replace(
        plan,
        actions=[replace(part, **fields) if part.code == of else part for part in plan.actions],
    )


def without(plan: PlanFile, *codes: str) -> PlanFile:
    """The plan without some actions."""
    return replace(plan, actions=[part for part in plan.actions if part.code not in codes])


def new_action(plan: PlanFile, code: str = "1.90", /, **fields: Any) -> ActionPart:
    """An action the plan does not have, like its first one."""
    indicator = IndicatorPart.checked(
        {
            "id": f"uji-{code.replace('.', '-')}-angka",
            "name": "Kegiatan uji",
            "unit": "kegiatan",
            "kind": "number",
            "better": "up",
            "accumulation": "cumulative",
            "targets": {"2026": "4"},
        }
    )
    values = {
        "id": f"uji-{code.replace('.', '-')}",
        "code": code,
        "title": f"Aksi uji {code}",
        "lead": "satpol-pp",
        "support": [],
        "duties": [],
        "indicators": [indicator],
        **fields,
    }
    return replace(plan.actions[0], **values)


def with_new(plan: PlanFile, *actions: ActionPart) -> PlanFile:
    """The plan with further actions."""
    return replace(plan, actions=[*plan.actions, *actions])


def regional(plan: PlanFile, *actions: ActionPart, code: str = "64") -> PlanFile:
    """A RAD of a task force with these actions, under the national plan."""
    head = plan.plan.checked(
        {
            "id": f"rad-{code.replace('.', '-')}",
            "kind": "rad",
            "title": "RAD uji",
            "status": "draft",
            "first_year": 2025,
            "last_year": 2029,
            "task_force": code,
            "national": plan.plan.id,
        }
    )
    return replace(plan, plan=head, actions=list(actions))


def below(
    plan: PlanFile, value: int, *, level: str = "", place: int = 0, floor: int | None = None
) -> PlanFile:
    """The plan with a target of 2.1 for 2026, whose indicator has a legal floor."""
    action = next(part for part in plan.actions if part.code == "2.1")
    indicators = list(action.indicators)
    part = indicators[place]
    update: dict[str, Any] = {"targets": {**part.targets, 2026: Decimal(value)}}
    if level:
        update = {"level_targets": {TargetLevel(level): {2026: Decimal(value)}}}
    if floor is not None:
        update["legal_floor"] = LegalFloor(value=Decimal(floor), article="Pasal uji")
    indicators[place] = replace(part, **update)
    return changed(plan, "2.1", indicators=indicators)
