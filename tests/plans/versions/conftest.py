"""The sample plan, and the secretariat that edits it."""

import pytest

from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.seed import PlanFile, check
from tests import factories
from tests.engines import ROOT


@pytest.fixture(scope="session")
def plan() -> PlanFile:
    """The sample plan as it is loaded."""
    found, _findings = check(ROOT / "seed" / "ran_tppo_2025_2029.yaml")
    assert found is not None
    return found


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of the province."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
