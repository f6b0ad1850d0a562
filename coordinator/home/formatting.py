"""Texts of the first pages."""

from datetime import date, datetime

from coordinator.clock import local
from coordinator.translation import gettext as _


def seen_text(seen_at: datetime | None, on: date, zone: str) -> str:
    """Return how long ago somebody last used the system: "terakhir masuk 7 hari lalu"."""
    if seen_at is None:
        return _("belum pernah masuk")
    days = (on - local(seen_at, zone).date()).days
    if days <= 0:
        return _("terakhir masuk hari ini")
    if days == 1:
        return _("terakhir masuk kemarin")
    return _("terakhir masuk %(n)s hari lalu", n=days)
