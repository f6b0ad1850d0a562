"""Who checks texts."""

import pytest

from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.text_checks.builders import lawyer


@pytest.fixture
def checker(in_app: None) -> Viewer:
    """The lawyer who checks."""
    return lawyer()


@pytest.fixture
def office(in_app: None) -> Viewer:
    """The secretariat, which may check as well."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
