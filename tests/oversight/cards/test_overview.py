"""The secretariat's list of cards."""

import pytest

from coordinator.oversight.cards import service
from coordinator.oversight.cards.overview import card_rows
from coordinator.permissions import AccessKind
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")


def test_the_list_counts_duties_and_proposals() -> None:
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    service.publish_card("dispora", by=secretariat)
    rows = {row.slug: row for row in card_rows(secretariat)}
    assert len(rows) == 42
    assert (rows["dispora"].duties, rows["dispora"].proposals) == (3, 3)
    assert rows["lpsk"].proposals == 0
    assert rows["dispora"].published_at is not None
    assert rows["lpsk"].published_at is None
    assert rows["dispora"].changed_at is not None
