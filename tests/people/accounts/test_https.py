"""https ends at a web server before ours: forms and cookies as people use them there."""

from typing import Any

import flask
import pytest

from coordinator.people.accounts import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import csrf_token

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SITE = "tppo.example"
THROUGH_PROXY: dict[str, Any] = {
    "headers": {"Host": SITE, "X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"},
    "environ_base": {"REMOTE_ADDR": "127.0.0.1"},
}
NEW_PASSWORD = "empat kata yang lain sama sekali"


@pytest.fixture
def environ() -> dict[str, str]:
    """An installation behind one proxy that ends TLS."""
    return {"BASE_URL": f"https://{SITE}", "MAIL_MODE": "hold", "TRUSTED_PROXIES": "1"}


def test_a_page_that_sends_no_referrer_has_a_form_that_works(app: flask.Flask) -> None:
    """An invitation must not leak through Referer, so its form is sent without one."""
    with app.app_context():
        person = factories.person(AccessKind.FOCAL_POINT, "dispora")
        token = service.send_reset(
            person.account_id or 0, by=None, secret_key=app.config["SECRET_KEY"]
        )
    client = app.test_client()
    https = {**THROUGH_PROXY, "base_url": f"https://{SITE}"}
    page = client.get(f"/undangan/{token}", **https)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    fields = {"csrf_token": csrf_token(page.text), "password": NEW_PASSWORD}
    done = client.post(f"/undangan/{token}", data=fields, **https)
    assert done.status_code == 303
    for cookie in done.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-"), cookie
        assert "Secure" in cookie, cookie
    assert "max-age" in done.headers["Strict-Transport-Security"]


@pytest.mark.own_app  # a function is added before each request
def test_the_scheme_is_the_one_people_use(app: flask.Flask) -> None:
    seen: list[str] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(flask.request.url))
    app.test_client().get("/masuk", **THROUGH_PROXY)
    assert seen == [f"https://{SITE}/masuk"]
