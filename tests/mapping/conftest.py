"""The bundled mapping, read once a worker."""

import copy

import pytest

from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.seed import Mapping
from tests.mapping.duties.builders import FILE


@pytest.fixture(scope="session")
def bundled() -> Mapping:
    """The mapping as it was read; tests get copies."""
    found, _findings = check(FILE)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def mapping(bundled: Mapping) -> Mapping:
    """The real mapping."""
    return copy.deepcopy(bundled)
