"""What somebody types into an address, or names the parts of a form, is in no line of the log and
is no fault."""

import re

import flask
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder

from coordinator import edge
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser

WORDS = "Bunga-Kusuma-korban-Loa-Janan"
ENDS_THE_WALK = ("/keluar",)


def _secretariat(app: flask.Flask) -> Browser:
    with app.app_context():
        email = factories.email_of(factories.person(AccessKind.SECRETARIAT))
    return Browser(app).sign_in(email, factories.PASSWORD)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_address_that_somebody_made_up_is_logged(app: flask.Flask, capture: list[str]) -> None:
    """Every rule with a place to type, asked for and sent to, by a stranger and by an officer."""
    officer = _secretariat(app)
    token = officer.token("/akun")
    capture.clear()
    asked = 0
    for rule in app.url_map.iter_rules():
        if "<" not in rule.rule or rule.endpoint == "static" or rule.rule in ENDS_THE_WALK:
            continue
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        path = re.sub(r"<[^<>]+>", WORDS, path)
        for client in (Browser(app).client, officer.client):
            if "GET" in (rule.methods or ()):
                client.get(path)
                asked += 1
            if "POST" in (rule.methods or ()):
                client.post(path, data={"csrf_token": token})
                asked += 1
    assert asked > 200
    assert len(capture) >= asked
    assert [line for line in capture if WORDS in line] == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_was_shown_or_done_keeps_its_name(app: flask.Flask, capture: list[str]) -> None:
    officer = _secretariat(app)
    with app.app_context():
        slug = factories.agency("dispora").slug
    officer.get(f"/orang/instansi/{slug}")
    assert f"/orang/instansi/{slug}" in capture[-1]
    Browser(app).client.get(f"/orang/instansi/{slug}")
    assert slug not in capture[-1], "a redirect to sign-in showed nothing"


@pytest.mark.parametrize("name", ["rows-²-title", "rows-٣-title"])
def test_a_file_may_have_no_name_that_a_text_may_not(app: flask.Flask, name: str) -> None:
    officer = _secretariat(app)
    token = officer.token("/akun")
    body = (
        f'--B\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="x.txt"\r\n\r\nhi\r\n'
        "--B--\r\n"
    )
    answer = officer.client.post(
        "/periode/tahun/2027", data=body.encode(), content_type="multipart/form-data; boundary=B"
    )
    assert answer.status_code < 500


def test_names_of_files_are_cleaned_like_those_of_texts() -> None:
    builder = EnvironBuilder(method="POST", path="/")
    for name in ("rows-²-a", "bukti\x0b", "bukti"):
        builder.files.add_file(name, FileStorage(stream=None, filename=f"{name}.pdf"))
    request = edge.Request(builder.get_environ())
    assert list(request.files) == ["bukti"]
    assert len(request.files.getlist("bukti")) == 2
