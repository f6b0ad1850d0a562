"""The mail that shows whether mail leaves."""

from collections.abc import Callable
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.home.first_step_queries import SetUp
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser
from tests.home.builders import ANSWER, deliver_mail, signed_in_as, steps_of, words


@pytest.fixture
def environ() -> dict[str, str]:
    """A mail server: a real installation has one."""
    return {"MAIL_MODE": "smtp"}


def test_a_test_mail_says_what_the_server_answered_and_when(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    signed_in = signed_in_as(app, browser, office)
    page = "/langkah-pertama"
    assert "Kirim satu email uji ke alamat Anda sendiri." in words(signed_in, page)
    answer = signed_in.post("/langkah-pertama/email-uji", {}, page=page)
    signed_in.post("/langkah-pertama/email-uji", {}, page=page)  # pressed twice: one mail
    said = words(signed_in, answer.location.partition("#")[0])
    assert "Email uji diantrekan." in said
    assert "email uji menunggu dikirim sejak Selasa, 13 Oktober 2026 pukul 10.00 WITA" in said
    assert not steps_of(app, office).done[SetUp.MAIL]
    with app.app_context():
        row = db.session.scalars(sa.select(OutgoingEmail)).one()
        assert (row.to_address, row.subject) == (factories.email_of(office), "[TPPO] Email uji")
        tried = sa.select(AuditEntry).where(AuditEntry.action == "mail.tried")
        assert factories.email_of(office) not in str(db.session.scalars(tried).first().details)
    deliver_mail(app)
    said = words(signed_in, page)
    assert (
        "email uji diterima server Selasa, 13 Oktober 2026 pukul 10.00 WITA, "
        f"jawabannya “{ANSWER}”" in said
    )
    assert steps_of(app, office).done[SetUp.MAIL]


def test_a_test_mail_that_was_refused_is_no_success(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    signed_in = signed_in_as(app, browser, office)
    signed_in.post("/langkah-pertama/email-uji", {}, page="/langkah-pertama")

    @transactional
    def refuse() -> None:
        claimed = mail.claim_next("uji")
        assert claimed is not None
        mail.mark_failed(
            claimed.id, "uji", answer="535 kata sandi salah", permanent=False, recipient=False
        )

    with app.app_context():
        refuse()
    said = words(signed_in, "/langkah-pertama")
    assert "belum diterima: “535 kata sandi salah”" in said
    assert not steps_of(app, office).done[SetUp.MAIL]


def test_who_has_no_mailbox_reads_it(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    with app.app_context():
        unreachable = factories.person(AccessKind.SECRETARIAT, email="petugas.tanpa.email")
    page = signed_in_as(app, browser, unreachable)
    answer = page.post("/langkah-pertama/email-uji", {}, page="/langkah-pertama", status=409)
    assert "Anda belum punya alamat email." in answer.text


def test_a_mail_of_the_administrator_counts_for_the_secretariat_and_none_of_a_neighbour(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    with app.app_context():
        administrator = factories.person(AccessKind.ADMINISTRATOR)
    elsewhere = Viewer(None, AccessKind.SECRETARIAT, task_force_id=office.own_task_force_id + 1)
    signed_in_as(app, browser, office).post(
        "/langkah-pertama/email-uji", {}, page="/langkah-pertama"
    )
    deliver_mail(app)
    assert steps_of(app, office).done[SetUp.MAIL]
    assert steps_of(app, elsewhere).mail is None
    signed_in_as(app, browser, administrator).post(
        "/langkah-pertama/email-uji", {}, page="/langkah-pertama"
    )
    found = steps_of(app, elsewhere).mail
    assert found is not None
    assert now() - found.queued_at < timedelta(minutes=1)
