"""The evening the national plan appears."""

from collections.abc import Callable

import flask
import pytest

from tests.assignments.replanning.evening import Evening, build
from tests.conftest import Browser


@pytest.fixture
def evening(app: flask.Flask, browser: Callable[[], Browser]) -> Evening:
    """Five agencies hold actions of the sample; a report of Dispora's is verified."""
    return build(app, browser)
