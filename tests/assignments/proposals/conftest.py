"""The province that proposes."""

import pytest

from coordinator.permissions import AccessKind, Viewer
from tests import factories


@pytest.fixture
def province(in_app: None) -> Viewer:
    """Who proposes."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
