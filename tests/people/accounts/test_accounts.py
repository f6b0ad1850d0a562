"""Who gets in, for how long, and who lets whom in: over HTTP, on both engines."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import flask
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts import limiter, passwords, service
from coordinator.people.accounts.models import (
    AccessGrant,
    Account,
    AttemptCount,
    OneTimeLink,
    UserSession,
)
from coordinator.people.accounts.rules import network_of
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.audit.service import record
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import token_hash
from coordinator.web import is_safe_next
from tests import factories
from tests.conftest import NOW, Browser, csrf_token

NEW_PASSWORD = "empat kata yang lain sama sekali"
SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def email(app: flask.Flask) -> str:
    """The address of a focal point of Dispora."""
    with app.app_context():
        return factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))


@pytest.fixture
def secretariat(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)


def _sign_in(browser: Browser, email: str, password: str, **more: Any) -> Any:
    """Send the sign-in form, no matter what the answer."""
    token = browser.token("/masuk")
    return browser.client.post(
        "/masuk", data={"csrf_token": token, "email": email, "password": password}, **more
    )


def _is_in(browser: Browser) -> bool:
    answer = browser.client.get("/akun")
    if answer.status_code == 302:
        assert answer.location.startswith("/masuk")
    return bool(answer.status_code == 200)


def _cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie("sesi")
    assert cookie is not None
    return str(cookie.value)


def _with_cookie(app: flask.Flask, value: str) -> Browser:
    other = Browser(app)
    other.client.set_cookie("sesi", value)
    return other


# --- signing in ----------------------------------------------------------------------------------


def test_the_right_password_opens_the_first_page(app: flask.Flask, email: str) -> None:
    someone = Browser(app)
    assert not _is_in(someone)
    answer = _sign_in(someone, f"  {email.upper()} ", factories.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert someone.client.get("/").location == "/tugas-saya"


def _without_tokens(html: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", html)


def test_a_wrong_password_and_an_unknown_address_look_the_same(
    app: flask.Flask, email: str
) -> None:
    """Nobody learns here who has an account, nor that one was closed."""
    with app.app_context():
        disabled = factories.person(AccessKind.FOCAL_POINT, "disdikbud", email="t@uji.example")
        service.disable(disabled.account_id or 0, by=None)
    unknown = "x" * (len(email) - len("@uji.example")) + "@uji.example"
    answers = [
        _sign_in(Browser(app), email, "bukan kata sandinya"),
        _sign_in(Browser(app), unknown, "bukan kata sandinya"),
        _sign_in(Browser(app), "t@uji.example", factories.PASSWORD),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    texts = [
        _without_tokens(answer.text).replace(address, "")
        for answer, address in zip(answers, (email, unknown, "t@uji.example"), strict=True)
    ]
    assert "Surel atau kata sandi tidak cocok." in texts[0]
    assert texts[0] == texts[1] == texts[2]
    assert {len(answer.data) for answer in answers[:2]} == {len(answers[0].data)}
    headers = [{key for key, _value in answer.headers} for answer in answers]
    assert headers[0] == headers[1] == headers[2]


def test_an_unknown_address_costs_a_hash_too(
    app: flask.Flask, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work is done whether or not the address is known: time tells nothing."""
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    for address in (email, "tidak.ada@uji.example"):
        _sign_in(Browser(app), address, "bukan kata sandinya")
    assert len(verified) == 2


def test_no_password_yet_no_entry(app: flask.Flask) -> None:
    with app.app_context():
        service.invite(_leader("baru@uji.example"), by=None, secret_key="k")
    for password in ("", " ", "None"):
        assert _sign_in(Browser(app), "baru@uji.example", password).status_code == 422


@pytest.mark.parametrize(
    "password",
    ["kata sandi untuk uji ", "Kata sandi untuk uji", "kata sandi untuk", "\x00", "é" * 9000],
)
@SQLITE_ONLY
def test_almost_right_is_wrong(app: flask.Flask, email: str, password: str) -> None:
    assert _sign_in(Browser(app), email, password).status_code == 422


# --- sessions ------------------------------------------------------------------------------------


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
    planted = _cookie(victim)
    victim.sign_in(email, factories.PASSWORD)
    assert _cookie(victim) != planted
    assert _is_in(victim)
    assert not _is_in(_with_cookie(app, planted))
    forged = victim.client.post("/keluar", data={"csrf_token": known})
    assert forged.status_code == 400, "nor does the form token that came with it work any more"


def test_each_sign_in_is_a_session_of_its_own(app: flask.Flask, email: str) -> None:
    cookies = {_cookie(Browser(app).sign_in(email, factories.PASSWORD)) for _ in range(3)}
    assert len(cookies) == 3
    with app.app_context():
        hashes = set(db.session.scalars(sa.select(UserSession.token_hash)))
    assert len(hashes) == 3


def test_a_forged_cookie_gets_nobody_in(app: flask.Flask, email: str) -> None:
    signed_in = Browser(app).sign_in(email, factories.PASSWORD)
    value = _cookie(signed_in)
    body, _dot, signature = value.rpartition(".")
    for forged in (body + "." + signature[::-1], "x" + value, body, "", "1", value + "x"):
        assert not _is_in(_with_cookie(app, forged))
    stranger = Browser(app)
    with app.app_context():
        row = db.session.scalars(sa.select(UserSession)).one()
        guesses = (str(row.id), row.token_hash, row.public_id, str(row.account_id))
    for guess in guesses:
        with stranger.client.session_transaction() as cookie:
            cookie["_user_id"] = guess
        assert not _is_in(stranger), "a value from the table must not open a session"


def test_signing_out_ends_the_session_not_only_the_cookie(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    old = _cookie(someone)
    answer = someone.post("/keluar", {}, page="/akun")
    assert answer.headers["Clear-Site-Data"]
    assert not _is_in(someone)
    assert not _is_in(_with_cookie(app, old))


def test_changing_the_password_ends_every_other_session(app: flask.Flask, email: str) -> None:
    here = Browser(app).sign_in(email, factories.PASSWORD)
    elsewhere = Browser(app).sign_in(email, factories.PASSWORD)
    here.post("/akun", {"old": factories.PASSWORD, "password": NEW_PASSWORD})
    assert _is_in(here)
    assert not _is_in(elsewhere)
    assert _sign_in(Browser(app), email, factories.PASSWORD).status_code == 422
    assert _sign_in(Browser(app), email, NEW_PASSWORD).status_code == 303


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
    assert _sign_in(Browser(app), email, factories.PASSWORD).status_code == 303


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
    assert [_is_in(each) for each in (here, phone, other)] == [True, False, True]


def test_eight_idle_hours_end_a_session(app: flask.Flask, email: str, clock: Any) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    clock.move_to(NOW + timedelta(hours=7, minutes=59))
    assert _is_in(someone)
    clock.move_to(NOW + timedelta(hours=15, minutes=58))
    assert _is_in(someone), "use lengthens it"
    clock.move_to(NOW + timedelta(hours=15, minutes=58) + timedelta(hours=8, seconds=1))
    assert not _is_in(someone)


def test_twenty_hours_end_a_session_in_use(app: flask.Flask, email: str, clock: Any) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    for hours in range(1, 21):
        clock.move_to(NOW + timedelta(hours=hours))
        assert _is_in(someone), hours
    clock.move_to(NOW + timedelta(hours=20, seconds=1))
    assert not _is_in(someone)


def test_a_closed_account_is_out_with_its_next_request(
    app: flask.Flask, email: str, secretariat: Browser
) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with app.app_context():
        public_id = db.session.scalars(
            sa.select(Account.public_id).where(Account.email == email)
        ).one()
    secretariat.post(f"/orang/{public_id}/tutup", {}, page="/orang")
    assert not _is_in(someone)
    assert _sign_in(Browser(app), email, factories.PASSWORD).status_code == 422


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
        person = _leader("nanti@uji.example", from_on=date(2026, 10, 14))
        account = service.add_person(person, by=None)
        service.store_password_hash(account.id, passwords.hasher.hash(factories.PASSWORD))
    someone = Browser(app).sign_in("nanti@uji.example", factories.PASSWORD)
    assert someone.client.get("/matriks").location == "/akses"


def _leader(email: str, **more: Any) -> service.NewPerson:
    return service.NewPerson(
        email=email,
        name="Orang",
        kind=AccessKind.LEADERSHIP,
        task_force_id=factories.task_force().id,
        **more,
    )


def test_several_accesses_are_chosen_after_sign_in(app: flask.Flask, email: str) -> None:
    with app.app_context():
        service.add_person(_leader(email), by=None)
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


# --- the limiter ---------------------------------------------------------------------------------


def test_ten_failures_stop_an_account_and_no_other(
    app: flask.Flask, email: str, clock: Any
) -> None:
    with app.app_context():
        other = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "disdikbud"))
    clock.move_to(NOW + timedelta(seconds=60))
    for _ in range(10):
        assert _sign_in(Browser(app), email, "salah").status_code == 422
    for password in ("salah", factories.PASSWORD):
        refused = _sign_in(Browser(app), email.upper(), password)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "240"
        assert "Terlalu banyak percobaan masuk." in refused.text
    assert _sign_in(Browser(app), other, factories.PASSWORD).status_code == 303
    clock.move_to(NOW + timedelta(seconds=301))
    assert _sign_in(Browser(app), email, factories.PASSWORD).status_code == 303


def test_unknown_addresses_are_limited_alike(app: flask.Flask) -> None:
    """Else the limiter itself would tell who has an account."""
    statuses = [_sign_in(Browser(app), "x@uji.example", "salah").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:ff::1", "2001:db8:1::/56"),
        ("2001:db8:1:100::1", "2001:db8:1:100::/56"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_customer_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_limiter_keeps_no_address_of_a_person(app: flask.Flask, email: str) -> None:
    _sign_in(Browser(app), email, "salah")
    with app.app_context():
        buckets = list(db.session.scalars(sa.select(AttemptCount.bucket)))
    assert len(buckets) == 4  # this account here, this account, this client, everybody
    assert all(email not in bucket for bucket in buckets)


def test_counters_and_old_sessions_are_forgotten(app: flask.Flask, email: str, clock: Any) -> None:
    Browser(app).sign_in(email, factories.PASSWORD)
    _sign_in(Browser(app), email, "salah")
    clock.move_to(NOW + timedelta(hours=23))
    with app.app_context():
        assert limiter.forget_old_counters() == 0
    clock.move_to(NOW + timedelta(days=2))
    with app.app_context():
        assert limiter.forget_old_counters() == 4
    clock.move_to(NOW + timedelta(days=31))
    with app.app_context():
        assert limiter.forget_old_counters() == 1  # the session
    clock.move_to(NOW + timedelta(days=181))
    with app.app_context():
        assert limiter.forget_old_counters() == 1  # the browser


# --- one-time links ------------------------------------------------------------------------------


@pytest.fixture
def invited(app: flask.Flask, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """The token of an invitation; every log line of ours is caught from here on."""
    logger = logging.getLogger("coordinator")
    logger.addHandler(caplog.handler)
    with app.app_context():
        _account, token = service.invite(
            _leader("baru@uji.example"), by=None, secret_key=app.config["SECRET_KEY"]
        )
    yield token
    logger.removeHandler(caplog.handler)


def _accept(app: flask.Flask, token: str, status: int = 303) -> Browser:
    someone = Browser(app)
    someone.post(f"/undangan/{token}", {"password": NEW_PASSWORD}, status=status)
    return someone


def test_an_invitation_works_once(app: flask.Flask, invited: str) -> None:
    someone = _accept(app, invited)
    assert _is_in(someone)
    assert someone.client.get("/").location == "/matriks"
    assert Browser(app).client.get(f"/undangan/{invited}").status_code == 404
    page = Browser(app).token("/masuk")
    again = Browser(app).client.post(f"/undangan/{invited}", data={"csrf_token": page})
    assert again.status_code in (400, 404)
    assert _sign_in(Browser(app), "baru@uji.example", NEW_PASSWORD).status_code == 303


def test_two_posts_of_one_link_set_one_password(app: flask.Flask, invited: str) -> None:
    """Both forms were open; the second comes too late and changes nothing."""
    first, second = Browser(app), Browser(app)
    token = second.token(f"/undangan/{invited}")
    first.post(f"/undangan/{invited}", {"password": NEW_PASSWORD})
    late = second.client.post(
        f"/undangan/{invited}",
        data={"csrf_token": token, "password": "kata sandi orang yang terlambat"},
    )
    assert late.status_code == 404
    assert _sign_in(Browser(app), "baru@uji.example", NEW_PASSWORD).status_code == 303


def test_scanners_do_not_burn_a_link(app: flask.Flask, invited: str) -> None:
    for _ in range(20):
        client = app.test_client()
        answer = client.get(f"/undangan/{invited}")
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert client.head(f"/undangan/{invited}").status_code == 200
    assert _is_in(_accept(app, invited))


def test_a_bad_password_does_not_burn_a_link(app: flask.Flask, invited: str) -> None:
    someone = Browser(app)
    someone.post(f"/undangan/{invited}", {"password": "pendek"}, status=422)
    assert not _is_in(someone)
    assert _is_in(_accept(app, invited))


@pytest.mark.parametrize(
    ("purpose", "life"), [("invitation", timedelta(hours=48)), ("reset", timedelta(minutes=30))]
)
def test_a_link_lives_as_long_as_it_says(
    app: flask.Flask, email: str, clock: Any, purpose: str, life: timedelta
) -> None:
    with app.app_context():
        if purpose == "invitation":
            _account, token = service.invite(
                _leader("baru@uji.example"), by=None, secret_key=app.config["SECRET_KEY"]
            )
        else:
            account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
            token = service.send_reset(account.id, by=None, secret_key=app.config["SECRET_KEY"])
    path = f"/undangan/{token}"
    clock.move_to(NOW + life)
    someone = Browser(app)
    form_token = someone.token(path)
    clock.move_to(NOW + life + timedelta(seconds=1))
    refused = someone.client.get(path)
    assert refused.status_code == 404
    assert "Tautan sudah tidak berlaku." in refused.text
    late = someone.client.post(path, data={"csrf_token": form_token, "password": NEW_PASSWORD})
    assert late.status_code == 404, "a form opened in time may not be sent too late"
    assert not _is_in(someone)


def test_a_reset_ends_all_sessions_and_the_old_password(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        token = service.send_reset(account.id, by=None, secret_key=app.config["SECRET_KEY"])
    assert _is_in(someone), "asking for a reset ends nothing: anybody could ask"
    _accept(app, token)
    assert not _is_in(someone)
    assert _sign_in(Browser(app), email, factories.PASSWORD).status_code == 422


def test_a_link_of_a_closed_account_is_dead(app: flask.Flask, invited: str) -> None:
    with app.app_context():
        account = db.session.scalars(
            sa.select(Account).where(Account.email == "baru@uji.example")
        ).one()
        service.disable(account.id, by=None)
    assert app.test_client().get(f"/undangan/{invited}").status_code == 404


def test_the_token_is_nowhere_but_in_the_mail_that_left(
    app: flask.Flask, invited: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Outbox and tables hold a placeholder and a hash; logs hold neither."""
    with app.app_context():
        row = db.session.scalars(sa.select(OutgoingEmail)).one()
        link = db.session.scalars(sa.select(OneTimeLink)).one()
        assert len(invited) >= 32  # 128 bits in hex; ours has 256
        assert link.token_hash == token_hash(invited)
        sent = fill(
            row.text,
            row.mail_links,
            base_url="http://localhost",
            secret_key=app.config["SECRET_KEY"],
        )
        assert f"http://localhost/undangan/{invited}" in sent
    client = app.test_client()
    client.get(f"/undangan/{invited}")
    client.post(f"/undangan/{invited}", data={})  # 400
    client.put(f"/undangan/{invited}")  # 405
    client.get(f"/undangan/{invited}/x")  # 404
    client.get(f"/undangan/{invited}/")  # 404
    _accept(app, invited)
    client.get(f"/undangan/{invited}")  # 404, used
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = repr([tuple(each) for each in db.session.execute(sa.select(table))])
            assert invited not in rows, table.name
    lines = [record.getMessage() for record in caplog.records] + [caplog.text]
    assert any("/undangan/***" in line for line in lines)
    assert not any(invited in line for line in lines)


def test_guessed_links_open_nothing(app: flask.Flask, invited: str) -> None:
    with app.app_context():
        link = db.session.scalars(sa.select(OneTimeLink)).one()
        guesses = [link.token_hash, link.public_id, invited[:-1], invited.upper(), "0" * 64, "%00"]
    for guess in guesses:
        assert app.test_client().get(f"/undangan/{guess}").status_code == 404, guess


# --- next= ---------------------------------------------------------------------------------------

EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "/javascript:alert(1)",
    "data:text/html,x",
    "mailto:x@evil.example",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "//evil.example/%2f..",
    "/%2f%2fevil.example",
    "/%2fevil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x//evil.example",
    "//localhost@evil.example",
    "//localhost:80@evil.example/",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/\u2028/evil.example",
    "／／evil.example",
    "/\x00/evil.example",
    "?next=//evil.example",
    "#//evil.example",
]


def _lands_here(location: str) -> bool:
    """Tell whether a browser on our site stays on it: as browsers read it, `\\` is `/`."""
    read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/")
    return urlsplit(urljoin("http://localhost/masuk", read)).netloc == "localhost"


@SQLITE_ONLY
def test_next_never_leaves_the_site(app: flask.Flask, email: str) -> None:
    assert len(EVIL) >= 40
    for target in EVIL:
        someone = Browser(app)
        path = f"/masuk?next={quote(target, safe='')}"
        answer = someone.client.post(
            path,
            data={
                "csrf_token": csrf_token(someone.client.get(path).text),
                "email": email,
                "password": factories.PASSWORD,
            },
        )
        assert answer.status_code == 303, target
        assert _lands_here(answer.location), target
        assert answer.location.startswith("/"), target
        assert not answer.location.startswith(("//", "/\\")), target
        assert "\n" not in answer.location, target
        assert answer.headers.getlist("Location") == [answer.location]


@pytest.mark.parametrize("target", ["/tugas-saya", "/matriks?lapis=lapor", "/laporan/aB_-9"])
def test_next_leads_back_to_where_one_was(target: str) -> None:
    assert is_safe_next(target)


@SQLITE_ONLY
def test_sign_in_leads_back_to_the_page_asked_for(app: flask.Flask, email: str) -> None:
    someone = Browser(app)
    sent = someone.client.get("/peran?pokja=1")
    assert sent.status_code == 302
    answer = someone.client.post(
        sent.location,
        data={
            "csrf_token": csrf_token(someone.client.get(sent.location).text),
            "email": email,
            "password": factories.PASSWORD,
        },
    )
    assert answer.location == "/peran?pokja=1"


# --- inviting ------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(app: flask.Flask) -> tuple[int, Viewer, str]:
    """Another task force with one person: (its id, that person, their public id)."""

    with app.app_context():
        force_id = factories.task_force("64.72").id
        account = service.add_person(
            service.NewPerson(
                email="orang@samarinda.example",
                name="Orang Samarinda",
                kind=AccessKind.SECRETARIAT,
                task_force_id=force_id,
            ),
            by=None,
        )
        viewer = Viewer(account.id, AccessKind.SECRETARIAT, force_id)
        return force_id, viewer, account.public_id


def test_the_secretariat_invites_by_form(
    app: flask.Flask, secretariat: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = secretariat.post(
        "/orang/undang",
        {
            "email": "Narahubung@Dispora.example",
            "name": "Narahubung",
            "kind": "focal_point",
            "agency": "dispora",
        },
    )
    assert "Undangan diantrekan." in secretariat.get(answer.location).text
    with app.app_context():
        row = db.session.scalars(sa.select(OutgoingEmail)).one()
        assert row.to_address == "narahubung@dispora.example"
        assert [link.purpose for link in row.mail_links if link.is_secret] == ["undangan"]
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.access == "secretariat")
        ).one()
        assert entry.action == "access.granted"
        assert "narahubung@dispora.example" not in str(entry.details)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "administrator"),
        ("kind", "raja"),
        ("agency", ""),
        ("agency", "tidak-ada"),
        ("email", "bukan alamat"),
        ("email", ""),
        ("name", ""),
        ("name", "x" * 121),
    ],
)
@SQLITE_ONLY
def test_a_bad_invitation_is_refused(
    app: flask.Flask, secretariat: Browser, field: str, value: str
) -> None:
    good = {
        "email": "baru@uji.example",
        "name": "Baru",
        "kind": "focal_point",
        "agency": "dispora",
    }
    secretariat.post("/orang/undang", {**good, field: value}, status=422)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 0


def test_nobody_invites_beyond_their_own_task_force(
    app: flask.Flask, elsewhere: tuple[int, Viewer, str]
) -> None:
    force_id, _viewer, _public_id = elsewhere
    with app.app_context():
        own = factories.task_force().id
        secretariat = Viewer(None, AccessKind.SECRETARIAT, own)
        focal_point = Viewer(None, AccessKind.FOCAL_POINT, own, factories.agency("dispora").id)
        refused = [
            (secretariat, AccessKind.LEADERSHIP, force_id, None),
            (secretariat, AccessKind.ADMINISTRATOR, own, None),
            (secretariat, AccessKind.ADMINISTRATOR, None, None),
            (focal_point, AccessKind.FOCAL_POINT, own, focal_point.agency_id),
        ]
        for by, kind, force, agency_id in refused:
            person = service.NewPerson("x@uji.example", "X", kind, force, agency_id)
            with pytest.raises(NotAllowed):
                service.invite(person, by=by, secret_key="k")
        foreign = service.NewPerson(
            "x@uji.example",
            "X",
            AccessKind.FOCAL_POINT,
            force_id,
            factories.agency("dispora").id,
        )
        with pytest.raises(InvalidInput):
            service.invite(foreign, by=None, secret_key="k")
        assert db.session.scalar(sa.select(Account).where(Account.email == "x@uji.example")) is None


def test_a_person_of_another_task_force_does_not_exist(
    app: flask.Flask, secretariat: Browser, elsewhere: tuple[int, Viewer, str]
) -> None:
    _force_id, viewer, public_id = elsewhere
    assert "Orang Samarinda" not in secretariat.get("/orang").text
    unknown = secretariat.post("/orang/tidakada/tutup", {}, page="/orang", status=404)
    for act in ("tutup", "tautan"):
        answer = secretariat.post(f"/orang/{public_id}/{act}", {}, page="/orang", status=404)
        without_id = [re.sub(r"<b>[0-9A-F]{8}</b>", "", a.text) for a in (answer, unknown)]
        assert _without_tokens(without_id[0]) == _without_tokens(without_id[1])
    with app.app_context():
        assert db.session.get_one(Account, viewer.account_id).is_active
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeLink)) == 0
        for act_of in (service.disable, service.send_reset):
            more = {"secret_key": "k"} if act_of is service.send_reset else {}
            with pytest.raises(NotFound):
                act_of(
                    viewer.account_id,
                    by=Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id),
                    **more,
                )


def test_giving_somebody_an_access_gives_no_power_over_their_others(
    app: flask.Flask, elsewhere: tuple[int, Viewer, str]
) -> None:
    """Else a secretariat could close anybody's account: grant an access first, then close."""
    _force_id, viewer, _public_id = elsewhere
    with app.app_context():
        secretariat = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        admin = factories.person(AccessKind.ADMINISTRATOR, email="admin@uji.example")
        for email, account_id in (
            ("orang@samarinda.example", viewer.account_id),
            ("admin@uji.example", admin.account_id),
        ):
            service.invite(_leader(email), by=secretariat, secret_key="k")
            with pytest.raises(NotAllowed):
                service.disable(account_id or 0, by=secretariat)
            assert db.session.get_one(Account, account_id).is_active


def test_nobody_closes_their_own_account(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        own = db.session.scalars(sa.select(Account.public_id)).one()
    secretariat.post(f"/orang/{own}/tutup", {}, page="/orang", status=409)
    assert _is_in(secretariat)


# --- the shell -----------------------------------------------------------------------------------


def test_shell_invites_an_administrator_without_mail(app: flask.Flask) -> None:
    runner = app.test_cli_runner()
    dry = runner.invoke(
        args=[
            "accounts", "invite", "--email", "a@uji.example", "--access", "administrator",
            "--dry-run",
        ]
    )  # fmt: skip
    assert dry.exit_code == 0
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0
    done = runner.invoke(
        args=["accounts", "invite", "--email", "a@uji.example", "--access", "administrator"]
    )
    assert done.exit_code == 0, done.output
    found = re.search(r"http://localhost/undangan/(\S+)", done.output)
    assert found
    assert _accept(app, found[1]).client.get("/").location == "/orang"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["invite", "--email", "a@uji.example", "--access", "raja"], 2),
        (["invite", "--access", "auditor"], 2),
        (["invite", "--email", "a@uji.example", "--access", "focal_point"], 1),
        (["invite", "--email", "a@uji.example", "--access", "auditor", "--task-force", "99"], 1),
        (
            ["invite", "--email", "a@b.example", "--access", "focal_point", "--agency", "nihil"],
            1,
        ),
        (["disable", "tidak@ada.example"], 1),
        (["reset", "tidak@ada.example"], 1),
    ],
)
@SQLITE_ONLY
def test_shell_says_no(app: flask.Flask, arguments: list[str], code: int) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_shell_closes_and_resets(app: flask.Flask, email: str) -> None:
    runner = app.test_cli_runner()
    reset = runner.invoke(args=["accounts", "reset", email])
    found = re.search(r"/undangan/(\S+)", reset.output)
    assert found
    _accept(app, found[1])
    assert runner.invoke(args=["accounts", "disable", email]).exit_code == 0
    assert _sign_in(Browser(app), email, NEW_PASSWORD).status_code == 422
