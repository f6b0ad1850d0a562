"""Keeping views and letting them go."""

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.saved_views import queries
from coordinator.platform.saved_views.models import SavedView
from coordinator.platform.saved_views.rules import MOST, PLACES
from coordinator.translation import gettext as _


@transactional
def save_view(place: str, query: str, name: str, *, by: Viewer) -> SavedView:
    """Keep a list's filters and order under a name; a name already used for that list is replaced.

    Raises NotAllowed, NotFound (no such list), InvalidInput (no filter, too many views).
    """
    if by.account_id is None:
        raise NotAllowed(_("Masuk lebih dahulu."))
    if place not in PLACES:
        raise NotFound(_("Daftar itu tidak ada."))
    kept = queries.kept_query(place, query)
    if not kept:
        raise InvalidInput({"name": _("Pilih saringan atau urutan lebih dahulu.")})
    refuse_identity(name=f"{name}\n{kept}")
    own = queries.views(by)
    row = next((one for one in own if one.place == place and one.name == name), None)
    if row is None:
        if len(own) >= MOST:
            raise InvalidInput(
                {"name": _("Sudah ada %(n)s tampilan. Hapus satu lebih dahulu.", n=MOST)}
            )
        row = SavedView(account_id=by.account_id, place=place, name=name, query=kept)
        db.session.add(row)
    row.query = kept
    row.created_at = now()
    db.session.flush()
    record("view.saved", by=by, subject=("saved_view", row.public_id), place=place)
    return row


@transactional
def delete_view(public_id: str, *, by: Viewer) -> str:
    """Let one of the viewer's own views go; return the list it was of. Raises NotFound."""
    row = queries.view(by, public_id)
    if row is None:
        raise NotFound(_("Tampilan itu tidak ada."))
    place = row.place
    db.session.delete(row)
    record("view.deleted", by=by, subject=("saved_view", public_id), place=place)
    return place
