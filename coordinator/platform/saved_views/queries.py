"""A person's own views."""

from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.platform.saved_views.models import SavedView
from coordinator.platform.saved_views.rules import kept


def views(viewer: Viewer, *, place: str = "") -> list[SavedView]:
    """Return the viewer's own views by name, of one list where `place` is given."""
    query = sa.select(SavedView).where(SavedView.account_id == viewer.account_id)
    if place:
        query = query.where(SavedView.place == place)
    return list(db.session.scalars(query.order_by(SavedView.place, sa.func.lower(SavedView.name))))


def view(viewer: Viewer, public_id: str) -> SavedView | None:
    """Return one of the viewer's own views."""
    return db.session.scalar(
        sa.select(SavedView).where(
            SavedView.account_id == viewer.account_id, SavedView.public_id == public_id
        )
    )


def kept_query(place: str, query: str) -> str:
    """Return a list's query string as it is kept (see `rules.kept`)."""
    return urlencode(kept(place, parse_qsl(query)))
