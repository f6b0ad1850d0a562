"""kill -9 at the worst moments of sending: nothing is lost, a repeat carries the same Message-ID.

`make test` kills a few times at each moment, `make soak` fifty times (docs/reliability.md).
"""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from multiprocessing.context import ForkProcess

import flask
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from coordinator.db import db, transactional
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.sending import send_queued_emails
from coordinator.platform.mail.service import Email, queue_email
from coordinator.platform.mail.smtp import MailServer
from tests.engines import free_port

ROUNDS = 50 if os.environ.get("SOAK") else 1
MAILS = 4
MOMENTS = ("connected", "recipient", "data", "accepted")


class Sink:
    """Takes mail, notes Message-IDs, and kills the sender once at the chosen moment."""

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.has_struck = False
        self.received: Counter[str] = Counter()

    def _strike(self, moment: str) -> None:
        if moment == self.moment and not self.has_struck:
            self.has_struck = True
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """The connection is open, nothing was said yet."""
        session.host_name = hostname
        self._strike("connected")
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The receiver is named, the text was not sent yet."""
        envelope.rcpt_tos.append(address)
        self._strike("recipient")
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The text is here; the answer is not given yet ("data"), or about to be ("accepted")."""
        message = message_from_bytes(envelope.content or b"")
        if self.moment == "data" and not self.has_struck:
            # Received by the server, and its answer never heard: a real server may well deliver.
            self.received[str(message["Message-ID"])] += 1
            self._strike("data")
            return "250 OK"
        self.received[str(message["Message-ID"])] += 1
        if self.moment == "accepted" and not self.has_struck:
            await server.push("250 OK")
            self._strike("accepted")
        return "250 OK"


@contextmanager
def running(sink: Sink) -> Iterator[int]:
    """Serve the sink on a free loopback port; yield the port."""
    port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _send(app: flask.Flask, port: int) -> None:
    """The child: its own connections, then the product's sender as the scheduler calls it."""
    with app.app_context():
        db.engine.dispose(close=False)
        server = MailServer(
            host="127.0.0.1",
            port=port,
            user="",
            password="",
            tls="none",
            sender="koordinator@uji.example",
            base_url="http://localhost",
            secret_key="test-secret-key",
        )
        send_queued_emails(server, "smtp")


def send_once(app: flask.Flask, port: int) -> ForkProcess:
    """Start the product's own sender as a process of its own."""
    process = multiprocessing.get_context("fork").Process(target=_send, args=(app, port))
    process.start()
    return process


@transactional
def queue_some(round_number: int) -> None:
    """Put a few mails into the outbox, due long ago by every clock."""
    for number in range(MAILS):
        queue_email(
            Email("Uji", "teks", "<p>teks</p>"),
            occasion=("uji", round_number, number),
            kind="uji",
            to_address=f"penerima{number}@uji.example",
            not_before=datetime(2026, 1, 1, tzinfo=UTC),
        )


@transactional
def end_leases() -> None:
    """What 90 seconds would do: the dead sender's lease is over."""
    for row in db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.state == MailState.SENDING)
    ):
        row.lease_until = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=1)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_sender_loses_nothing(empty_app: flask.Flask, moment: str) -> None:
    copies: Counter[str] = Counter()
    for round_number in range(ROUNDS):
        sink = Sink(moment)
        with running(sink) as port, empty_app.app_context():
            queue_some(round_number)
            first = send_once(empty_app, port)
            first.join()
            assert first.exitcode == -signal.SIGKILL
            end_leases()
            second = send_once(empty_app, port)
            second.join()
            assert second.exitcode == 0
            states = set(db.session.scalars(sa.select(OutgoingEmail.state)))
            ids = set(
                db.session.scalars(
                    sa.select(OutgoingEmail.message_id).where(
                        OutgoingEmail.key.startswith(f"uji:{round_number}:")
                    )
                )
            )
            db.session.rollback()
        assert states == {MailState.SENT}
        assert set(sink.received) == ids, "a mail was lost, or one appeared"
        assert max(sink.received.values()) <= 2
        copies.update(sink.received)
    extra = sum(count - 1 for count in copies.values())
    print(f"{moment}: {ROUNDS} kills, {len(copies)} mails, 0 lost, {extra} extra copies")
    assert extra <= (ROUNDS if moment in ("data", "accepted") else 0)
