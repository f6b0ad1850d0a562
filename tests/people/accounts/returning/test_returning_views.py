"""An old tab's form: after signing in, its own writer gets the text back, and nobody else."""

import re
from datetime import timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from wtforms import PasswordField

from coordinator.db import db
from coordinator.people.accounts import forms as account_forms
from coordinator.people.accounts.returning.sealing import NOT_CARRIED
from coordinator.permissions import AccessKind
from coordinator.reporting.reports.models import Report
from tests import factories
from tests.conftest import NOW, Browser, check_page, csrf_token
from tests.people.accounts.returning.old_tab import (
    NOTE,
    SHOWN,
    email_of_writer,
    fields_of,
    require_back,
    sealed_in,
    sign_in_on,
)
from tests.reporting.reports.mail_link import link_in, mail_to, remind


def _send(browser: Browser, path: str, fields: dict[str, Any]) -> Any:
    return browser.client.post(path, data=fields, headers={"Referer": f"http://localhost{path}"})


def _reports(app: flask.Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Report)) or 0


def test_after_the_idle_limit(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str, clock: Any
) -> None:
    fields = fields_of(writer, path)
    clock.move_to(NOW + timedelta(hours=8, seconds=1))
    page = _send(writer, path, fields)
    assert page.status_code == 401
    assert "tidak hilang" in page.text
    assert "Rapat koordinasi" not in page.text, "sealed, not shown"
    check_page(page.text, path)
    back = sign_in_on(writer, page, email_of_writer(app, story))
    assert back.status_code == 200
    require_back(back, path)
    assert _reports(app) == 0, "never sent by itself"
    again = {**fields, "csrf_token": csrf_token(back.text)}
    assert _send(writer, path, again).status_code == 303
    assert _reports(app) == 1


def test_after_signing_out_and_going_back(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    assert page.status_code == 400
    wrong = sign_in_on(writer, page, email_of_writer(app, story), "salah")
    assert wrong.status_code == 422
    require_back(sign_in_on(writer, wrong, email_of_writer(app, story)), path)


def test_after_signing_in_again_in_another_tab(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    writer.sign_in(email_of_writer(app, story), factories.PASSWORD)
    answer = _send(writer, path, fields)
    assert answer.status_code == 400
    require_back(answer, path)
    assert _reports(app) == 0
    again = {**fields, "csrf_token": csrf_token(answer.text)}
    assert _send(writer, path, again).status_code == 303


def test_the_sign_in_page_itself_may_be_old(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    """The person signed in in a third tab meanwhile."""
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    writer.sign_in(email_of_writer(app, story), factories.PASSWORD)
    require_back(sign_in_on(writer, page, email_of_writer(app, story)), path)


def test_nobody_else_sees_it(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    with app.app_context():
        colleague = factories.person(AccessKind.FOCAL_POINT, "dispora", email="b@uji.example")
        other = factories.email_of(colleague)
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    signed_in = sign_in_on(writer, page, other)
    assert signed_in.status_code == 303
    assert signed_in.location == "/"
    for answer in (_send(writer, path, fields), sign_in_on(writer, page, other)):
        assert "Rapat koordinasi" not in answer.text
        assert answer.status_code in (303, 400)


def test_a_form_of_another_site_is_refused(app: flask.Flask, writer: Browser, path: str) -> None:
    """Without a token of the person's own pages nothing is filled in: no bait in a good form."""
    anonymous = csrf_token(app.test_client().get("/masuk").text)
    for token in ("", "x", anonymous):
        answer = _send(writer, path, {"csrf_token": token, "note": NOTE})
        assert answer.status_code == 400
        assert "Rapat koordinasi" not in answer.text


def test_tampered_and_old_seals_open_nothing(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str, clock: Any
) -> None:
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    sealed = sealed_in(page.text)
    for seal in (sealed[:-4] + "AAAA", "x", "ż" * 10):
        token = csrf_token(writer.client.get("/masuk").text)
        answer = writer.client.post(
            "/masuk",
            data={
                "csrf_token": token,
                "email": email_of_writer(app, story),
                "password": factories.PASSWORD,
                "titipan": seal,
            },
        )
        assert answer.status_code == 303
        writer.post("/keluar", {}, page="/akun")
    clock.move_to(NOW + timedelta(hours=21))
    page = sign_in_on(writer, page, email_of_writer(app, story))
    assert page.status_code == 400, "its token is of a session before"
    assert sign_in_on(writer, page, email_of_writer(app, story)).status_code == 303


def test_too_many_tries_keep_the_text(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = fields_of(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    for _ in range(11):
        page = sign_in_on(writer, page, email_of_writer(app, story), "salah")
    assert page.status_code == 429
    assert sealed_in(page.text)


def test_who_has_two_accesses_chooses_first(
    app: flask.Flask, story: factories.Story, path: str
) -> None:
    with app.app_context():
        email = factories.email_of(story.focal_point)
        factories.person(AccessKind.AGENCY_HEAD, "dispora", email=email)
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    chooser = someone.get("/akses").text
    focal_point = re.search(r'name="grant" value="(\d+)">Narahubung', chooser)
    assert focal_point
    someone.post("/akses", {"grant": focal_point[1]})
    fields = fields_of(someone, path)
    someone.post("/keluar", {}, page="/akun")
    chooser = sign_in_on(someone, _send(someone, path, fields), email).text
    answer = someone.client.post(
        "/akses",
        data={
            "csrf_token": csrf_token(chooser),
            "grant": focal_point[1],
            "titipan": sealed_in(chooser),
        },
    )
    require_back(answer, path)


def test_a_report_link_needs_no_sign_in(app: flask.Flask, story: factories.Story) -> None:
    with app.app_context():
        remind()
        link = link_in(mail_to(story.focal_point.account_id, "digest"), app)
    browser = Browser(app)
    fields = fields_of(browser, link)
    browser.client.delete_cookie("sesi")
    answer = _send(browser, link, fields)
    assert answer.status_code == 400
    require_back(answer, link)
    again = {**fields, "csrf_token": csrf_token(answer.text)}
    assert _send(browser, link, again).status_code == 303
    assert _reports(app) == 1


@pytest.mark.parametrize(
    ("page", "action", "fields"),
    [
        ("/orang/undang", "/orang/undang", {"name": NOTE, "kind": "auditor"}),
        ("/pengaturan/hari-libur", "/pengaturan/hari-libur", {"name": NOTE, "on": "2026-12-24"}),
        ("/pengaturan/kop", "/pengaturan/kop", {"heading": NOTE}),
        ("/periode/tahun/2027", "/periode/tahun/2027", {"rows-0-label": NOTE}),
    ],
)
def test_other_forms_too(
    app: flask.Flask,
    story: factories.Story,
    path: str,
    page: str,
    action: str,
    fields: dict[str, str],
) -> None:
    with app.app_context():
        email = factories.email_of(story.secretariat)
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    page, action = page.format(report=path), action.format(report=path)
    old = {**fields, "csrf_token": someone.token(page)}
    someone.post("/keluar", {}, page="/akun")
    answer = sign_in_on(someone, _send(someone, action, old), email)
    require_back(answer, page)


def test_rows_that_a_script_added_are_shown(app: flask.Flask, story: factories.Story) -> None:
    with app.app_context():
        email = factories.email_of(story.secretariat)
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    page = "/periode/tahun/2027"
    old = {"csrf_token": someone.token(page), "rows-0-label": "Triwulan I", "rows-9-label": NOTE}
    someone.post("/keluar", {}, page="/akun")
    answer = sign_in_on(someone, _send(someone, page, old), email)
    require_back(answer, page)
    assert "belum ada tempatnya" in answer.text
    assert 'value="Triwulan I"' in answer.text


def test_a_form_that_is_gone_leaves_the_text(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = fields_of(writer, path) | {"value-1": "1500", "contribution": "", "setuju": "y"}
    fields |= {"place": "Tenggarong", "version": "74123", "act": "kirim"}
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, f"{path}x", fields)
    answer = sign_in_on(writer, page, email_of_writer(app, story))
    assert SHOWN in answer.text
    for typed in ("1500", "Tenggarong"):
        assert f">{typed}</textarea>" in answer.text, "a value of one word"
    for own in ("74123", "kirim", "y", ""):
        assert f">{own}</textarea>" not in answer.text, "what the page itself put there"
    assert "readonly" in answer.text
    check_page(answer.text, path)


def test_a_button_alone_leads_back_to_its_page(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str, clock: Any
) -> None:
    token = writer.token(path)
    clock.move_to(NOW + timedelta(hours=9))
    answer = _send(writer, path, {"csrf_token": token})
    assert answer.status_code == 302
    assert answer.location == f"/masuk?next={path}"


def test_no_password_is_carried() -> None:
    secret = {
        name
        for form in vars(account_forms).values()
        if isinstance(form, type)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert secret
    assert secret <= NOT_CARRIED
