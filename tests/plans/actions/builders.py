"""The sample plan, for tests."""

from dataclasses import replace

from coordinator.plans.actions.seed import PlanFile, check
from tests.engines import ROOT

SEED = ROOT / "seed" / "ran_tppo_2025_2029.yaml"


def seed_plan() -> PlanFile:
    """Return the sample plan."""
    plan, findings = check(SEED)
    assert plan is not None, findings
    return plan


def sheet_plan() -> PlanFile:
    """Return the sample plan as a sheet can say it: it has no column for legal floors, and who
    takes a sheet keeps those in force (`versions.rules.with_floors`)."""
    plan = seed_plan()
    actions = [
        replace(action, indicators=[replace(one, legal_floor=None) for one in action.indicators])
        for action in plan.actions
    ]
    assert actions != plan.actions
    return replace(plan, actions=actions)
