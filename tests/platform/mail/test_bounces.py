"""Reports of mail systems about addresses, and the command that feeds them."""

import json
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.platform.mail import queries, service
from coordinator.platform.mail.bounces import read
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail, UnclearAnswer
from coordinator.platform.mail.reports import scrubbed, take_report
from coordinator.platform.mail.rules import BounceKind
from coordinator.platform.mail.verdicts import is_policy, verdict
from tests.platform.mail.builders import queue_mail, write_to

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
Content-Type: {content_type}

Reporting-MTA: dns; mx.example

{groups}
--b
Content-Type: message/rfc822

{returned}
--b--
"""
GROUP = """\
{original}Final-Recipient: {final}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

"""
HARD, SOFT = BounceKind.HARD, BounceKind.SOFT


def _group(
    status: str = "5.1.1",
    said: str = "",
    *,
    action: str = "failed",
    final: str = "rfc822; hilang@uji.example",
    original: str = "",
) -> str:
    return GROUP.format(
        status=status,
        said=said or f"{status} said so",
        action=action,
        final=final,
        original=f"Original-Recipient: {original}\n" if original else "",
    )


def _report(
    *groups: str, message_id: str = "", content_type: str = "message/delivery-status"
) -> bytes:
    header = f"Message-ID: {message_id}\n" if message_id else ""
    return REPORT.format(
        groups="".join(groups or (_group(),)),
        content_type=content_type,
        returned=f"{header}From: koordinator-tppo@localhost\nSubject: Pengingat\n\nIsi",
    ).encode()


def _text(body: str, *, headers: str = "From: MAILER-DAEMON@mx.example") -> bytes:
    return f"{headers}\nTo: koordinator-tppo@localhost\nSubject: failure notice\n\n{body}".encode()


def _found(data: bytes) -> list[tuple[str, str]]:
    return [(one.addresses[-1] if one.addresses else "", one.kind) for one in read(data).failures]


# --- what an answer says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", HARD),
        ("5.1.2", "", HARD),
        ("5.2.1", "550 5.2.1 disabled", HARD),
        ("5.2.1", "550-5.2.1 receiving mail at a rate that prevents more", SOFT),
        ("5.1.7", "553 5.1.7 bad sender address", SOFT),
        ("5.1.8", "553 5.1.8 sender domain", SOFT),
        ("5.1.0", "550 5.1.0 sender rejected", SOFT),
        ("5.2.2", "", SOFT),
        ("5.2.0", "", SOFT),
        ("5.3.4", "", SOFT),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", SOFT),
        ("5.7.1", "550 5.7.1 Message rejected due to DMARC policy of sender", SOFT),
        ("5.7.26", "550 5.7.26 user unknown to our policy", SOFT),
        ("4.4.7", "", SOFT),
        ("4.2.2", "452 4.2.2 full", SOFT),
        ("5.0.0", "550 5.7.23 SPF fail - not authorized", SOFT),
        ("5.1.1", "550 5.7.1 blocked", SOFT),
        ("5.0.0", "550 5.1.1 gone", HARD),
        ("5.0.0", "550 No such user here", HARD),
        ("5.1.1", "550 5.1.1 Recipient address rejected: temporarily blocked, policy", None),
        ("", "550 5.1.1 rejected, see our policy", None),
        ("5.1.1", "550 5.1.1 User unknown. Check the address and try again", HARD),
        ("", "<sri@uji.example>... Deferred: No route to host", SOFT),
        ("5.5.0", "550 mailbox unavailable", None),
        ("5.6.0", "554 transaction failed", None),
        ("", "", None),
        ("", "550", None),
        ("", "552 storage", SOFT),
        ("", "450 busy", SOFT),
        ("", "550 blocked using a list at 5.1.1.9", SOFT),
        ("", "host mx[10.5.1.1] said: 550 relay access denied", SOFT),
        ("", "550 unable to verify Exim 5.1.1", None),
        ("", "551 not local", HARD),
        ("", "alamat tidak dapat ditemukan", HARD),
        ("", "pengguna tidak dikenal", HARD),
    ],
)
def test_a_mailbox_is_gone_only_where_the_answer_says_so(
    status: str, said: str, kind: BounceKind | None
) -> None:
    assert verdict(said or f"{status} said so", status=status) is kind


def test_what_is_only_delayed_is_never_gone() -> None:
    assert verdict("550 5.1.1 no such user", action="delayed", status="5.1.1") is SOFT


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("final", "address"),
    [
        ("rfc822; sri@uji.example", "sri@uji.example"),
        ("RFC822;<SRI@UJI.EXAMPLE>", "SRI@UJI.EXAMPLE"),
        ("rfc822; sri+2Bdinas@uji.example", "sri+dinas@uji.example"),
        ("rfc822; sri+ab@uji.example", "sri+ab@uji.example"),
        ("utf-8; s\\x{F6}ri@uji.example", "s\u00f6ri@uji.example"),
        ("sri@uji.example", "sri@uji.example"),
        ('rfc822; "sri"@uji.example', "sri@uji.example"),
    ],
)
@pytest.mark.parametrize("content_type", ["delivery-status", "global-delivery-status"])
def test_an_address_is_read_however_it_is_written(
    final: str, address: str, content_type: str
) -> None:
    groups = [_group(final=final), _group("4.4.1", action="delayed", final="rfc822; b@uji.example")]
    data = _report(*groups, content_type=f"message/{content_type}")
    first, second = read(data).failures
    assert address in first.addresses
    assert (first.kind, second.addresses, second.kind) == (HARD, ("b@uji.example",), SOFT)


def test_the_address_that_was_written_to_comes_first() -> None:
    final, original = "rfc822; pribadi@lain.example", "rfc822;sri@uji.example"
    (failure,) = read(_report(_group(final=final, original=original))).failures
    assert failure.addresses == ("sri@uji.example", "pribadi@lain.example")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(
            _text(
                "  sri@uji.example\n    550 5.1.1 No such user here\n",
                headers="From: Mail Delivery System <Mailer-Daemon@mx.example>\n"
                "Auto-Submitted: auto-replied\nX-Failed-Recipients: sri@uji.example",
            ),
            [("sri@uji.example", "hard")],
            id="exim",
        ),
        pytest.param(
            _text(
                "  sri@uji.example\n    550 5.7.1 policy\n  b@uji.example\n    550 Unknown user\n",
                headers="X-Failed-Recipients: sri@uji.example, b@uji.example, c@uji.example",
            ),
            [("c@uji.example", ""), ("sri@uji.example", "soft"), ("b@uji.example", "hard")],
            id="exim with three",
        ),
        pytest.param(
            _text(
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to "
                "deliver your message to the following addresses.\n\n<sri@uji.example>:\n"
                "Sorry, no mailbox here by that name. (#5.1.1)\n\n<b@uji.example>:\n"
                "User is over the quota. (#5.2.2)\n\n"
                "--- Below this line is a copy of the message.\n\n"
                "Message-ID: <x@lain.example>\n<c@uji.example>: 550 5.1.1\n"
            ),
            [("sri@uji.example", "hard"), ("b@uji.example", "soft")],
            id="qmail",
        ),
        pytest.param(
            _text(
                "This is the mail system at host mx.example.\n\nFor further assistance, send "
                "mail to postmaster.\n\n<sri@uji.example>: host in.uji.example[10.0.0.1] said: "
                "550\n"
                "    <sri@uji.example>: Recipient address rejected: User unknown in local\n"
                "    recipient table (in reply to RCPT TO command)\n"
            ),
            [("sri@uji.example", "hard")],
            id="postfix",
        ),
        pytest.param(
            _text(
                "Delivery has failed to these recipients or groups:\n\nSri (sri@uji.example)\n"
                "The email address you entered couldn't be found. Please check it.\n\n"
                "Diagnostic information for administrators:\n\nsri@uji.example\n"
                "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\n"
                "Original message headers:\n\nTo: <b@uji.example>\n",
                headers="From: Microsoft Outlook <postmaster@mx.example>",
            ),
            [("sri@uji.example", "hard")],
            id="exchange",
        ),
        pytest.param(
            _text(
                "** Address not found **\n\nYour message wasn't delivered to sri@uji.example "
                "because the address couldn't be found, or is unable to receive mail.\n"
            ),
            [("sri@uji.example", "hard")],
            id="gmail",
        ),
        pytest.param(
            _text(
                "Delivery to the following recipient has been delayed:\n\n     sri@uji.example\n\n"
                "Message will be retried for 2 more day(s)\n"
            ),
            [("sri@uji.example", "soft")],
            id="gmail delayed",
        ),
        pytest.param(
            _text(
                "   ----- Transcript of session follows -----\n"
                "<sri@uji.example>... Deferred: Connection refused by mx.uji.example.\n"
                "Message could not be delivered for 4 hours\n"
            ),
            [("sri@uji.example", "soft")],
            id="sendmail delayed",
        ),
        pytest.param(
            _text("Maaf, surat untuk sri@uji.example tidak dapat kami terima."),
            [("", "")],
            id="unclear",
        ),
    ],
)
def test_a_text_is_read_by_its_header_and_common_phrases(
    data: bytes, found: list[tuple[str, str]]
) -> None:
    assert sorted(_found(data)) == sorted(found)


FORWARDED = (
    b"From: sri@uji.example\nTo: tppo@uji.example\nSubject: Fwd: Undelivered\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="f"\n\n--f\nContent-Type: text/plain\n\nLihat ini\n'
    b"--f\nContent-Type: message/rfc822\n\n" + _report() + b"\n--f--\n"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"Subject: Re: laporan\n\nSaya sedang cuti.",
        b"Auto-Submitted: auto-replied\nReturn-Path: <>\nSubject: Undeliverable?\n\n550 5.1.1 x",
        b"From: MAILER-DAEMON@a.example\nSubject: Automatic reply: cuti\n\nto b@a.example: 5.1.1",
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\n550 5.1.1 to a@uji.example\n--b--",
        _report(_group("2.0.0", action="delivered")),
        b"Content-Type: message/delivery-status\n\n",
        FORWARDED,
        FORWARDED.replace(b"multipart/mixed", b"multipart/report"),
    ],
)
def test_other_mail_stops_nothing(data: bytes) -> None:
    assert [one for one in _found(data) if one[0] or one[1]] == []


def bounces(app: flask.Flask) -> list[str]:
    """The addresses that were noted."""
    with app.app_context():
        found = list(db.session.scalars(sa.select(AddressBounce.address)))
        db.session.remove()
    return found


def _take(app: flask.Flask, data: bytes, *, dry_run: bool = False) -> list[tuple[str, str]]:
    with app.app_context():
        _reading, outcomes = take_report(data, dry_run=dry_run)
        db.session.remove()
    return [(one.address, one.effect.value) for one in outcomes]


# --- whose mail it was ---------------------------------------------------------------------------


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("groups", "message_id", "outcome"),
    [
        (_group(), "own", ("hilang@uji.example", "hard")),
        (_group(), "", ("hilang@uji.example", "unclear")),
        (_group("4.2.2"), "", ("hilang@uji.example", "unclear")),
        (_group("4.2.2"), "own", ("hilang@uji.example", "soft")),
        (_group(final="rfc822; <HILANG@UJI.EXAMPLE>"), "own", ("hilang@uji.example", "hard")),
        (_group(), "<other@lain.example>", ("hilang@uji.example", "unclear")),
        (
            _group(final="rfc822; x@lain.example"),
            "<o@lain.example>",
            ("x@lain.example", "stranger"),
        ),
        (_group(final="rfc822; antre@uji.example"), "", ("antre@uji.example", "stranger")),
        (_group(final="rfc822; anggota@lain.example"), "own", ("hilang@uji.example", "unclear")),
        (
            _group(final="rfc822; a@lain.example", original="rfc822;hilang@uji.example"),
            "own",
            ("hilang@uji.example", "unclear"),
        ),
        (
            _group(original="rfc822;HILANG@uji.example"),
            "own",
            ("hilang@uji.example", "hard"),
        ),
        (
            "X-Actual-Recipient: rfc822; a@lain.example\n" + _group(),
            "own",
            ("hilang@uji.example", "unclear"),
        ),
        (_group("5.0.0", "554 failed"), "own", ("hilang@uji.example", "unclear")),
        (_group("5.0.0", "554 failed", final="rfc822;"), "", ("", "unclear")),
    ],
)
def test_only_a_mail_that_left_can_come_back(
    app: flask.Flask, groups: str, message_id: str, outcome: tuple[str, str]
) -> None:
    with app.app_context():
        (own,) = write_to("hilang@uji.example")
        queue_mail("antre@uji.example", "nanti")
        db.session.remove()
    report = _report(groups, message_id=own if message_id == "own" else message_id)
    assert _take(app, report, dry_run=True) == [outcome]
    assert bounces(app) == []
    assert _take(app, report) == [outcome]
    address, effect = outcome
    assert bounces(app) == ([address] if effect in ("hard", "soft") else [])
    with app.app_context():
        kept = list(db.session.scalars(sa.select(UnclearAnswer.address)))
    assert kept == ([address] if effect == "unclear" else [])


GROUP_OF_EXIM = """\
  anggota@lain.example
    (generated from hilang@uji.example)
    550 5.1.1 No such user here

------ This is a copy of the message, including all the headers. ------
"""
GROUP_OF_POSTFIX = """\
<anggota@lain.example> (expanded from <hilang@uji.example>): host mx said: 550 5.1.1 User unknown

Message-ID follows.
"""
GROUP_OF_SENDMAIL = """\
   ----- The following addresses had permanent fatal errors -----
<anggota@lain.example>
    (reason: 550 5.1.1 User unknown)
    (expanded from: <hilang@uji.example>)

   ----- Original message follows -----
"""


@SQLITE_ONLY
def test_a_dead_member_stops_no_group_and_a_forger_nobody(app: flask.Flask) -> None:
    with app.app_context():
        (own,) = write_to("hilang@uji.example")
    named = "From: Mailer-Daemon <x@mx.example>\nX-Failed-Recipients: hilang@uji.example"
    system = "From: MAILER-DAEMON@mx.example"
    person = "From: Mailer-Daemon <orang@lain.example>"
    gone = "<hilang@uji.example>: 550 5.1.1 No such user here\n"
    reports = [
        *(
            _text(f"{body}Message-ID: {own}\n", headers=headers)
            for body, headers in [
                (GROUP_OF_EXIM, named),
                (GROUP_OF_EXIM, system),
                (GROUP_OF_POSTFIX, system),
                (GROUP_OF_SENDMAIL, system),
            ]
        ),
        _text(gone, headers=person),
        _text(gone, headers="From: orang@lain.example\nX-Failed-Recipients: hilang@uji.example"),
        _text(gone + "Message-ID: <palsu@lain.example>\n", headers=person),
    ]
    for report in reports:
        assert _take(app, report) == [("hilang@uji.example", "unclear")]
    assert bounces(app) == []
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(UnclearAnswer.id))) == len(reports)
    assert _take(app, _text(f"{gone}Message-ID: {own}\n")) == [("hilang@uji.example", "hard")]


def test_one_report_counts_once(app: flask.Flask) -> None:
    with app.app_context():
        ids = write_to("hilang@uji.example", "b@uji.example", "c@uji.example")
    unclear = _group("5.0.0", "554 no", final="rfc822; c@uji.example")
    soft = _group("4.4.1", final="rfc822; b@uji.example")
    report = f"References: {' '.join(ids)}\n".encode() + _report(_group(), soft, unclear)
    for _time in range(2):
        assert _take(app, report) == [
            ("hilang@uji.example", "hard"),
            ("b@uji.example", "soft"),
            ("c@uji.example", "unclear"),
        ]
    assert sorted(bounces(app)) == ["b@uji.example", "hilang@uji.example"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(UnclearAnswer.id))) == 1


def test_a_kept_sentence_tells_of_nobody() -> None:
    said = (
        "554 <sri@uji.example> user 6472011505900004, https://mx.example/x\r\n"
        "hubungi 0812-3456-7890\x00"
    )
    assert scrubbed(said) == "554 <[...]> user [...], [...] hubungi [...]"


DEEP = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(4000)
)


@SQLITE_ONLY
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(DEEP, id="deep"),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 30_000, id="mails in mails"),
        pytest.param(_report().split(b"Reporting-MTA")[0] + b"\n" * 2_000_000, id="blank lines"),
        pytest.param(b'Content-Type: a/b; x="' + b';"' * 400_000, id="one long header"),
        pytest.param(_text("a" * 1_000_000), id="one long word"),
        pytest.param(_text("<a@" * 300_000), id="half addresses"),
        pytest.param(_text("account " * 120_000), id="half phrases"),
        pytest.param(bytes(range(256)) * 8000, id="binary"),
        pytest.param(_report().replace(b"hilang", b"\xff\x00h"), id="bytes in an address"),
        pytest.param(
            _report().replace(b"text/plain", b'text/plain; charset="x\x00y"'), id="no such charset"
        ),
    ],
)
def test_a_hostile_file_ends_with_a_sentence(app: flask.Flask, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "report.eml"
    file.write_bytes(data)
    done = app.test_cli_runner().invoke(args=["mail", "bounce", "--dsn", str(file), "--json"])
    assert done.exit_code in (0, 1), done.output
    assert isinstance(done.exception, SystemExit | None)
    assert done.output.strip()
    assert bounces(app) == []


@SQLITE_ONLY
@pytest.mark.parametrize("word", ["pantulan.eml", "dispora", "a@", "@b.example", "a b@c.example"])
def test_a_word_is_no_address(app: flask.Flask, word: str) -> None:
    done = app.test_cli_runner().invoke(args=["mail", "bounce", word])
    assert done.exit_code == 2
    assert "bukan alamat email" in done.output
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
    file.write_bytes(_report())
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


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("5.7.1", "550 5.7.1 Message rejected due to DMARC policy of sender", True),
        ("5.7.1", "", True),
        ("", "554 your message looks like spam", True),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("4.7.1", "450 4.7.1 greylisted, blocked for now", False),
        ("4.4.1", "connection timed out", False),
    ],
)
def test_a_mail_refused_as_spam_or_by_policy_is_marked_as_such(
    status: str, said: str, expected: bool
) -> None:
    assert is_policy(said, status=status) is expected


@SQLITE_ONLY
def test_the_mail_that_a_report_names_is_the_one_that_came_back(app: flask.Flask) -> None:
    with app.app_context():
        (older,) = write_to("hilang@uji.example")
        (newer,) = write_to("hilang@uji.example", occasion="lagi")
        known = {row.message_id: row.id for row in db.session.scalars(sa.select(OutgoingEmail))}
        db.session.remove()
    _take(app, _report(message_id=older))
    with app.app_context():
        assert list(queries.returned(known.values())) == [known[older]]
        service.note_bounce("hilang@uji.example", HARD, answer="550 at sending")
        assert newer in known
        assert queries.came_back("HILANG@uji.example") == known[newer]


@SQLITE_ONLY
def test_the_command_says_that_a_refusal_waits_to_be_read(app: flask.Flask, tmp_path: Path) -> None:
    with app.app_context():
        (ours,) = write_to("hilang@uji.example")
    file = tmp_path / "report.eml"
    refusal = _group("5.7.1", "550 5.7.1 blocked by policy")
    file.write_bytes(_report(refusal, message_id=ours))
    done = app.test_cli_runner().invoke(args=["mail", "bounce", "--dsn", str(file)])
    assert "masih dikirimi; ditolak sebagai spam atau oleh kebijakan" in done.output


@SQLITE_ONLY
def test_the_command_stops_and_clears_an_address(app: flask.Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    with app.app_context():
        _first, gone = write_to("a@uji.example", "hilang@uji.example")
    dry = run(args=["mail", "bounce", "a@uji.example", "--dry-run", "--json"])
    assert json.loads(dry.output) == [
        {"address": "a@uji.example", "kind": "hard", "stopped": False}
    ]
    for _time in range(4):
        assert "masih dikirimi" in run(args=["mail", "bounce", "a@uji.example", "--soft"]).output
    assert "dihentikan" in run(args=["mail", "bounce", "A@uji.example", "--soft"]).output
    assert "masih dikirimi" in run(args=["mail", "bounce", "a@uji.example", "--clear"]).output
    file = tmp_path / "report.eml"
    file.write_bytes(_report(message_id=gone))
    done = run(args=["mail", "bounce", "--dsn", str(file), "--json"])
    assert json.loads(done.output)[0]["stopped"] is True
    assert run(args=["mail", "bounce"]).exit_code == 2
    file.write_bytes(b"Subject: cuti\n\n")
    assert run(args=["mail", "bounce", "--dsn", str(file)]).exit_code == 1
