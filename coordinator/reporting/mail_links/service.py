"""Noting that a link was used."""

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.people.accounts.models import Account
from coordinator.reporting.mail_links.models import ReportLink
from coordinator.reporting.mail_links.queries import FoundLink


@transactional
def note_use(link: FoundLink, *, is_sent: bool = False) -> None:
    """Note that a link was used and, with `is_sent`, that it has served its purpose.

    Part of the service that does what the link is for. The holder counts as an active user.
    """
    row = db.session.get_one(ReportLink, link.id)
    row.used_at = now()
    if is_sent:
        row.sent_at = now()
    db.session.get_one(Account, row.grant.account_id).last_seen_at = row.used_at
    db.session.flush()
