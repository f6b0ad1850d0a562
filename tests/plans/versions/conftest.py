"""The sample plan, and the secretariat that edits it and brings files of it."""

from collections.abc import Callable

import flask
import pytest

from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.seed import PlanFile
from tests import factories
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan


@pytest.fixture(scope="session")
def plan() -> PlanFile:
    """The sample plan as it is loaded."""
    return seed_plan()


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of the province."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in; Dispora has somebody."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)
