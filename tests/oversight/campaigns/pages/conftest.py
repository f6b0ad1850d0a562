"""People of a campaign, and the secretariat at its browser: each request has its own context."""

import flask
import pytest

from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import sit_down


@pytest.fixture
def head(app: flask.Flask) -> Viewer:
    """Dispora's head."""
    with app.app_context():
        return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.fixture
def secretariat(app: flask.Flask) -> Viewer:
    """Who asks."""
    with app.app_context():
        return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def browser(app: flask.Flask, secretariat: Viewer) -> Browser:
    """The secretariat's browser."""
    return sit_down(app, secretariat)
