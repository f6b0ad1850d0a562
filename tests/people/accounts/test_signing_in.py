"""Who gets in with a password, and where they land."""

import re
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import flask
import pytest
from argon2 import PasswordHasher

from coordinator.people.accounts import passwords, service
from coordinator.permissions import AccessKind
from coordinator.web import is_safe_next
from tests import factories
from tests.conftest import Browser, csrf_token
from tests.people.accounts.signing_in import is_in, leader, send_sign_in, without_tokens

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_the_right_password_opens_the_first_page(app: flask.Flask, email: str) -> None:
    someone = Browser(app)
    assert not is_in(someone)
    answer = send_sign_in(someone, f"  {email.upper()} ", factories.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert someone.client.get("/").location == "/tugas-saya"


def test_a_wrong_password_and_an_unknown_address_look_the_same(
    app: flask.Flask, email: str
) -> None:
    """Nobody learns here who has an account, nor that one was closed."""
    with app.app_context():
        disabled = factories.person(AccessKind.FOCAL_POINT, "disdikbud", email="t@uji.example")
        service.disable(disabled.account_id or 0, by=None)
    unknown = "x" * (len(email) - len("@uji.example")) + "@uji.example"
    answers = [
        send_sign_in(Browser(app), email, "bukan kata sandinya"),
        send_sign_in(Browser(app), unknown, "bukan kata sandinya"),
        send_sign_in(Browser(app), "t@uji.example", factories.PASSWORD),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    texts = [
        without_tokens(answer.text).replace(address, "")
        for answer, address in zip(answers, (email, unknown, "t@uji.example"), strict=True)
    ]
    assert "Email atau kata sandi tidak cocok." in texts[0]
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
        send_sign_in(Browser(app), address, "bukan kata sandinya")
    assert len(verified) == 2


def test_no_password_yet_no_entry(app: flask.Flask) -> None:
    with app.app_context():
        service.invite(leader("baru@uji.example"), by=None, secret_key="k")
    for password in ("", " ", "None"):
        assert send_sign_in(Browser(app), "baru@uji.example", password).status_code == 422


@pytest.mark.parametrize(
    "password",
    ["kata sandi untuk uji ", "Kata sandi untuk uji", "kata sandi untuk", "\x00", "é" * 9000],
)
@SQLITE_ONLY
def test_almost_right_is_wrong(app: flask.Flask, email: str, password: str) -> None:
    assert send_sign_in(Browser(app), email, password).status_code == 422


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
