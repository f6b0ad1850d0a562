"""Mails that wait, and mails that left."""

from coordinator.db import db, transactional
from coordinator.platform.mail import service
from coordinator.platform.mail.service import Email, queue_email


def write_to(*addresses: str, occasion: str = "uji") -> list[str]:
    """Send a mail to each address; return the Message-IDs."""
    found = []
    for address in addresses:
        found.append(queue_mail(address, occasion))
        row = service.claim_next("uji")
        assert row is not None
        service.mark_sent(row.id, "uji", answer="250")
    db.session.remove()
    return found


@transactional
def queue_mail(address: str, occasion: str) -> str:
    """Let a mail wait to be sent; return its Message-ID."""
    return queue_email(
        Email("Uji", "Isi", "<p>Isi</p>"), occasion=(occasion,), kind="uji", to_address=address
    ).message_id
