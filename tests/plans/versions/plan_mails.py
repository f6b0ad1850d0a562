"""Mails about plans, for tests."""

import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.plans.versions import queries
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState

KEY = "ran-tppo-2025-2029"


def paths(mail: OutgoingEmail) -> set[str]:
    """Where a mail leads."""
    return {link.path for link in mail.mail_links}


def mails(state: MailState | None = MailState.QUEUED) -> list[OutgoingEmail]:
    """The mails about plans."""
    db.session.rollback()
    query = sa.select(OutgoingEmail).where(OutgoingEmail.kind == queries.MAIL_KIND)
    if state is not None:
        query = query.where(OutgoingEmail.state == state)
    return list(db.session.scalars(query.order_by(OutgoingEmail.id)))


def receivers() -> list[str]:
    """Whose mail waits."""
    return sorted(one.to_address.split("@")[0] for one in mails())


@transactional
def send_all() -> None:
    """Let every mail that waits leave."""
    while (claimed := mail.claim_next("uji")) is not None:
        mail.mark_sent(claimed.id, "uji", answer="250 ok")
