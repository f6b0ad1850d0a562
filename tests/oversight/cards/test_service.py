"""Publishing: who may, what is written, what repeating does."""

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import NotAllowed, NotFound
from coordinator.oversight.cards import service
from coordinator.oversight.cards.models import CardPublication
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")


def acts() -> list[tuple[str, str]]:
    """Return (action, card) of the audited changes to cards, in order."""
    rows = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.subject_id)
        .where(AuditEntry.subject_type == "card")
        .order_by(AuditEntry.id)
    )
    return [(action, slug) for action, slug in rows]


def test_publishing_is_audited_once() -> None:
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    assert service.publish_card("dispora", by=office)
    assert not service.publish_card("dispora", by=office)
    assert service.withdraw_card("dispora", by=office)
    assert not service.withdraw_card("dispora", by=office)
    assert service.publish_card("dispora", by=office)
    assert acts() == [
        ("card.published", "dispora"),
        ("card.withdrawn", "dispora"),
        ("card.published", "dispora"),
    ]
    row = db.session.scalars(sa.select(CardPublication)).one()
    assert row.is_published
    assert row.published_by_id == office.account_id


def test_all_means_those_not_published_yet() -> None:
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    service.publish_card("dispora", by=office)
    assert service.publish_all_cards(by=office) == 41
    assert service.publish_all_cards(by=office) == 0
    assert len(acts()) == 42


def test_only_the_secretariat_and_only_its_own() -> None:
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    for act in (service.publish_card, service.withdraw_card):
        with pytest.raises(NotAllowed):
            act("dispora", by=head)
        with pytest.raises(NotFound):
            act("tidak-ada", by=office)
    with pytest.raises(NotAllowed):
        service.publish_all_cards(by=head)
    assert acts() == []
