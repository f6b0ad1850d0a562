"""The list of server answers that a person must read."""

from collections.abc import Callable

import flask

from coordinator.db import db, transactional
from coordinator.mail import service
from coordinator.mail.reports import take_report
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser

TITLE = "Balasan server yang tidak jelas"
REPORT = """\
From: MAILER-DAEMON@mx.example
X-Failed-Recipients: {address}
Subject: failure notice

{address}
  554 Kotak <{address}> belum dapat menerima, hubungi 0812-3456-7890
"""


@transactional
def _queue(address: str, task_force_id: int) -> None:
    service.queue_email(
        service.Email("Uji", "Isi", "<p>Isi</p>"),
        occasion=("uji",),
        kind="uji",
        to_address=address,
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
    listed = page[page.index(TITLE) : page.index("</section>")]
    assert "pos@uji.example" in listed
    assert "lain@uji.example" not in listed
    assert "asing@uji.example" not in administrator.get("/surel").text  # never written to
    secretariat.post("/surel/balasan/2/selesai", {}, page="/surel", status=404)
    secretariat.post("/surel/balasan/1/selesai", {}, page="/surel")
    assert TITLE not in secretariat.get("/surel").text
    assert "lain@uji.example" in administrator.get("/surel").text
