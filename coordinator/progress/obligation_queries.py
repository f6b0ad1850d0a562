"""The obligation whose report an agency's own people write."""

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.obligations.models import Obligation
from coordinator.obligations.rules import ObligationEnd
from coordinator.permissions import Permission, Viewer


def own_obligation(public_id: str, by: Viewer) -> Obligation:
    """Return what the writer's own agency owes. Raises NotAllowed, NotFound, Conflict."""
    if not by.may(Permission.WRITE_REPORTS):
        raise NotAllowed(_("Akses Anda tidak dapat menulis laporan."))
    obligation = db.session.scalar(
        sa.select(Obligation).where(
            Obligation.public_id == public_id,
            Obligation.task_force_id == by.own_task_force_id,
            Obligation.agency_id == by.own_agency_id,
        )
    )
    if obligation is None:
        raise NotFound(_("Laporan itu tidak ada."))
    if obligation.ended_as is ObligationEnd.TRANSFERRED:
        raise Conflict(_("Kewajiban lapor ini sudah dialihkan."))
    if obligation.ended_as is not None:
        raise Conflict(_("Kewajiban lapor ini sudah ditutup."))
    return obligation
