"""The report form sends to an address for each button: whichever it was, the text comes back."""

from typing import Any

import flask
import pytest

from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.report_form.editors import FormAction
from tests import factories
from tests.conftest import Browser
from tests.people.accounts.returning.old_tab import (
    NOTE,
    email_of_writer,
    fields_of,
    require_back,
    sign_in_on,
)
from tests.reporting.reports.mail_link import link_in, mail_to, remind

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ADDRESSES = ["", *(f"/{action}" for action in FormAction)]


def _sign_out(browser: Browser) -> None:
    browser.post("/keluar", {}, page="/akun")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("has_referrer", [True, False])
def test_the_text_is_back_in_the_form(
    app: flask.Flask,
    story: factories.Story,
    writer: Browser,
    path: str,
    address: str,
    has_referrer: bool,
) -> None:
    fields = fields_of(writer, path)
    _sign_out(writer)
    headers = {"Referer": f"http://localhost{path}"} if has_referrer else {}
    page = writer.client.post(path + address, data=fields, headers=headers)
    assert page.status_code == 400
    back: Any = sign_in_on(writer, page, email_of_writer(app, story))
    require_back(back, path)
    assert f'data-form="{path}"' in back.text


def test_the_check_page_is_back(
    app: flask.Flask, story: factories.Story, writer: Browser, path: str
) -> None:
    with app.app_context():
        obligation = factories.obligation_of(story.assignment, "dispora")
        draft = factories.draft_for(obligation)
        drafts.save_draft(obligation.public_id, draft, version=0, by=story.focal_point)
    check = f"{path}/periksa"
    fields = {**fields_of(writer, check), "confirmed": "y", "read-note": NOTE}
    _sign_out(writer)
    headers = {"Referer": f"http://localhost{check}"}
    page = writer.client.post(f"{path}/kirim", data=fields, headers=headers)
    back: Any = sign_in_on(writer, page, email_of_writer(app, story))
    assert "Kirim laporan ke Sekretariat" in back.text
    assert "checked" in back.text.partition('id="confirmed"')[2].partition(">")[0]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_links_form_needs_no_sign_in(
    app: flask.Flask, story: factories.Story, work: Any, address: str
) -> None:
    """Its pages tell nobody where they were sent from."""
    with app.app_context():
        remind()
        link = link_in(mail_to(story.focal_point.account_id, "digest"), app)
    browser = Browser(app)
    fields = fields_of(browser, link)
    browser.client.delete_cookie("sesi")
    answer = browser.client.post(link + address, data=fields)
    assert answer.status_code == 400
    require_back(answer, link)
