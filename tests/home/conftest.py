"""Who the tests of the first pages begin with."""

import flask
import pytest

from coordinator.permissions import AccessKind, Viewer
from tests import factories


@pytest.fixture
def office(app: flask.Flask) -> Viewer:
    """The secretariat of a new installation."""
    with app.app_context():
        return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
