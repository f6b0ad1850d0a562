"""Publish cards and withdraw them."""

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import NotAllowed, NotFound
from coordinator.oversight.cards.models import CardPublication
from coordinator.people.directory.models import Agency
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


def _may_publish(by: Viewer) -> None:
    if not by.may(Permission.PUBLISH_CARDS) or by.account_id is None:
        raise NotAllowed(_("Anda tidak dapat menerbitkan Kartu Peran."))


def _agency(slug: str, by: Viewer) -> Agency:
    agency = db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == by.own_task_force_id, Agency.slug == slug, Agency.is_active
        )
    )
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada di gugus tugas Anda."))
    return agency


@transactional
def publish_card(slug: str, *, by: Viewer) -> bool:
    """Let anyone with the link read an agency's card; return False if they already can.

    Raises NotAllowed, NotFound.
    """
    _may_publish(by)
    return _publish(_agency(slug, by), by)


def _publish(agency: Agency, by: Viewer) -> bool:
    row = db.session.get(CardPublication, agency.id)
    if row is not None and row.is_published:
        return False
    if row is None:
        row = CardPublication(agency_id=agency.id)
        db.session.add(row)
    row.published_at = now()
    row.published_by_id = by.account_id or 0
    row.withdrawn_at = None
    row.withdrawn_by_id = None
    db.session.flush()
    record("card.published", by=by, subject=("card", agency.slug), agency_id=agency.id)
    return True


@transactional
def withdraw_card(slug: str, *, by: Viewer) -> bool:
    """Close an agency's card to the public; return False if it was not published.

    Printed codes then lead to "not found". Raises NotAllowed, NotFound.
    """
    _may_publish(by)
    agency = _agency(slug, by)
    row = db.session.get(CardPublication, agency.id)
    if row is None or not row.is_published:
        return False
    row.withdrawn_at = now()
    row.withdrawn_by_id = by.account_id
    db.session.flush()
    record("card.withdrawn", by=by, subject=("card", agency.slug), agency_id=agency.id)
    return True


@transactional
def publish_all_cards(*, by: Viewer) -> int:
    """Publish every card of the viewer's task force that is not yet; return how many."""
    _may_publish(by)
    agencies = db.session.scalars(
        sa.select(Agency)
        .where(Agency.task_force_id == by.own_task_force_id, Agency.is_active)
        .order_by(Agency.id)
    ).all()
    return sum(_publish(agency, by) for agency in agencies)
