"""How long somebody stays in, and what ends it."""

from datetime import date, timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.people.accounts import passwords, service
from coordinator.people.accounts.models import (
    AccessGrant,
    Account,
    UserSession,
)
from coordinator.permissions import AccessKind
from coordinator.platform.audit.service import record
from coordinator.platform.mail.rules import token_hash
from tests import factories
from tests.conftest import NOW, Browser
from tests.people.accounts.signing_in import (
    NEW_PASSWORD,
    is_in,
    leader,
    send_sign_in,
    session_cookie,
    with_cookie,
)

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_session_rows_hold_only_a_hash(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with someone.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context():
        row = db.session.scalars(sa.select(UserSession)).one()
        assert row.token_hash == token_hash(token)
        text = repr([tuple(each) for each in db.session.execute(sa.select(UserSession.__table__))])
    assert len(token) >= 43  # 256 bits
    assert token not in text


def test_a_cookie_from_before_sign_in_gets_nobody_in(app: flask.Flask, email: str) -> None:
    """Fixation: a cookie an attacker planted is not the one that is signed in."""
    victim = Browser(app)
    known = victim.token("/masuk")
    planted = session_cookie(victim)
    victim.sign_in(email, factories.PASSWORD)
    assert session_cookie(victim) != planted
    assert is_in(victim)
    assert not is_in(with_cookie(app, planted))
    forged = victim.client.post("/keluar", data={"csrf_token": known})
    assert forged.status_code == 400, "nor does the form token that came with it work any more"


def test_each_sign_in_is_a_session_of_its_own(app: flask.Flask, email: str) -> None:
    cookies = {session_cookie(Browser(app).sign_in(email, factories.PASSWORD)) for _ in range(3)}
    assert len(cookies) == 3
    with app.app_context():
        hashes = set(db.session.scalars(sa.select(UserSession.token_hash)))
    assert len(hashes) == 3


def test_a_forged_cookie_gets_nobody_in(app: flask.Flask, email: str) -> None:
    signed_in = Browser(app).sign_in(email, factories.PASSWORD)
    value = session_cookie(signed_in)
    body, _dot, signature = value.rpartition(".")
    for forged in (body + "." + signature[::-1], "x" + value, body, "", "1", value + "x"):
        assert not is_in(with_cookie(app, forged))
    stranger = Browser(app)
    with app.app_context():
        row = db.session.scalars(sa.select(UserSession)).one()
        guesses = (str(row.id), row.token_hash, row.public_id, str(row.account_id))
    for guess in guesses:
        with stranger.client.session_transaction() as cookie:
            cookie["_user_id"] = guess
        assert not is_in(stranger), "a value from the table must not open a session"


def test_signing_out_ends_the_session_not_only_the_cookie(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    old = session_cookie(someone)
    answer = someone.post("/keluar", {}, page="/akun")
    assert answer.headers["Clear-Site-Data"]
    assert not is_in(someone)
    assert not is_in(with_cookie(app, old))


def test_changing_the_password_ends_every_other_session(app: flask.Flask, email: str) -> None:
    here = Browser(app).sign_in(email, factories.PASSWORD)
    elsewhere = Browser(app).sign_in(email, factories.PASSWORD)
    here.post("/akun", {"old": factories.PASSWORD, "password": NEW_PASSWORD})
    assert is_in(here)
    assert not is_in(elsewhere)
    assert send_sign_in(Browser(app), email, factories.PASSWORD).status_code == 422
    assert send_sign_in(Browser(app), email, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("salah", NEW_PASSWORD, "Kata sandi lama tidak cocok."),
        (factories.PASSWORD, "pendek sekali", "Kata sandi paling pendek 15 karakter."),
        (factories.PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "Kata sandi ini mudah ditebak."),
        (factories.PASSWORD, "focal_point.dispora1234", "Kata sandi ini mudah ditebak."),
        (factories.PASSWORD, "x1y2" * 60, "Kata sandi terlalu panjang."),
    ],
)
@SQLITE_ONLY
def test_a_bad_new_password_is_refused_and_nothing_changes(
    app: flask.Flask, email: str, old: str, new: str, complaint: str
) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    answer = someone.post("/akun", {"old": old, "password": new}, status=422)
    assert complaint in answer.text
    assert new not in answer.text
    assert send_sign_in(Browser(app), email, factories.PASSWORD).status_code == 303


def test_one_of_ones_own_sessions_can_be_ended_nobody_elses(app: flask.Flask, email: str) -> None:
    with app.app_context():
        other_email = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "disdikbud"))
    here = Browser(app).sign_in(email, factories.PASSWORD)
    phone = Browser(app).sign_in(email, factories.PASSWORD)
    other = Browser(app).sign_in(other_email, factories.PASSWORD)

    def public_id(browser: Browser) -> str:
        with browser.client.session_transaction() as cookie:
            digest = token_hash(cookie["_user_id"])
        with app.app_context():
            return db.session.scalars(
                sa.select(UserSession.public_id).where(UserSession.token_hash == digest)
            ).one()

    here.post(f"/akun/sesi/{public_id(phone)}/akhiri", {}, page="/akun")
    here.post(f"/akun/sesi/{public_id(other)}/akhiri", {}, page="/akun", status=404)
    assert [is_in(each) for each in (here, phone, other)] == [True, False, True]


def test_eight_idle_hours_end_a_session(app: flask.Flask, email: str, clock: Any) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    clock.move_to(NOW + timedelta(hours=7, minutes=59))
    assert is_in(someone)
    clock.move_to(NOW + timedelta(hours=15, minutes=58))
    assert is_in(someone), "use lengthens it"
    clock.move_to(NOW + timedelta(hours=15, minutes=58) + timedelta(hours=8, seconds=1))
    assert not is_in(someone)


def test_twenty_hours_end_a_session_in_use(app: flask.Flask, email: str, clock: Any) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    for hours in range(1, 21):
        clock.move_to(NOW + timedelta(hours=hours))
        assert is_in(someone), hours
    clock.move_to(NOW + timedelta(hours=20, seconds=1))
    assert not is_in(someone)


def test_a_closed_account_is_out_with_its_next_request(
    app: flask.Flask, email: str, secretariat: Browser
) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with app.app_context():
        public_id = db.session.scalars(
            sa.select(Account.public_id).where(Account.email == email)
        ).one()
    secretariat.post(f"/orang/{public_id}/tutup", {}, page="/orang")
    assert not is_in(someone)
    assert send_sign_in(Browser(app), email, factories.PASSWORD).status_code == 422


# --- accesses ------------------------------------------------------------------------------------


@transactional
def _end_grants(email: str, until_on: date) -> None:
    account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
    for grant in account.grants:
        grant.until_on = until_on
    record("test.ended", by=None, subject=("account", account.public_id))


def test_an_access_ends_with_its_last_day_in_wita(app: flask.Flask, email: str, clock: Any) -> None:
    """Also in the middle of a session: at midnight in Samarinda, not in London."""
    with app.app_context():
        _end_grants(email, date(2026, 10, 13))
    clock.move_to(NOW.replace(hour=15, minute=55))  # 23.55 WITA
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    someone.get("/tugas-saya")
    clock.move_to(NOW.replace(hour=16, minute=5))  # 00.05 WITA
    answer = someone.client.get("/tugas-saya")
    assert (answer.status_code, answer.location) == (302, "/akses")
    assert "Dispora" not in someone.get("/akses").text
    report = someone.client.get("/laporan/apa-saja")
    assert report.status_code == 403


def test_an_access_that_has_not_begun_gives_nothing(app: flask.Flask) -> None:
    with app.app_context():
        person = leader("nanti@uji.example", from_on=date(2026, 10, 14))
        account = service.add_person(person, by=None)
        service.store_password_hash(account.id, passwords.hasher.hash(factories.PASSWORD))
    someone = Browser(app).sign_in("nanti@uji.example", factories.PASSWORD)
    assert someone.client.get("/matriks").location == "/akses"


def test_several_accesses_are_chosen_after_sign_in(app: flask.Flask, email: str) -> None:
    with app.app_context():
        service.add_person(leader(email), by=None)
        foreign = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        grants = {
            grant.kind: grant.id
            for grant in db.session.scalars(sa.select(AccessGrant))
            if grant.account_id != foreign.account_id
        }
        not_theirs = db.session.scalars(
            sa.select(AccessGrant.id).where(AccessGrant.account_id == foreign.account_id)
        ).one()
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    assert someone.client.get("/").location == "/akses"
    assert someone.client.get("/tugas-saya").location == "/akses"
    page = someone.get("/akses").text
    assert "Narahubung OPD" in page
    assert "Pimpinan daerah" in page
    for wrong in (str(not_theirs), "0", "-1", "x", "", "999999999999"):
        someone.post("/akses", {"grant": wrong}, status=404)
    assert someone.client.get("/tugas-saya").location == "/akses"
    someone.post("/akses", {"grant": str(grants[AccessKind.FOCAL_POINT])})
    someone.get("/tugas-saya")
    someone.get("/matriks", status=403)
    someone.post("/akses", {"grant": str(grants[AccessKind.LEADERSHIP])})
    someone.get("/matriks")
    someone.get("/tugas-saya", status=403)
