"""What entries of the calendar are called."""

from coordinator.translation import gettext as _


def past_due(title: str, is_past: bool, *, is_revision: bool = False) -> str:
    """Return the title of an entry, with a mark once its day is past.

    A returned report is past its limit and not late: its first submission decided that.
    """
    if not is_past:
        return title
    return f"{_('LEWAT BATAS') if is_revision else _('TERLAMBAT')}. {title}"
