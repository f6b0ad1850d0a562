"""A form in a tab that was open when its session ended, and what its writer gets back."""

import re
from typing import Any

import flask

from tests import factories
from tests.conftest import Browser, check_page, csrf_token

NOTE = "Rapat koordinasi <b>kedua</b> & daftar hadir"
SHOWN = "Rapat koordinasi &lt;b&gt;kedua&lt;/b&gt; &amp; daftar hadir"
BACK = "Belum tersimpan: periksa lalu kirim lagi"


def fields_of(browser: Browser, path: str) -> dict[str, Any]:
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


def sealed_in(html: str) -> str:
    """Return the sealed form that a page carries."""
    found = re.search(r'name="titipan" value="([^"]+)"', html)
    assert found, "no sealed form"
    return found[1]


def sign_in_on(browser: Browser, page: Any, email: str, password: str = factories.PASSWORD) -> Any:
    """Send the sign-in form of a page as it is."""
    fields = {"csrf_token": csrf_token(page.text), "email": email, "password": password}
    action = re.search(r'class="narrow" method="post" action="([^"]+)"', page.text)
    assert action
    return browser.client.post(
        action[1].replace("&amp;", "&"), data={**fields, "titipan": sealed_in(page.text)}
    )


def require_back(answer: Any, path: str) -> None:
    """Assert that a page shows the text again, escaped, and says that it is not saved."""
    check_page(answer.text, path)
    assert BACK in answer.text
    assert SHOWN in answer.text
    assert NOTE not in answer.text
    assert "kunci-lama" not in answer.text


def email_of_writer(app: flask.Flask, story: factories.Story) -> str:
    """Return the address with which the writer signs in."""
    with app.app_context():
        return factories.email_of(story.focal_point)
