"""QR codes are printed: an agency's former address leads to its card."""

from dataclasses import replace

import flask
import pytest

from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.cards.service import publish_card
from coordinator.permissions import AccessKind
from tests import factories

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_a_former_address_leads_to_the_card(app: flask.Flask) -> None:
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT)
        publish_card("dispora", by=secretariat)
        mapping = published(factories.task_force().id)
        assert mapping is not None
        renamed = {"agencies": [], "memberships": [], "duties": []}
        for part in mapping.agencies:
            change = {"id": "disporapar", "former_ids": ["dispora"]}
            renamed["agencies"].append(replace(part, **change) if part.id == "dispora" else part)
        for name in ("memberships", "duties"):
            renamed[name] = [
                replace(part, agency="disporapar") if part.agency == "dispora" else part
                for part in getattr(mapping, name)
            ]
        publish(replace(mapping, **renamed), by=secretariat, reason="SK")
    client = app.test_client()
    for ending in ("", ".pdf"):
        answer = client.get(f"/kartu-peran/64/dispora{ending}")
        assert answer.status_code == 301
        assert answer.location.endswith(f"/kartu-peran/64/disporapar{ending}")
    assert client.get("/kartu-peran/64/disporapar").status_code == 200
    assert client.get("/kartu-peran/64.71/dispora").status_code == 404
