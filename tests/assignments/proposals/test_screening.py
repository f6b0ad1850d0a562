"""No reason of a proposal keeps an identity number, whichever way it reaches the service."""

import pytest

from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.proposals import answering, queries, service
from coordinator.errors import InvalidInput
from coordinator.permissions import Viewer
from tests import factories
from tests.assignments.proposals import builders

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

REASON = "Korban 6472015505080001 sudah pulang."  # an invented NIK


@pytest.fixture
def officer(province: Viewer) -> Viewer:
    """Who answers for Balikpapan."""
    builders.mapped(builders.BALIKPAPAN)
    return builders.person(builders.BALIKPAPAN)


@pytest.fixture
def batch_id(province: Viewer, officer: Viewer) -> str:
    """One action, proposed to Balikpapan."""
    wanted = Filter(ids=(factories.action("1.1").public_id,), to_propose=True)
    codes = [builders.BALIKPAPAN]
    return service.propose(wanted, builders.TERMS, codes=codes, by=province).public_id


def test_a_proposal_is_not_withdrawn_for_a_reason_with_a_nik(
    province: Viewer, officer: Viewer, batch_id: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        service.withdraw(batch_id, reason=REASON, by=province)
    assert set(refusal.value.fields) == {"reason"}
    assert queries.count_open(officer) == 1


@pytest.mark.usefixtures("batch_id")
def test_a_proposal_is_not_declined_for_a_reason_with_a_nik(officer: Viewer) -> None:
    [proposal] = queries.open_proposals(officer)
    with pytest.raises(InvalidInput) as refusal:
        answering.decline(proposal.public_id, reason=REASON, by=officer)
    assert set(refusal.value.fields) == {"reason"}
    assert queries.count_open(officer) == 1
