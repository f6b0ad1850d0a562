"""People of a campaign."""

import pytest

from coordinator.permissions import AccessKind, Viewer
from tests import factories


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who asks."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def head(in_app: None) -> Viewer:
    """Dispora's head."""
    return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.fixture
def focal_point(in_app: None) -> Viewer:
    """Dispora's narahubung."""
    return factories.person(AccessKind.FOCAL_POINT, "dispora")
