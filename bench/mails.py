"""1,000 queued mails to a sink on loopback: through the product's sender, and by smtplib alone."""

import asyncio
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

import config
from bench.dataset import SECRET_KEY, app_on
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.emails import digest
from coordinator.oversight.reminders.queries import DueReport
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.accounts.models import Account
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.sending import send_queued_emails
from coordinator.platform.mail.service import Email, queue_email
from coordinator.platform.mail.smtp import MailServer, compose

SENDER = "Koordinator TPPO <koordinator-tppo@localhost>"
BASE_URL = "http://127.0.0.1:8000"
DIGESTS = 40


# --- the sink: its own process, so that it takes none of the sender's time ------------------------


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async def say(text: bytes) -> None:
        writer.write(text + b"\r\n")
        await writer.drain()

    await say(b"220 sink")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            await say(b"354 go on")
            while (await reader.readline()) not in (b".\r\n", b""):
                pass
            await say(b"250 kept")
        elif word == b"QUIT":
            await say(b"221 bye")
            break
        else:
            await say(b"250 ok")
    writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_swallow, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


@contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.mails"], cwd=config.ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


# --- the measure ----------------------------------------------------------------------------------


def _digest() -> Email:
    """Return the product's own reminder with six reports, as sent to a focal point."""
    on = today()
    items = [
        DueReport(
            obligation_id=n,
            public_id=f"kb{n:08d}",
            agency_id=1,
            agency="Dispora",
            title=f"Pengawasan lembaga pelatihan kerja dan perusahaan penempatan ke-{n}",
            period=f"Triwulan III {on.year}",
            subject=ReminderSubject.REPORT,
            last_day=on + timedelta(days=n - 2),
            since=on - timedelta(days=20),
            has_draft=False,
        )
        for n in range(6)
    ]
    force = db.session.scalars(sa.select(TaskForce).where(TaskForce.code == "64")).one()
    nobody = Account(email="orang@bench.example", name="Orang", is_sample=False)
    return digest(
        Digest(nobody, 1, "Dispora", items, {}, {}),
        on=on,
        force=force,
        links={},
        needs_no_password=False,
    )


@transactional
def _queue(count: int, round_number: int) -> None:
    email = _digest()
    for n in range(count):
        queue_email(
            email,
            occasion=("bench", round_number, n),
            kind="digest",
            to_address=f"orang{n}@bench.example",
            thread=f"bench-{n}",
        )


def measure(folder: Path, database: Path, count: int, runs: int) -> list[dict[str, float]]:
    """Return, for each run, mails a second of the sender and of both floors, taken in turn."""
    found = []
    app = app_on(folder, database)
    with _sink() as port, app.app_context():
        server = MailServer("127.0.0.1", port, "", "", "none", SENDER, BASE_URL, SECRET_KEY)
        for run in range(runs):
            _queue(count, run)
            rows = list(
                db.session.scalars(
                    sa.select(OutgoingEmail).where(OutgoingEmail.state == MailState.QUEUED)
                )
            )
            db.session.expunge_all()
            db.session.rollback()
            floors = {"composing": _floor(rows, port), "prebuilt": _prebuilt(rows, port)}
            began = time.perf_counter()
            sent, refused = send_queued_emails(server, "smtp", most=DIGESTS)
            first = time.perf_counter() - began
            more, refused_more = send_queued_emails(server, "smtp")
            took = time.perf_counter() - began
            if sent + more != count or refused + refused_more:
                raise RuntimeError(f"{sent + more} of {count} mails sent")
            found.append({"product": count / took, "digests": first, **floors})
        db.session.remove()
        db.engine.dispose()
    return found


def _floor(rows: list[OutgoingEmail], port: int) -> float:
    """Send with smtplib on one connection; compose each message just before."""
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        began = time.perf_counter()
        for row in rows:
            smtp.send_message(compose(row, sender=SENDER, base_url=BASE_URL, secret_key=SECRET_KEY))
        return len(rows) / (time.perf_counter() - began)


def _prebuilt(rows: list[OutgoingEmail], port: int) -> float:
    """Send with smtplib on one connection; compose the messages before the clock starts."""
    messages = [
        (
            row.to_address,
            compose(row, sender=SENDER, base_url=BASE_URL, secret_key=SECRET_KEY).as_bytes(),
        )
        for row in rows
    ]
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        began = time.perf_counter()
        for address, content in messages:
            smtp.sendmail("koordinator-tppo@localhost", [address], content)
        return len(rows) / (time.perf_counter() - began)


if __name__ == "__main__":
    asyncio.run(_serve())
