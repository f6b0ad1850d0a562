"""Signing in, and the links that lead to it, as the tests of accounts do it."""

import re
from typing import Any

import flask

from coordinator.people.accounts import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser

NEW_PASSWORD = "empat kata yang lain sama sekali"


def send_sign_in(browser: Browser, email: str, password: str, **more: Any) -> Any:
    """Send the sign-in form, no matter what the answer."""
    token = browser.token("/masuk")
    return browser.client.post(
        "/masuk", data={"csrf_token": token, "email": email, "password": password}, **more
    )


def is_in(browser: Browser) -> bool:
    """Tell whether somebody is signed in."""
    answer = browser.client.get("/akun")
    if answer.status_code == 302:
        assert answer.location.startswith("/masuk")
    return bool(answer.status_code == 200)


def session_cookie(browser: Browser) -> str:
    """Return the value of the session's cookie."""
    cookie = browser.client.get_cookie("sesi")
    assert cookie is not None
    return str(cookie.value)


def with_cookie(app: flask.Flask, value: str) -> Browser:
    """Return a browser that sends this value as its session."""
    other = Browser(app)
    other.client.set_cookie("sesi", value)
    return other


def without_tokens(html: str) -> str:
    """Return a page without what differs from one request to the next."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", html)


def leader(email: str, **more: Any) -> service.NewPerson:
    """Return a person of the leadership."""
    return service.NewPerson(
        email=email,
        name="Orang",
        kind=AccessKind.LEADERSHIP,
        task_force_id=factories.task_force().id,
        **more,
    )


def accept(app: flask.Flask, token: str, status: int = 303) -> Browser:
    """Set the password behind a one-time link."""
    someone = Browser(app)
    someone.post(f"/undangan/{token}", {"password": NEW_PASSWORD}, status=status)
    return someone
