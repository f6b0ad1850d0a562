"""Reports of mail systems about addresses, and the command that feeds them."""

import json
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.mail.bounces import bounced_addresses
from coordinator.mail.models import AddressBounce
from coordinator.mail.rules import BounceKind
from coordinator.mail.service import Email, queue_email

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
REPORT = """\
From: MAILER-DAEMON@mx.example
To: koordinator-tppo@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status} said so

--b--
"""


def _report(status: str, action: str = "failed", address: str = "Hilang@Uji.example") -> bytes:
    return REPORT.format(status=status, action=action, address=address).encode()


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", BounceKind.HARD),
        ("5.2.1", "failed", BounceKind.HARD),
        ("5.2.2", "failed", BounceKind.SOFT),
        ("4.4.1", "failed", BounceKind.SOFT),
        ("4.2.2", "delayed", BounceKind.SOFT),
    ],
)
def test_a_report_names_its_recipient(status: str, action: str, kind: BounceKind) -> None:
    found = bounced_addresses(_report(status, action))
    assert [(address, found_kind) for address, found_kind, _said in found] == [
        ("Hilang@Uji.example", kind)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"Subject: Re: laporan\n\nSaya sedang cuti.",
        _report("2.0.0", "delivered"),
        _report("5.1.1", address=""),
        b"Content-Type: message/delivery-status\n\n",
    ],
)
def test_other_mail_is_no_bounce(data: bytes) -> None:
    assert bounced_addresses(data) == []


@transactional
def write_to(*addresses: str) -> None:
    """Queue a mail to each address."""
    for address in addresses:
        queue_email(
            Email("Uji", "Isi", "<p>Isi</p>"), occasion=("uji",), kind="uji", to_address=address
        )


def bounces(app: flask.Flask) -> list[str]:
    """The addresses that were noted."""
    with app.app_context():
        found = list(db.session.scalars(sa.select(AddressBounce.address)))
        db.session.remove()
    return found


@SQLITE_ONLY
@pytest.mark.parametrize("word", ["pantulan.eml", "dispora", "a@", "@b.example", "a b@c.example"])
def test_a_word_is_no_address(app: flask.Flask, word: str) -> None:
    done = app.test_cli_runner().invoke(args=["mail", "bounce", word])
    assert done.exit_code == 2
    assert "bukan alamat surel" in done.output
    assert bounces(app) == []


@SQLITE_ONLY
@pytest.mark.parametrize("clear", [[], ["--clear"], ["--soft"], ["--dry-run"]], ids=str)
def test_an_address_never_written_to_is_said_so(app: flask.Flask, clear: list[str]) -> None:
    done = app.test_cli_runner().invoke(args=["mail", "bounce", "lain@uji.example", *clear])
    assert done.exit_code == 1
    assert "tidak pernah disurati" in done.output
    assert bounces(app) == []


@SQLITE_ONLY
def test_a_report_about_a_stranger_is_not_noted(app: flask.Flask, tmp_path: Path) -> None:
    file = tmp_path / "report.eml"
    file.write_bytes(_report("5.1.1"))
    done = app.test_cli_runner().invoke(args=["mail", "bounce", "--dsn", str(file)])
    assert done.exit_code == 1
    assert bounces(app) == []


@SQLITE_ONLY
@pytest.mark.parametrize(
    "arguments",
    [
        ["accounts", "invite", "--access", "leadership", "--email", "biro kesra"],
        ["accounts", "import", __file__, "--task-force", "kaltim"],
        ["accounts", "import", __file__, "--task-force", "6471"],
        ["jobs", "run", "queue_todays_reminders", "--dry-run", "--on", "0001-01-01"],
        ["jobs", "run", "queue_todays_reminders", "--dry-run", "--on", "9999-12-31"],
        ["jobs", "run", "queue_todays_reminders", "--dry-run", "--on", "besok"],
        ["roles", "check", __file__, "--on", "0001-01-01"],
        ["mail", "list", "--most", "0"],
    ],
    ids=lambda arguments: " ".join(arguments[:2] + arguments[-1:]),
)
def test_a_word_that_cannot_be_meant_is_wrong_use(app: flask.Flask, arguments: list[str]) -> None:
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 2, done.output
    assert arguments[-1] in done.output


@SQLITE_ONLY
def test_the_command_stops_and_clears_an_address(app: flask.Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    with app.app_context():
        write_to("a@uji.example", "hilang@uji.example")
    dry = run(args=["mail", "bounce", "a@uji.example", "--dry-run", "--json"])
    assert json.loads(dry.output) == [
        {"address": "a@uji.example", "kind": "hard", "stopped": False}
    ]
    for _time in range(4):
        assert "masih dikirimi" in run(args=["mail", "bounce", "a@uji.example", "--soft"]).output
    assert "dihentikan" in run(args=["mail", "bounce", "A@uji.example", "--soft"]).output
    assert "masih dikirimi" in run(args=["mail", "bounce", "a@uji.example", "--clear"]).output
    file = tmp_path / "report.eml"
    file.write_bytes(_report("5.1.1"))
    done = run(args=["mail", "bounce", "--dsn", str(file), "--json"])
    assert json.loads(done.output)[0]["stopped"] is True
    assert run(args=["mail", "bounce"]).exit_code == 2
    file.write_bytes(b"Subject: cuti\n\n")
    assert run(args=["mail", "bounce", "--dsn", str(file)]).exit_code == 1
