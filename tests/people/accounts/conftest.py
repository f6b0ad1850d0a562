"""People who sign in."""

import logging
from collections.abc import Callable, Iterator

import flask
import pytest

from coordinator.people.accounts import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from tests.people.accounts.signing_in import leader


@pytest.fixture
def email(app: flask.Flask) -> str:
    """The address of a focal point of Dispora."""
    with app.app_context():
        return factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))


@pytest.fixture
def secretariat(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)


@pytest.fixture
def invited(app: flask.Flask, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """The token of an invitation; every log line of ours is caught from here on."""
    logger = logging.getLogger("coordinator")
    logger.addHandler(caplog.handler)
    with app.app_context():
        _account, token = service.invite(
            leader("baru@uji.example"), by=None, secret_key=app.config["SECRET_KEY"]
        )
    yield token
    logger.removeHandler(caplog.handler)
