"""A plan as a document: it loads back to the same plan, whichever way it was kept."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.seed import check
from coordinator.platform.versioned_documents.format import plain_number
from tests.plans.actions.builders import seed_plan


def test_the_sample_plan_comes_back_from_json_and_from_yaml(tmp_path: Path) -> None:
    plan = seed_plan()
    assert PLAN_FORMAT.from_json(PLAN_FORMAT.to_json(plan)) == plan
    file = tmp_path / "rencana.yaml"
    file.write_text(PLAN_FORMAT.to_yaml(plan), "utf-8")
    assert check(file) == (plan, [])
    assert "targets: {2025: 8, 2026: 12, 2027: 12, 2028: 14, 2029: 16}" in file.read_text("utf-8")


def test_equal_plans_have_equal_texts() -> None:
    plan = seed_plan()
    action = plan.actions[0]
    indicator = replace(
        action.indicators[0],
        targets={
            year: Decimal(f"{value}.00")
            for year, value in reversed(action.indicators[0].targets.items())
        },
    )
    written_otherwise = replace(
        plan,
        actions=[
            replace(action, indicators=[indicator, *action.indicators[1:]]),
            *plan.actions[1:],
        ],
    )
    assert written_otherwise == plan
    assert PLAN_FORMAT.to_json(written_otherwise) == PLAN_FORMAT.to_json(plan)
    assert plain_number(Decimal("1E+3")) == Decimal(1000)
