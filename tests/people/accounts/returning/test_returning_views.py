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
from tests.reporting.reports.mail_link import link_in, mail_to, remind

NOTE = "Rapat koordinasi <b>kedua</b> & daftar hadir"
SHOWN = "Rapat koordinasi &lt;b&gt;kedua&lt;/b&gt; &amp; daftar hadir"
BACK = "Belum tersimpan: periksa lalu kirim lagi"


@pytest.fixture
def work(app: flask.Flask) -> tuple[factories.Story, str]:
    """Dispora has a report to write, at this address."""
    with app.app_context():
        made = factories.story()
        obligation = factories.obligation_of(made.assignment, "dispora")
        return made, f"/laporan/{obligation.public_id}"


@pytest.fixture
def story(work: tuple[factories.Story, str]) -> factories.Story:
    """The people of it."""
    return work[0]


@pytest.fixture
def path(work: tuple[factories.Story, str]) -> str:
    """The address of the report."""
    return work[1]


@pytest.fixture
def writer(app: flask.Flask, story: factories.Story) -> Browser:
    """Dispora's focal point, signed in."""
    with app.app_context():
        email = factories.email_of(story.focal_point)
    return Browser(app).sign_in(email, factories.PASSWORD)


def _fields(browser: Browser, path: str) -> dict[str, Any]:
    """Return what the old tab holds: its token, its version, a note and a file."""
    html = browser.get(path).text
    version = re.search(r'name="version" value="(\d+)"', html)
    return {
        "csrf_token": csrf_token(html),
        "form_key": "kunci-lama",
        "version": version[1] if version else "0",
        "kind": "achievement",
        "note": NOTE,
        "act": "simpan",
    }


def _send(browser: Browser, path: str, fields: dict[str, Any]) -> Any:
    return browser.client.post(path, data=fields, headers={"Referer": f"http://localhost{path}"})


def _sealed(html: str) -> str:
    found = re.search(r'name="titipan" value="([^"]+)"', html)
    assert found, "no sealed form"
    return found[1]


def _sign_in(browser: Browser, page: Any, email: str, password: str = factories.PASSWORD) -> Any:
    """Send the sign-in form of a page as it is."""
    fields = {"csrf_token": csrf_token(page.text), "email": email, "password": password}
    action = re.search(r'class="narrow" method="post" action="([^"]+)"', page.text)
    assert action
    return browser.client.post(
        action[1].replace("&amp;", "&"), data={**fields, "titipan": _sealed(page.text)}
    )


def _is_back(answer: Any, path: str) -> None:
    check_page(answer.text, path)
    assert BACK in answer.text
    assert SHOWN in answer.text
    assert NOTE not in answer.text
    assert "kunci-lama" not in answer.text


def _email(app: flask.Flask, story: factories.Story) -> str:
    with app.app_context():
        return factories.email_of(story.focal_point)


def _reports(app: flask.Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Report)) or 0


def test_after_the_idle_limit(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str, clock: Any
) -> None:
    fields = _fields(writer, path)
    clock.move_to(NOW + timedelta(hours=8, seconds=1))
    page = _send(writer, path, fields)
    assert page.status_code == 401
    assert "tidak hilang" in page.text
    assert "Rapat koordinasi" not in page.text, "sealed, not shown"
    check_page(page.text, path)
    back = _sign_in(writer, page, _email(app, story))
    assert back.status_code == 200
    _is_back(back, path)
    assert _reports(app) == 0, "never sent by itself"
    again = {**fields, "csrf_token": csrf_token(back.text)}
    assert _send(writer, path, again).status_code == 303
    assert _reports(app) == 1


def test_after_signing_out_and_going_back(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    assert page.status_code == 400
    wrong = _sign_in(writer, page, _email(app, story), "salah")
    assert wrong.status_code == 422
    _is_back(_sign_in(writer, wrong, _email(app, story)), path)


def test_after_signing_in_again_in_another_tab(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    writer.sign_in(_email(app, story), factories.PASSWORD)
    answer = _send(writer, path, fields)
    assert answer.status_code == 400
    _is_back(answer, path)
    assert _reports(app) == 0
    again = {**fields, "csrf_token": csrf_token(answer.text)}
    assert _send(writer, path, again).status_code == 303


def test_the_sign_in_page_itself_may_be_old(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    """The person signed in in a third tab meanwhile."""
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    writer.sign_in(_email(app, story), factories.PASSWORD)
    _is_back(_sign_in(writer, page, _email(app, story)), path)


def test_nobody_else_sees_it(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    with app.app_context():
        colleague = factories.person(AccessKind.FOCAL_POINT, "dispora", email="b@uji.example")
        other = factories.email_of(colleague)
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    signed_in = _sign_in(writer, page, other)
    assert signed_in.status_code == 303
    assert signed_in.location == "/"
    for answer in (_send(writer, path, fields), _sign_in(writer, page, other)):
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
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    sealed = _sealed(page.text)
    for seal in (sealed[:-4] + "AAAA", "x", "ż" * 10):
        token = csrf_token(writer.client.get("/masuk").text)
        answer = writer.client.post(
            "/masuk",
            data={
                "csrf_token": token,
                "email": _email(app, story),
                "password": factories.PASSWORD,
                "titipan": seal,
            },
        )
        assert answer.status_code == 303
        writer.post("/keluar", {}, page="/akun")
    clock.move_to(NOW + timedelta(hours=21))
    page = _sign_in(writer, page, _email(app, story))
    assert page.status_code == 400, "its token is of a session before"
    assert _sign_in(writer, page, _email(app, story)).status_code == 303


def test_too_many_tries_keep_the_text(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = _fields(writer, path)
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, path, fields)
    for _ in range(11):
        page = _sign_in(writer, page, _email(app, story), "salah")
    assert page.status_code == 429
    assert _sealed(page.text)


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
    fields = _fields(someone, path)
    someone.post("/keluar", {}, page="/akun")
    chooser = _sign_in(someone, _send(someone, path, fields), email).text
    answer = someone.client.post(
        "/akses",
        data={
            "csrf_token": csrf_token(chooser),
            "grant": focal_point[1],
            "titipan": _sealed(chooser),
        },
    )
    _is_back(answer, path)


def test_a_report_link_needs_no_sign_in(app: flask.Flask, story: factories.Story) -> None:
    with app.app_context():
        remind()
        link = link_in(mail_to(story.focal_point.account_id, "digest"), app)
    browser = Browser(app)
    fields = _fields(browser, link)
    browser.client.delete_cookie("sesi")
    answer = _send(browser, link, fields)
    assert answer.status_code == 400
    _is_back(answer, link)
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
    answer = _sign_in(someone, _send(someone, action, old), email)
    _is_back(answer, page)


def test_rows_that_a_script_added_are_shown(app: flask.Flask, story: factories.Story) -> None:
    with app.app_context():
        email = factories.email_of(story.secretariat)
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    page = "/periode/tahun/2027"
    old = {"csrf_token": someone.token(page), "rows-0-label": "Triwulan I", "rows-9-label": NOTE}
    someone.post("/keluar", {}, page="/akun")
    answer = _sign_in(someone, _send(someone, page, old), email)
    _is_back(answer, page)
    assert "belum ada tempatnya" in answer.text
    assert 'value="Triwulan I"' in answer.text


def test_a_form_that_is_gone_leaves_the_text(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    fields = _fields(writer, path) | {"value-1": "1500", "contribution": "", "setuju": "y"}
    fields |= {"place": "Tenggarong", "version": "74123", "act": "kirim"}
    writer.post("/keluar", {}, page="/akun")
    page = _send(writer, f"{path}x", fields)
    answer = _sign_in(writer, page, _email(app, story))
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
