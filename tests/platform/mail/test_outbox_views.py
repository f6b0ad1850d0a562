"""The list of server answers that a person must read."""

import re
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.permissions import AccessKind
from coordinator.platform.mail import service
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.reports import take_report
from tests import factories
from tests.conftest import Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
TITLE = "Balasan server yang perlu dibaca"
REPORT = """\
From: MAILER-DAEMON@mx.example
X-Failed-Recipients: {address}
Subject: failure notice

{address}
  554 Kotak <{address}> belum dapat menerima, hubungi 0812-3456-7890
"""


@transactional
def _queue(
    address: str, task_force_id: int, *, occasion: str = "uji", account_id: int | None = None
) -> None:
    service.queue_email(
        service.Email("Uji", "Isi", "<p>Isi</p>"),
        occasion=(occasion,),
        kind="uji",
        to_address=address,
        account_id=account_id,
        task_force_id=task_force_id,
    )


def test_a_person_reads_and_settles_it(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        own, other = factories.task_force().id, factories.task_force("64.71").id
        for address, task_force_id in (("pos@uji.example", own), ("lain@uji.example", other)):
            _queue(address, task_force_id)
            row = service.claim_next("uji")
            assert row is not None
            service.mark_sent(row.id, "uji", answer="250")
        for address in ("pos@uji.example", "lain@uji.example", "asing@uji.example"):
            take_report(REPORT.format(address=address).encode())
        mails = [
            factories.email_of(factories.person(kind))
            for kind in (AccessKind.SECRETARIAT, AccessKind.ADMINISTRATOR)
        ]
        db.session.remove()
    secretariat, administrator = (browser().sign_in(mail, factories.PASSWORD) for mail in mails)
    page = secretariat.get("/surel").text
    assert TITLE in page
    assert "554 Kotak &lt;[...]&gt; belum dapat menerima, hubungi [...]" in page
    listed = page[page.index(TITLE) :].partition("</section>")[0]
    assert "pos@uji.example" in listed
    assert "lain@uji.example" not in listed
    assert "asing@uji.example" not in administrator.get("/surel").text  # never written to
    secretariat.post("/surel/balasan/2/selesai", {}, page="/surel", status=404)
    secretariat.post("/surel/balasan/1/selesai", {}, page="/surel")
    assert TITLE not in secretariat.get("/surel").text
    assert "lain@uji.example" in administrator.get("/surel").text


STATUS_REPORT = """\
From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} {said}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b--
"""


def _rows(page: str) -> list[str]:
    """Return the rows of the outbox as text, newest first."""
    body = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
    return [" ".join(re.sub(r"<[^<>]*>", " ", part).split()) for part in body.split("<tr>")[1:]]


@SQLITE_ONLY
def test_a_mail_that_came_back_reads_so_with_the_servers_words(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        officer = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
        focal = factories.person(AccessKind.FOCAL_POINT, "dispora", email="pos@uji.example")
        own = factories.task_force().id
        for occasion in ("satu", "dua"):
            _queue("pos@uji.example", own, occasion=occasion, account_id=focal.account_id)
            row = service.claim_next("uji")
            assert row is not None
            service.mark_sent(row.id, "uji", answer="250 OK")
        newest_id = db.session.scalars(
            sa.select(OutgoingEmail.message_id).order_by(OutgoingEmail.id.desc())
        ).first()
        db.session.remove()

    def report(status: str, said: str, action: str = "failed") -> None:
        text = STATUS_REPORT.format(
            address="pos@uji.example",
            status=status,
            said=said,
            action=action,
            message_id=newest_id,
        )
        with app.app_context():
            take_report(text.encode())
            db.session.remove()

    secretariat = browser().sign_in(officer, factories.PASSWORD)
    report("4.4.1", "connection timed out", action="delayed")
    newest, older = _rows(secretariat.get("/surel").text)
    assert "Diterima server" in newest, "its server still tries"
    report("5.2.2", "mailbox full")
    newest, older = _rows(secretariat.get("/surel").text)
    assert "Kembali" in newest
    assert "Sementara: alamat ini masih dikirimi." in newest
    assert "550 5.2.2 mailbox full" in newest
    assert "Diterima server" in older
    report("5.7.1", "rejected as spam")
    page = secretariat.get("/surel").text
    assert TITLE in page, "a person must look: nothing gets there"
    hint = secretariat.get("/orang/instansi/dispora").text
    assert "Email ke pos@uji.example kembali." in hint
    assert "550 5.7.1 rejected as spam" in hint
    report("5.1.1", "no such user")
    page = secretariat.get("/surel").text
    newest, older = _rows(page)
    assert "Kiriman ke alamat ini dihentikan." in newest
    assert "550 5.1.1 no such user" in newest
    assert len(_rows(secretariat.get("/surel?keadaan=returned").text)) == 1
    assert _rows(secretariat.get("/surel?keadaan=sent").text) == [older]
    link = re.search(r'href="(/orang/surel/\d+)"', page)
    assert link
    person = secretariat.get(link[1], status=303).location
    assert "pos@uji.example" in secretariat.get(person).text
    for path in ("/orang", "/orang/instansi/dispora"):
        assert "Kata server: 550 5.1.1 no such user" in secretariat.get(path).text
