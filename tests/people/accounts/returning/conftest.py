"""A report to write, and its writer, signed in."""

import flask
import pytest

from tests import factories
from tests.conftest import Browser


@pytest.fixture
def work(app: flask.Flask) -> tuple[factories.Story, str]:
    """Dispora has a report to write, at this address."""
    with app.app_context():
        made = factories.story()
        obligation = factories.obligation_of(made.assignment, "dispora")
        return made, f"/laporan/{obligation.public_id}"


@pytest.fixture
def story(work: tuple[factories.Story, str]) -> factories.Story:
    """The people of it."""
    return work[0]


@pytest.fixture
def path(work: tuple[factories.Story, str]) -> str:
    """The address of the report."""
    return work[1]


@pytest.fixture
def writer(app: flask.Flask, story: factories.Story) -> Browser:
    """Dispora's focal point, signed in."""
    with app.app_context():
        email = factories.email_of(story.focal_point)
    return Browser(app).sign_in(email, factories.PASSWORD)
