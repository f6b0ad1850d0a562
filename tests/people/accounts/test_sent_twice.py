"""A form about a person that arrives twice (a double click, a lost reply) does its work once."""

import re
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import Account, OneTimeLink
from coordinator.permissions import AccessKind
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser, csrf_token


@pytest.fixture
def secretariat(app: flask.Flask) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
    return Browser(app).sign_in(address, factories.PASSWORD)


def _fields(page: str, **typed: str) -> dict[str, str]:
    key = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
    assert key is not None
    return {"csrf_token": csrf_token(page), "form_key": key[1], **typed}


def _counts(app: flask.Flask) -> tuple[int, int]:
    with app.app_context():
        return (
            db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeLink)) or 0,
            db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) or 0,
        )


def test_an_invitation_sent_twice_is_one(app: flask.Flask, secretariat: Browser) -> None:
    page = secretariat.get("/orang/undang").text
    typed = {"email": "baru@uji.example", "name": "Orang Baru", "kind": "leadership", "agency": ""}
    fields = _fields(page, **typed)
    answers = [secretariat.client.post("/orang/undang", data=fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer.location for answer in answers}) == 1
    assert _counts(app) == (1, 1)
    again = _fields(secretariat.get("/orang/undang").text, **typed)
    refused = secretariat.client.post("/orang/undang", data=again)
    assert refused.status_code == 422, "another form is another invitation"
    assert "sudah mempunyai akses itu" in refused.text
    assert _fields(refused.text)["form_key"] == again["form_key"]


def test_an_invitation_sent_four_times_at_once_is_one(
    app: flask.Flask, secretariat: Browser
) -> None:
    page = secretariat.get("/orang/undang").text
    typed = {"email": "baru@uji.example", "name": "Orang Baru", "kind": "leadership", "agency": ""}
    fields = _fields(page, **typed)
    cookie = secretariat.client.get_cookie("sesi")
    assert cookie is not None

    def send(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("sesi", cookie.value)
        return client.post("/orang/undang", data=fields).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [303] * 4
    assert _counts(app) == (1, 1)


def test_a_reset_sent_twice_is_one(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        viewer = factories.person(AccessKind.FOCAL_POINT, "dispora")
        person = db.session.get_one(Account, viewer.account_id).public_id
    fields = _fields(secretariat.get(f"/orang/{person}").text)
    sent = [secretariat.client.post(f"/orang/{person}/tautan", data=fields) for _ in range(3)]
    assert [answer.status_code for answer in sent] == [303] * 3
    assert _counts(app) == (1, 1)
    again = _fields(secretariat.get(f"/orang/{person}").text)
    secretariat.client.post(f"/orang/{person}/tautan", data=again)
    assert _counts(app) == (2, 2), "opening the page again asks for a new link"
