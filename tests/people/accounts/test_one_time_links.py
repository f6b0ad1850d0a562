"""Invitations and resets: each link works once, and leaks nowhere."""

from datetime import timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts import service
from coordinator.people.accounts.models import (
    Account,
    OneTimeLink,
)
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import token_hash
from tests import factories
from tests.conftest import NOW, Browser
from tests.people.accounts.signing_in import NEW_PASSWORD, accept, is_in, leader, send_sign_in


def test_an_invitation_works_once(app: flask.Flask, invited: str) -> None:
    someone = accept(app, invited)
    assert is_in(someone)
    assert someone.client.get("/").location == "/ringkasan"
    assert Browser(app).client.get(f"/undangan/{invited}").status_code == 404
    page = Browser(app).token("/masuk")
    again = Browser(app).client.post(f"/undangan/{invited}", data={"csrf_token": page})
    assert again.status_code in (400, 404)
    assert send_sign_in(Browser(app), "baru@uji.example", NEW_PASSWORD).status_code == 303


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
    assert send_sign_in(Browser(app), "baru@uji.example", NEW_PASSWORD).status_code == 303


def test_scanners_do_not_burn_a_link(app: flask.Flask, invited: str) -> None:
    for _ in range(20):
        client = app.test_client()
        answer = client.get(f"/undangan/{invited}")
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert client.head(f"/undangan/{invited}").status_code == 200
    assert is_in(accept(app, invited))


def test_a_bad_password_does_not_burn_a_link(app: flask.Flask, invited: str) -> None:
    someone = Browser(app)
    someone.post(f"/undangan/{invited}", {"password": "pendek"}, status=422)
    assert not is_in(someone)
    assert is_in(accept(app, invited))


@pytest.mark.parametrize(
    ("purpose", "life"), [("invitation", timedelta(hours=48)), ("reset", timedelta(minutes=30))]
)
def test_a_link_lives_as_long_as_it_says(
    app: flask.Flask, email: str, clock: Any, purpose: str, life: timedelta
) -> None:
    with app.app_context():
        if purpose == "invitation":
            _account, token = service.invite(
                leader("baru@uji.example"), by=None, secret_key=app.config["SECRET_KEY"]
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
    assert not is_in(someone)


def test_a_reset_ends_all_sessions_and_the_old_password(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        token = service.send_reset(account.id, by=None, secret_key=app.config["SECRET_KEY"])
    assert is_in(someone), "asking for a reset ends nothing: anybody could ask"
    accept(app, token)
    assert not is_in(someone)
    assert send_sign_in(Browser(app), email, factories.PASSWORD).status_code == 422


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
    accept(app, invited)
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
