"""Which mails carry links, and for how long these work. Pure."""

from collections.abc import Collection

DEFAULT_GRACE_DAYS = 14  # after a report's last day


def links_allowed(*, mail_links: bool, off_for: Collection[str], agency_kind: str) -> bool:
    """Return whether mails to an agency of this kind carry links that need no password."""
    return mail_links and agency_kind not in off_for
