"""Behind a web server that ends TLS: each person has their own address, and no stranger can invent
one or shut anybody out."""

import re
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.calendar import service as calendar_service
from coordinator.people.accounts import codes, service
from coordinator.people.accounts.models import UserSession
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from tests import factories
from tests.conftest import Browser, csrf_token
from tests.engines import ROOT
from tests.reporting.reports.mail_link import link_in, mail_to, remind

PROXY = {"REMOTE_ADDR": "127.0.0.1"}
OFFICE, LIAR = "203.0.113.5", "6.6.6.6"
NEW_PASSWORD = "empat kata yang lain sama sekali"
ONE_HOP = pytest.mark.parametrize("hops", ["1"], indirect=True)
SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture(params=["0", "1", "2"])
def hops(request: pytest.FixtureRequest) -> str:
    """How many proxies of our own stand before the server."""
    return str(request.param)


@pytest.fixture
def environ(hops: str) -> dict[str, str]:
    """As many are trusted."""
    return {"TRUSTED_PROXIES": hops}


@pytest.fixture
def email(app: flask.Flask) -> str:
    """The address of a focal point of Dispora."""
    with app.app_context():
        return factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))


def _from(address: str) -> dict[str, Any]:
    """Return how a request of `address` reaches the server through one proxy."""
    return {"headers": {"X-Forwarded-For": address}, "environ_base": PROXY}


def _send(browser: Browser, email: str, password: str, address: str = OFFICE) -> int:
    token = browser.token("/masuk")
    answer = browser.client.post(
        "/masuk",
        data={"csrf_token": token, "email": email, "password": password},
        **_from(address),
    )
    return int(answer.status_code)


# --- whose address it is -------------------------------------------------------------------------


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("forwarded", "known_as"),
    [
        (None, {"0": "127.0.0.1", "1": "127.0.0.1", "2": "127.0.0.1"}),
        (OFFICE, {"0": "127.0.0.1", "1": OFFICE, "2": "127.0.0.1"}),
        (f"{OFFICE}, 10.0.0.2", {"0": "127.0.0.1", "1": "10.0.0.2", "2": OFFICE}),
        (f"{LIAR}, {OFFICE}", {"0": "127.0.0.1", "1": OFFICE, "2": LIAR}),
        (f"{LIAR}, {OFFICE}, 10.0.0.2", {"0": "127.0.0.1", "1": "10.0.0.2", "2": OFFICE}),
        ("2001:db8::7", {"0": "127.0.0.1", "1": "2001:db8::7", "2": "127.0.0.1"}),
        ("::ffff:203.0.113.5", {"0": "127.0.0.1", "1": OFFICE, "2": "127.0.0.1"}),
        (f"{OFFICE}:4711", {"0": "127.0.0.1", "1": OFFICE, "2": "127.0.0.1"}),
        ("[2001:db8::7]:443", {"0": "127.0.0.1", "1": "2001:db8::7", "2": "127.0.0.1"}),
        (f"[::ffff:{OFFICE}]", {"0": "127.0.0.1", "1": OFFICE, "2": "127.0.0.1"}),
        ("[2001:db8::7%eth0]:443", {"0": "127.0.0.1", "1": "", "2": "127.0.0.1"}),
        (f"{OFFICE}:47x", {"0": "127.0.0.1", "1": "", "2": "127.0.0.1"}),
        ("bukan-alamat-" * 40, {"0": "127.0.0.1", "1": "", "2": "127.0.0.1"}),
        ("2001:db8::7%eth0", {"0": "127.0.0.1", "1": "", "2": "127.0.0.1"}),
    ],
)
def test_whose_address_is_kept(
    app: flask.Flask, email: str, hops: str, forwarded: str | None, known_as: dict[str, str]
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    browser = Browser(app)
    fields = {
        "csrf_token": browser.token("/masuk"),
        "email": email,
        "password": factories.PASSWORD,
    }
    answer = browser.client.post("/masuk", data=fields, headers=headers, environ_base=PROXY)
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(sa.select(UserSession.address)).one() == known_as[hops]
        opened = sa.select(AuditEntry.address).where(AuditEntry.action == "session.opened")
        assert db.session.scalars(opened).one() == known_as[hops]


@SQLITE_ONLY
def test_only_the_host_that_was_asked_for_counts(app: flask.Flask) -> None:
    """A proxy says who asks and how, never for which site."""
    client = app.test_client()
    evil = {"X-Forwarded-Host": "evil.example, evil.example", "X-Forwarded-Prefix": "/evil, /evil"}
    answer = client.get("/tugas-saya", headers=evil)
    assert answer.location == "/masuk?next=/tugas-saya"
    assert client.get("/masuk", headers={"Host": "evil.example", **evil}).status_code == 400


def test_addresses_are_read_in_one_place() -> None:
    """Anyone who reads `remote_addr` past `web.client_address` may get a text that is no address.

    (A request made again is given its address; that is no reading.)
    """
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(Path(ROOT, "coordinator").rglob("*.py"))
        if re.search(
            r"""remote_addr(?!": web\.client_address)|access_route|X-Forwarded""",
            path.read_text(),
            re.I,
        )
    ]
    assert found == ["coordinator/web.py"]


# --- the limiter ---------------------------------------------------------------------------------


@ONE_HOP
def test_strangers_elsewhere_keep_nobody_out(app: flask.Flask, email: str) -> None:
    for number in range(40):
        _send(Browser(app), f"p{number}@uji.example", "salah", LIAR)
        _send(Browser(app), email, "salah", LIAR)
    assert _send(Browser(app), email, factories.PASSWORD, LIAR) == 429
    assert _send(Browser(app), email, factories.PASSWORD, OFFICE) == 303


@ONE_HOP
def test_one_address_of_a_whole_office_locks_nobody_out(app: flask.Flask, email: str) -> None:
    """Sixty tries at other accounts leave each account three at the same address, and no more."""
    for number in range(60):
        assert _send(Browser(app), f"p{number}@uji.example", "salah") == 422
    tries = [_send(Browser(app), email, "salah") for _ in range(3)]
    assert tries == [422] * 3
    assert _send(Browser(app), email, factories.PASSWORD) == 429
    with app.app_context():
        other = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "disdikbud"))
    assert [_send(Browser(app), other, "salah") for _ in range(2)] == [422] * 2
    assert _send(Browser(app), other, factories.PASSWORD) == 303


@ONE_HOP
def test_one_address_alone_does_not_use_up_everybodys_tries(
    app: flask.Flask, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coordinator.people.accounts.limiter.FAILURES_IN_ALL", 35)
    for number in range(40):
        assert _send(Browser(app), f"p{number}@uji.example", "salah", LIAR) == 422
    assert _send(Browser(app), email, factories.PASSWORD, OFFICE) == 303


@ONE_HOP
def test_an_account_is_guessed_a_hundred_times_at_most(app: flask.Flask, email: str) -> None:
    """From twenty addresses: ten tries at the first, then three at each, a hundred in all."""
    tried = 0
    for number in range(40):
        for _ in range(11):
            answer = _send(Browser(app), email, "salah", f"192.0.2.{number}")
            if answer == 429:
                break
            assert answer == 422
            tried += 1
    assert tried == 100
    assert _send(Browser(app), email, factories.PASSWORD, OFFICE) == 429


@ONE_HOP
def test_a_good_token_works_no_matter_what_strangers_try(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        viewer = story.secretariat
        account = service.add_person(
            service.NewPerson(
                email="dispora.baru",
                name="Orang Baru",
                kind=AccessKind.FOCAL_POINT,
                task_force_id=viewer.task_force_id,
                agency_id=factories.agency("dispora").id,
            ),
            by=viewer,
        )
        secret_key = app.config["SECRET_KEY"]
        code, _until = codes.new_code(account.id, by=viewer, secret_key=secret_key)
        reset = service.send_reset(story.supporter.account_id or 0, by=None, secret_key=secret_key)
        made = calendar_service.make_feed(by=viewer, secret_key=secret_key)
        calendar = f"/kalender/{calendar_service.token_of(made, secret_key)}.ics"
        remind()
        report = link_in(mail_to(story.focal_point.account_id, "digest"), app)
    client = app.test_client()
    for path in ("/undangan/{}", "/l/{}", "/kalender/{}.ics"):
        tries = [client.get(path.format(f"{n:043d}"), **_from(OFFICE)) for n in range(32)]
        assert [answer.status_code for answer in tries[30:]] == [429] * 2, path
        assert {answer.status_code for answer in tries[:30]} <= {404, 410}, path
    for path in (calendar, report):
        assert client.get(path, **_from(OFFICE)).status_code == 200

    token = csrf_token(client.get("/aktivasi").text)
    wrong = {"csrf_token": token, "code": "A" * 12, "password": NEW_PASSWORD}
    for number in range(40):
        fields = {**wrong, "email": f"dispora.tidakada{number}"}
        assert client.post("/aktivasi", data=fields, **_from(OFFICE)).status_code == 422
    right = {**wrong, "email": "dispora.baru", "code": code}
    assert client.post("/aktivasi", data=right, **_from(OFFICE)).status_code == 303

    page = app.test_client()
    answer = page.get(f"/undangan/{reset}", **_from(OFFICE))
    assert answer.status_code == 200
    fields = {"csrf_token": csrf_token(answer.text), "password": NEW_PASSWORD}
    assert page.post(f"/undangan/{reset}", data=fields, **_from(OFFICE)).status_code == 303
