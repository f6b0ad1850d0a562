"""How many wrong tries an address and an account have."""

from datetime import timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts import limiter
from coordinator.people.accounts.models import (
    AttemptCount,
)
from coordinator.people.accounts.rules import network_of
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import NOW, Browser
from tests.people.accounts.signing_in import send_sign_in


def test_ten_failures_stop_an_account_and_no_other(
    app: flask.Flask, email: str, clock: Any
) -> None:
    with app.app_context():
        other = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "disdikbud"))
    clock.move_to(NOW + timedelta(seconds=60))
    for _ in range(10):
        assert send_sign_in(Browser(app), email, "salah").status_code == 422
    for password in ("salah", factories.PASSWORD):
        refused = send_sign_in(Browser(app), email.upper(), password)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "240"
        assert "Terlalu banyak percobaan masuk." in refused.text
    assert send_sign_in(Browser(app), other, factories.PASSWORD).status_code == 303
    clock.move_to(NOW + timedelta(seconds=301))
    assert send_sign_in(Browser(app), email, factories.PASSWORD).status_code == 303


def test_unknown_addresses_are_limited_alike(app: flask.Flask) -> None:
    """Else the limiter itself would tell who has an account."""
    statuses = [send_sign_in(Browser(app), "x@uji.example", "salah").status_code for _ in range(11)]
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
    send_sign_in(Browser(app), email, "salah")
    with app.app_context():
        buckets = list(db.session.scalars(sa.select(AttemptCount.bucket)))
    assert len(buckets) == 4  # this account here, this account, this client, everybody
    assert all(email not in bucket for bucket in buckets)


def test_counters_and_old_sessions_are_forgotten(app: flask.Flask, email: str, clock: Any) -> None:
    Browser(app).sign_in(email, factories.PASSWORD)
    send_sign_in(Browser(app), email, "salah")
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
