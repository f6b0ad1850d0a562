"""Emptying the outbox: claim one, send it outside any transaction, mark it, next."""

import os
import secrets
import socket
from collections.abc import Callable
from typing import Literal

from coordinator.platform.mail import service
from coordinator.platform.mail.smtp import Connection, MailServer, NotAccepted

INBOX_ANSWER = "kotak masuk lokal"


def send_queued_emails(
    server: MailServer,
    mode: Literal["inbox", "smtp", "hold"],
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    most: int = 10_000,
) -> tuple[int, int]:
    """Send what is due, one by one; return (sent, not accepted).

    `inbox` marks mails as sent without sending: they are read at /kotak-masuk. `hold` sends
    nothing. `is_stopping` is asked between two mails. When the server cannot be reached the round
    ends: the rest waits for its turn instead of failing one by one.
    """
    if mode == "hold":
        return 0, 0
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    sent = refused = 0
    with Connection(server) as connection:
        while sent + refused < most and not is_stopping():
            row = service.claim_next(owner)
            if row is None:
                break
            if mode == "inbox":
                service.mark_sent(row.id, owner, answer=INBOX_ANSWER)
                sent += 1
                continue
            try:
                answer = connection.send(row)
            except NotAccepted as error:
                service.mark_failed(
                    row.id,
                    owner,
                    answer=error.answer,
                    permanent=error.permanent,
                    recipient=error.is_recipient,
                )
                refused += 1
                if connection.is_lost:
                    break
                continue
            service.mark_sent(row.id, owner, answer=answer)
            sent += 1
    return sent, refused
