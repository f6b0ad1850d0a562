"""Other ways in than a password: a link for who forgot it, and the people of the demo."""

import re
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.people.accounts import service
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import agency_elsewhere
from tests.people.accounts.signing_in import is_in

PAGE = "/lupa-kata-sandi"


def _ask(app: flask.Flask, email: str) -> str:
    """Ask for a link as a stranger; return the page that answers."""
    stranger = Browser(app)
    answer = stranger.post(PAGE, {"email": email})
    return stranger.get(answer.location).text


def _mails(app: flask.Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(OutgoingEmail.to_address)))


def test_who_forgot_gets_a_link_and_signs_in_with_it(app: flask.Flask, email: str) -> None:
    assert "/lupa-kata-sandi" in Browser(app).get("/masuk").text
    assert "Periksa email Anda." in _ask(app, f" {email.upper()} ")
    assert _mails(app) == [email]
    with app.app_context():
        (action,) = db.session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action == "account.reset_asked")
        )
    assert action


def test_nobody_learns_who_has_an_account(app: flask.Flask, email: str) -> None:
    known, unknown = _ask(app, email), _ask(app, "tidak.ada@uji.example")
    hidden = re.compile(r'value="[^"]*"|nonce="[^"]*"')
    assert hidden.sub("", known) == hidden.sub("", unknown)
    assert _mails(app) == [email]


def test_a_closed_account_gets_none(app: flask.Flask, email: str) -> None:
    with app.app_context():
        account_id = db.session.scalars(sa.select(Account.id).where(Account.email == email)).one()
        service.disable(account_id, by=None)
    _ask(app, email)
    assert _mails(app) == []


def test_nobody_is_flooded(app: flask.Flask, email: str, clock: time_machine.Traveller) -> None:
    for _time in range(5):
        _ask(app, email)
    assert len(_mails(app)) == 3
    clock.shift(timedelta(hours=1, seconds=1))
    _ask(app, email)
    assert len(_mails(app)) == 4


def test_too_many_tries_are_said_at_the_field(app: flask.Flask, email: str) -> None:
    for _time in range(10):
        _ask(app, email)
    page = Browser(app).post(PAGE, {"email": email}, status=429).text
    assert "Terlalu banyak" in page
    assert email in page


def test_nothing_typed_is_said_at_the_field(app: flask.Flask) -> None:
    page = Browser(app).post(PAGE, {"email": ""}, status=422).text
    assert "Isi alamat email atau nama pengguna Anda." in page


# --- the people of the demo ----------------------------------------------------------------------


@pytest.fixture
def sample(app: flask.Flask) -> str:
    """The key of a focal point of the demo; somebody real is there too."""
    with app.app_context():
        factories.person(AccessKind.FOCAL_POINT, "disdikbud", email="sungguhan@uji.example")
        office = factories.agency("dispora")
        person = service.NewPerson(
            email="contoh@uji.example",
            name="Contoh",
            kind=AccessKind.FOCAL_POINT,
            task_force_id=office.task_force_id,
            agency_id=office.id,
        )
        return service.add_person(person, by=None, is_sample=True).public_id


def test_one_tap_signs_in_to_the_demo(app: flask.Flask, sample: str) -> None:
    visitor = Browser(app)
    page = visitor.get("/masuk").text
    assert page.count('name="akun"') == 1
    assert "Narahubung OPD, Dispora" in " ".join(page.split())
    assert visitor.post("/masuk/contoh", {"akun": sample}, page="/masuk").location == "/"
    assert is_in(visitor)


def test_a_sample_person_of_a_kabupaten_is_named_with_it(app: flask.Flask, sample: str) -> None:
    with app.app_context():
        factories.person(AccessKind.SECRETARIAT, home="biro-kesra", email="prov@uji.example")
        agency = agency_elsewhere("64.72")
        person = service.NewPerson(
            email="kota@uji.example",
            name="Contoh",
            kind=AccessKind.FOCAL_POINT,
            task_force_id=agency.task_force_id,
            agency_id=agency.id,
        )
        service.add_person(person, by=None, is_sample=True)
        region = factories.task_force("64.72").region
    page = " ".join(Browser(app).get("/masuk").text.split())
    assert f"Narahubung OPD, Dispora, {region}" in page
    assert page.count("Narahubung OPD, Dispora") == 2


def test_a_real_person_is_never_reached_this_way(app: flask.Flask, sample: str) -> None:
    with app.app_context():
        real = db.session.scalars(
            sa.select(Account.public_id).where(Account.is_sample.is_(False))
        ).one()
    visitor = Browser(app)
    for key in (real, "", "tidak-ada"):
        visitor.post("/masuk/contoh", {"akun": key}, page="/masuk", status=404)
    assert not is_in(visitor)


class TestWhereOthersReachTheMachine:
    """The same database behind an address of the network."""

    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {
            "HOST": "0.0.0.0",
            "BASE_URL": "http://tppo.example.go.id",
            "TRUSTED_HOSTS": "localhost",
            "MAIL_MODE": "hold",
        }

    def test_nobody_signs_in_without_a_password(self, app: flask.Flask, sample: str) -> None:
        visitor = Browser(app)
        assert 'name="akun"' not in visitor.get("/masuk").text
        visitor.post("/masuk/contoh", {"akun": sample}, page="/masuk", status=404)
        assert not is_in(visitor)
