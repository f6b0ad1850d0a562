"""From the outbox over a real SMTP conversation: nothing lost, nothing sent twice unseen."""

import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st

from coordinator.db import db, transactional
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import OneTimeLink
from coordinator.permissions import AccessKind
from coordinator.platform.mail import jobs, sending, service, smtp
from coordinator.platform.mail.links import MailLink, writing_a_mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState, one_line, retry_after
from coordinator.platform.mail.service import Email, queue_email
from coordinator.platform.operations.service import ensure_installation
from tests import factories
from tests.conftest import Browser
from tests.engines import free_port

HOSTILE = (
    "Rapat\r\nBcc: semua@uji.example",
    "Rapat\nX-Palsu: ya\n\nIsi palsu",
    "Rapat\r\n.\r\nMAIL FROM:<x@uji.example>",
    "Rapat\u2028Bcc: x@uji.example\u0085To: y@uji.example",
    "\x00\x07\x1b[31mmerah",
    "=?utf-8?q?Bcc=3A_x=40uji.example?=",
    "Judul " * 900,
    "é" * 5000,
    "Rapat \u202egpj.exe",
    "日本語の件名と👩‍👩‍👧",
    "",
)


class Sink:
    """A mail server that keeps what it takes and answers as it is instructed."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        # By receiver: the answer to RCPT.
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse a receiver."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep the message."""
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        self.receivers.append(list(envelope.rcpt_tos))
        return "250 OK: taken"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs in the order they came."""
        return [message["Message-ID"] for message in self.messages]


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """A mail server on a loopback port."""
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def server(sink: tuple[Sink, int]) -> smtp.MailServer:
    """The way to the sink."""
    return smtp.MailServer(
        host="127.0.0.1",
        port=sink[1],
        user="",
        password="",
        tls="none",
        sender="Koordinator TPPO <tppo@uji.example>",
        base_url="https://tppo.uji.example",
        secret_key="test-secret-key",
    )


@transactional
def put(*addresses: str, subject: str = "Uji", prefix: str = "uji") -> list[str]:
    """Queue a mail to each address; return their Message-IDs."""
    ids = []
    for address in addresses:
        with writing_a_mail() as links:
            page = MailLink("/tugas-saya")
            text, html = f"Isi untuk {address} {page}", f"<p>{page}</p>"
        row = queue_email(
            Email(subject, text, html, tuple(links.values())),
            occasion=(prefix,),
            kind="test",
            to_address=address,
            thread="assignment-uji",
        )
        ids.append(row.message_id)
    return ids


def rows() -> list[OutgoingEmail]:
    """The outbox as the database has it now."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .order_by(OutgoingEmail.id)
            .execution_options(populate_existing=True)
        )
    )


def states() -> list[str]:
    """The state of each mail."""
    return [row.state.value for row in rows()]


# --- what arrives --------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_app")
def test_a_mail_arrives_with_the_headers_that_make_it_answerable(
    sink: tuple[Sink, int], server: smtp.MailServer
) -> None:
    [message_id] = put("narahubung@uji.example", subject="[TPPO] 3 tugas – Dispora")
    assert sending.send_queued_emails(server, "smtp") == (1, 0)
    [message] = sink[0].messages
    assert sink[0].receivers == [["narahubung@uji.example"]]
    assert message["Message-ID"] == message_id == rows()[0].message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["References"] == message["In-Reply-To"] == "<assignment-uji@koordinator-tppo>"
    assert message["Subject"] == "[TPPO] 3 tugas – Dispora"
    assert message["From"].addresses[0].addr_spec == "tppo@uji.example"
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    text, html = (
        message.get_body(preferencelist=(kind,)).get_content()  # type: ignore[union-attr]
        for kind in ("plain", "html")
    )
    assert "https://tppo.uji.example/tugas-saya" in text
    assert "https://tppo.uji.example" in html
    [row] = rows()
    assert (row.state, row.attempts, row.answer) == (MailState.SENT, 1, "250")
    assert row.sent_at == datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
    assert sending.send_queued_emails(server, "smtp") == (0, 0)
    assert len(sink[0].messages) == 1


@pytest.mark.usefixtures("in_app")
def test_hostile_titles_make_no_header_and_no_receiver(
    sink: tuple[Sink, int], server: smtp.MailServer
) -> None:
    for place, subject in enumerate(HOSTILE):
        put("narahubung@uji.example", subject=f"[TPPO] {subject}", prefix=str(place))
    assert sending.send_queued_emails(server, "smtp") == (len(HOSTILE), 0)
    known = {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    }
    for message, receivers in zip(sink[0].messages, sink[0].receivers, strict=True):
        assert receivers == ["narahubung@uji.example"]
        assert set(message) <= known
        assert message["To"] == "narahubung@uji.example"
        assert len(" ".join(message["Subject"].split())) <= 150  # 3.13.0 doubles folded blanks.
        assert not set(message["Subject"]) & set("\r\n\x00\u2028\u0085")
        assert "Isi palsu" not in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def _row(subject: str) -> OutgoingEmail:
    return OutgoingEmail(
        to_address="narahubung@uji.example",
        subject=one_line(subject),
        message_id="<uji@koordinator-tppo>",
        thread="",
        text="Isi",
        html="<p>Isi</p>",
        links=[],
    )


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["\r", "\n", "\r\n", "\u2028", "\u0085", "\x00", "Bcc: x@y.example"]),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        ),
        max_size=40,
    ).map("".join)
)
def test_no_title_breaks_out_of_its_line(title: str) -> None:
    message = smtp.compose(
        _row(f"[TPPO] {title}"),
        sender="tppo@uji.example",
        base_url="http://localhost",
        secret_key="k",
    )
    parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert parsed.keys().count("To") == 1
    assert parsed["To"] == "narahubung@uji.example"
    assert parsed["Message-ID"] == "<uji@koordinator-tppo>"
    assert not set(str(parsed["Subject"])) & set("\r\n\u2028\u2029\u0085\x00")


def test_the_secret_of_a_link_is_in_the_mail_alone_and_works(
    app: flask.Flask, sink: tuple[Sink, int], server: smtp.MailServer, data_dir: Path
) -> None:
    with app.app_context():
        person = accounts.NewPerson(
            email="baru@uji.example",
            name="Orang Baru",
            kind=AccessKind.SECRETARIAT,
            task_force_id=factories.task_force().id,
        )
        _account, token = accounts.invite(person, by=None, secret_key=app.config["SECRET_KEY"])
        db.session.rollback()
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert token not in repr(tuple(row)), table.name
        sending.send_queued_emails(
            replace(server, base_url="http://localhost", secret_key=app.config["SECRET_KEY"]),
            "smtp",
        )
        assert db.session.scalars(sa.select(OneTimeLink.token_hash)).one() != token
    [message] = sink[0].messages
    body = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "[[" not in body
    [link] = [word for word in body.split() if word.startswith("http://localhost/undangan/")]
    assert link.endswith(token)
    page = app.test_client().get(link.removeprefix("http://localhost"))
    assert page.status_code == 200
    assert "baru@uji.example" in page.text or "kata sandi" in page.text.lower()


# --- the server says no --------------------------------------------------------------------------


@pytest.mark.usefixtures("in_app")
def test_a_temporary_no_is_tried_again_later_a_permanent_one_never(
    sink: tuple[Sink, int], server: smtp.MailServer, clock: time_machine.Traveller
) -> None:
    put("penuh@uji.example", "tiada@uji.example", *(f"baik{n}@uji.example" for n in range(5)))
    sink[0].refusals = {
        "penuh@uji.example": "451 4.3.0 coba lagi",
        "tiada@uji.example": "550 5.1.1 tidak ada",
    }
    assert sending.send_queued_emails(server, "smtp") == (5, 2)
    assert states() == ["queued", "failed", *["sent"] * 5]
    full, gone = rows()[:2]
    assert gone.answer == "550 5.1.1 tidak ada"
    assert full.answer.startswith("451")
    wait = full.not_before - datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
    assert timedelta(minutes=1) <= wait <= timedelta(minutes=1, seconds=12)
    clock.shift(30)
    assert sending.send_queued_emails(server, "smtp") == (0, 0)
    clock.shift(60)
    assert sending.send_queued_emails(server, "smtp") == (0, 1)
    full = rows()[0]
    assert timedelta(minutes=2) <= full.not_before - clock_now() <= timedelta(minutes=2, seconds=24)
    sink[0].refusals = {}
    clock.shift(timedelta(hours=2))
    assert sending.send_queued_emails(server, "smtp") == (1, 0)
    assert states() == ["sent", "failed", *["sent"] * 5]
    assert len(sink[0].ids) == len(set(sink[0].ids)) == 6


@pytest.mark.usefixtures("in_app")
def test_what_the_server_answers_is_in_the_outbox_and_in_no_log(
    sink: tuple[Sink, int], server: smtp.MailServer, capture: list[str]
) -> None:
    """A server likes to repeat the address, and what it did not like in the text."""
    put("kenari-kuning@uji.example", "kenari kuning@@uji.example")
    sink[0].refusals = {"kenari-kuning@uji.example": "550 5.1.1 <kenari-kuning@uji.example> kenari"}
    sending.send_queued_emails(server, "smtp")
    assert "kenari-kuning" in rows()[0].answer
    assert "kenari" not in "\n".join(capture)


def clock_now() -> datetime:
    """The present instant of the moved clock."""
    return datetime.now(UTC)


def test_the_wait_doubles_to_an_hour() -> None:
    minutes = [retry_after(n) / timedelta(minutes=1) for n in range(1, 10)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.usefixtures("in_app")
def test_while_the_server_is_down_nothing_is_lost(
    sink: tuple[Sink, int], server: smtp.MailServer, clock: time_machine.Traveller
) -> None:
    message_ids = put(*(f"orang{n}@uji.example" for n in range(20)))
    down = replace(server, port=free_port())
    for _hour in range(72):
        sent, _refused = sending.send_queued_emails(down, "smtp")
        assert sent == 0
        clock.shift(timedelta(hours=1))
    assert set(states()) == {"queued"}
    assert sending.send_queued_emails(server, "smtp") == (20, 0)
    assert sorted(sink[0].ids) == sorted(message_ids)


@pytest.mark.usefixtures("in_app")
def test_a_wrong_password_of_the_server_fails_no_mail(
    sink: tuple[Sink, int], server: smtp.MailServer
) -> None:
    put("a@uji.example", "b@uji.example")
    sent, _refused = sending.send_queued_emails(
        replace(server, user="tppo", password="salah"), "smtp"
    )
    assert sent == 0
    assert "failed" not in states()
    assert sink[0].messages == []


# --- senders that meet, and senders that die -----------------------------------------------------


@dataclass
class Team:
    """Senders in parallel, each a thread with its own app context and connection."""

    app: flask.Flask
    errors: list[BaseException] = field(default_factory=list)

    def run(self, size: int, work: Callable[[], object]) -> None:
        """Let `size` threads do the work at once."""
        barrier = threading.Barrier(size)

        def one() -> None:
            try:
                with self.app.app_context():
                    barrier.wait()
                    work()
                    db.session.remove()
            except BaseException as error:
                self.errors.append(error)

        threads = [threading.Thread(target=one) for _ in range(size)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.errors == []


def test_senders_in_parallel_deliver_each_mail_once(
    app: flask.Flask, sink: tuple[Sink, int], server: smtp.MailServer
) -> None:
    with app.app_context():
        message_ids = put(*(f"orang{n}@uji.example" for n in range(40)))
    Team(app).run(3, lambda: sending.send_queued_emails(server, "smtp"))
    assert sorted(sink[0].ids) == sorted(message_ids)
    with app.app_context():
        assert set(states()) == {"sent"}
        assert {row.attempts for row in rows()} == {1}


@pytest.mark.usefixtures("in_app")
def test_the_mail_of_a_dead_sender_is_sent_by_the_next_after_the_lease(
    sink: tuple[Sink, int], server: smtp.MailServer, clock: time_machine.Traveller
) -> None:
    put("a@uji.example")
    dead = service.claim_next("mati")
    assert dead is not None
    assert sending.send_queued_emails(server, "smtp") == (0, 0)
    clock.shift(service.LEASE - timedelta(seconds=1))
    assert sending.send_queued_emails(server, "smtp") == (0, 0)
    clock.shift(2)
    assert sending.send_queued_emails(server, "smtp") == (1, 0)
    assert not service.mark_failed(dead.id, "mati", answer="terlambat", permanent=True)
    assert states() == ["sent"]
    assert len(sink[0].ids) == 1


class Killed(BaseException):
    """What a killed process looks like from inside."""


@pytest.mark.usefixtures("in_app")
def test_a_sender_killed_before_its_mark_repeats_a_mail_at_most_once(
    sink: tuple[Sink, int],
    server: smtp.MailServer,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message_ids = put("a@uji.example", "b@uji.example")

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, "mark_sent", die)
        with pytest.raises(Killed):
            sending.send_queued_emails(server, "smtp")
    assert states() == ["sending", "queued"]
    assert sending.send_queued_emails(server, "smtp") == (1, 0)
    clock.shift(service.LEASE + timedelta(seconds=1))
    assert sending.send_queued_emails(server, "smtp") == (1, 0)
    assert sink[0].ids == [message_ids[0], message_ids[1], message_ids[0]]
    assert states() == ["sent", "sent"]
    assert sending.send_queued_emails(server, "smtp") == (0, 0)


@pytest.mark.usefixtures("in_app")
def test_the_same_occasion_makes_one_mail() -> None:
    first = put("a@uji.example")
    assert put("a@uji.example") == first
    assert states() == ["queued"]


@pytest.mark.usefixtures("in_app")
def test_a_mail_waits_for_its_time(server: smtp.MailServer, clock: time_machine.Traveller) -> None:
    @transactional
    def later() -> None:
        queue_email(
            Email("Uji", "Isi", "<p>Isi</p>"),
            occasion=("nanti",),
            kind="test",
            to_address="a@uji.example",
            not_before=datetime(2026, 10, 13, 2, 2, tzinfo=UTC),
        )

    later()
    assert sending.send_queued_emails(server, "smtp") == (0, 0)
    clock.shift(120)
    assert sending.send_queued_emails(server, "smtp") == (1, 0)


# --- modes ---------------------------------------------------------------------------------------


@pytest.fixture
def smtp_settings(environ: dict[str, str], sink: tuple[Sink, int]) -> None:
    """An installation that sends for real."""
    environ.update(MAIL_MODE="smtp", SMTP_PORT=str(sink[1]), SMTP_HOST="127.0.0.1")


def test_a_copied_installation_sends_nothing(
    smtp_settings: None, app: flask.Flask, sink: tuple[Sink, int], data_dir: Path
) -> None:
    with app.app_context():
        ensure_installation(data_dir)
        put("a@uji.example")
        identity = data_dir / "installation_id"
        genuine = identity.read_text()
        for wrong in ("identitas lain", None):
            identity.unlink()
            if wrong:
                identity.write_text(wrong)
            assert jobs.send_queued_emails() == "ditahan"
            assert states() == ["queued"]
            assert sink[0].messages == []
            identity.touch()
        identity.write_text(genuine)
        assert jobs.send_queued_emails() == "1 terkirim, 0 belum diterima"
        assert len(sink[0].messages) == 1


def test_hold_keeps_everything(
    app: flask.Flask, sink: tuple[Sink, int], server: smtp.MailServer
) -> None:
    with app.app_context():
        put("a@uji.example")
        assert sending.send_queued_emails(server, "hold") == (0, 0)
        assert states() == ["queued"]


def test_the_local_inbox_shows_a_mail_to_its_addressee_alone(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        emails = {
            "focal_point": factories.email_of(story.focal_point),
            "supporter": factories.email_of(story.supporter),
            "secretariat": factories.email_of(story.secretariat),
        }
        clock.shift(timedelta(minutes=3))
        assert jobs.send_queued_emails() == "2 terkirim, 0 belum diterima"
        mail = next(r for r in rows() if r.to_address == emails["focal_point"])
        mail_id, subject = mail.id, mail.subject
    own = browser().sign_in(emails["focal_point"], factories.PASSWORD)
    assert subject in own.get("/kotak-masuk").text
    assert "http://localhost/tugas-saya" in own.get(f"/kotak-masuk/{mail_id}").text
    body = own.get(f"/kotak-masuk/{mail_id}/isi")
    assert "http://localhost/tugas-saya" in body.text
    assert "sandbox" in body.headers["Content-Security-Policy"]
    for other in ("supporter", "secretariat"):
        stranger = browser().sign_in(emails[other], factories.PASSWORD)
        assert subject not in stranger.get("/kotak-masuk").text
        stranger.get(f"/kotak-masuk/{mail_id}", status=404)
        stranger.get(f"/kotak-masuk/{mail_id}/isi", status=404)


def test_where_mail_leaves_there_is_no_local_inbox(
    smtp_settings: None, app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        person = factories.person(AccessKind.FOCAL_POINT, "dispora")
        address = factories.email_of(person)
    browser().sign_in(address, factories.PASSWORD).get("/kotak-masuk", status=404)
