"""When something goes wrong: a page in Indonesian with an id that is in the log, and no secrets."""

import io
import logging
import re
from collections.abc import Callable, Iterator

import flask
import pytest
import sqlalchemy.exc

from coordinator import errors, web
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AccessKind
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser, check_page

pytestmark = [
    pytest.mark.own_app,  # these tests add pages that fail
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]

SECRET = "isi yang tidak boleh tampak"
INCIDENT = re.compile(r"ID kejadian <b>([0-9A-F]{8})</b>")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Our own log lines; the product's logger does not hand them to the root."""
    logger = logging.getLogger("coordinator")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def _failing(app: flask.Flask, error: Callable[[], Exception]) -> None:
    """Add a page that fails with `error`."""

    @web.public
    def fails() -> str:
        raise error()

    app.add_url_rule("/gagal", "fails", fails, methods=["GET", "POST"])


def _assert_is_error_page(
    answer: object, status: int, heading: str, log: pytest.LogCaptureFixture
) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    text = answer.text  # type: ignore[attr-defined]
    assert answer.mimetype == "text/html"  # type: ignore[attr-defined]
    check_page(text, str(status))
    assert f"<h1>{heading}</h1>" in text
    found = INCIDENT.search(text)
    assert found, "no incident id"
    assert answer.headers["X-Request-Id"] == found[1]  # type: ignore[attr-defined]
    assert any(found[1] in record.getMessage() for record in log.records)
    for word in ("Traceback", "sqlalchemy", "werkzeug", ".py", "Error", "Exception", SECRET):
        assert word not in text, word
    assert 'href="/bantuan"' in text, "a way on"


HEADINGS = {
    400: "Permintaan tidak dapat dibaca",
    403: "Anda tidak memiliki akses",
    404: "Halaman tidak ditemukan",
    405: "Cara membuka halaman ini keliru",
    409: "Belum tersimpan",
    413: "Berkas terlalu besar",
    429: "Terlalu banyak percobaan",
    500: "Ada gangguan pada sistem",
    503: "Sistem sedang tidak dapat menyimpan",
    507: "Ruang penyimpanan penuh",
}


def _storage(words: str) -> Exception:
    return sqlalchemy.exc.OperationalError("INSERT rahasia", {"x": SECRET}, Exception(words))


RAISED: list[tuple[int, Callable[[], Exception]]] = [
    (400, lambda: errors.DomainError("Itu tidak bisa.")),
    (403, lambda: errors.NotAllowed("Itu bukan untuk Anda.")),
    (404, lambda: errors.NotFound("Itu tidak ada.")),
    (409, lambda: errors.Conflict("Sudah diubah.")),
    (429, lambda: errors.TooManyAttempts("Tunggu.", retry_after=17)),
    (500, lambda: RuntimeError(SECRET)),
    (500, lambda: KeyError(SECRET)),
    (500, lambda: AssertionError(SECRET)),
    (400, lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, SECRET)),
    (500, lambda: RecursionError(SECRET)),
    (500, lambda: MemoryError(SECRET)),
    (500, lambda: sqlalchemy.exc.IntegrityError("INSERT", {"x": SECRET}, Exception(SECRET))),
    (503, lambda: errors.Unavailable("Sedang tidak dapat menyimpan.")),
    (503, lambda: _storage("database is locked")),
    (503, lambda: _storage("attempt to write a readonly database")),
    (503, lambda: _storage("disk I/O error")),
    (507, lambda: _storage("database or disk is full")),
]


@pytest.mark.parametrize(("status", "error"), RAISED)
def test_every_failure_has_a_page_and_an_id(
    app: flask.Flask,
    log: pytest.LogCaptureFixture,
    status: int,
    error: Callable[[], Exception],
) -> None:
    _failing(app, error)
    answer = app.test_client().get("/gagal")
    _assert_is_error_page(answer, status, HEADINGS[status], log)
    if isinstance(error(), errors.DomainError):
        assert str(error()) in answer.text
    waits = {429: "17", 503: "30"}
    assert answer.headers.get("Retry-After") == waits.get(status)


def test_a_fault_is_logged_with_its_kind_and_place(
    app: flask.Flask, log: pytest.LogCaptureFixture
) -> None:
    _failing(app, lambda: RuntimeError(SECRET))
    answer = app.test_client().get("/gagal")
    found = INCIDENT.search(answer.text)
    assert found
    fault = next(record.getMessage() for record in log.records if "trace" in record.getMessage())
    assert found[1] in fault
    assert "RuntimeError" in fault
    assert "tests/test_errors.py:" in fault
    assert SECRET not in fault


def test_the_text_of_a_refusal_is_escaped(app: flask.Flask, log: pytest.LogCaptureFixture) -> None:
    _failing(app, lambda: errors.Conflict("<script>alert(1)</script>"))
    answer = app.test_client().get("/gagal")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_stale_form_is_a_400(app: flask.Flask, log: pytest.LogCaptureFixture) -> None:
    answer = app.test_client().post("/masuk", data={"email": "a", "password": "b"})
    _assert_is_error_page(answer, 400, HEADINGS[400], log)
    assert "terlalu lama terbuka" in answer.text


def test_403_for_a_page_beyond_ones_access(
    app: flask.Flask, browser: Callable[[], Browser], log: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        email = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))
    answer = browser().sign_in(email, factories.PASSWORD).client.get("/verifikasi")
    _assert_is_error_page(answer, 403, HEADINGS[403], log)
    assert "Narahubung Dispora" in answer.text, "the page still knows who is signed in"


@pytest.mark.parametrize(
    "path",
    [
        "/tidak-ada",
        "/laporan",
        "/peran/x/y",
        "/static/tidak-ada.css",
        "/../etc/passwd",
        "/static/../../config.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/%00",
        "/" + "x" * 3000,
        "/<script>alert(1)</script>",
    ],
)
def test_404(app: flask.Flask, log: pytest.LogCaptureFixture, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert "<h1>Halaman tidak ditemukan</h1>" in answer.text
    assert "<script>alert" not in answer.text
    assert "SECRET_KEY" not in answer.text


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "/matriks"), ("PUT", "/masuk"), ("DELETE", "/laporan/x"), ("PATCH", "/"),
    ("GET", "/keluar"), ("TRACE", "/masuk"),
])  # fmt: skip
def test_an_unsupported_method_returns_405(
    app: flask.Flask, log: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    _assert_is_error_page(app.test_client().open(path, method=method), 405, HEADINGS[405], log)


def test_413_for_a_file_too_large(
    app: flask.Flask, browser: Callable[[], Browser], log: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        story = factories.story()
        email = factories.email_of(story.focal_point)
        path = f"/laporan/{factories.obligation_of(story.assignment, 'dispora').public_id}"
    someone = browser().sign_in(email, factories.PASSWORD)
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    answer = someone.client.post(
        path,
        data={"csrf_token": "x", "files": (io.BytesIO(b"x" * 30_000), "besar.jpg")},
        content_type="multipart/form-data",
    )
    _assert_is_error_page(answer, 413, HEADINGS[413], log)
    assert "Paling besar 10 MB" in answer.text


def test_an_error_page_needs_no_database(
    app: flask.Flask, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even with a session cookie that would have to be looked up."""
    someone = Browser(app)
    with app.app_context():
        email = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))
    someone.sign_in(email, factories.PASSWORD)

    def gone(*_arguments: object, **_named: object) -> None:
        raise _storage("unable to open database file")

    monkeypatch.setattr("coordinator.people.accounts.session.session_by_hash", gone)
    monkeypatch.setattr("coordinator.home.queries.frame_counts", gone)
    for path in ("/tugas-saya", "/", "/masuk", "/bantuan"):
        answer = someone.client.get(path)
        assert answer.status_code == 503, path
        assert answer.text.count("<h1") == 1
        assert "Sistem sedang tidak dapat" in answer.text
        assert SECRET not in answer.text
        assert answer.headers["Retry-After"] == "30"
        assert answer.headers["Content-Security-Policy"]


def test_a_guard_that_fails_lets_nobody_in(
    app: flask.Flask, browser: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors fail closed: a fault in looking up who asks is never taken for a yes."""
    with app.app_context():
        factories.story()
        email = factories.email_of(factories.person(AccessKind.AUDITOR, home="inspektorat"))
    someone = browser().sign_in(email, factories.PASSWORD)

    def broken(*_arguments: object) -> bool:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("coordinator.permissions.Viewer.may", broken)
    for path in ("/matriks", "/jejak", "/verifikasi", "/matriks.csv"):
        answer = someone.client.get(path)
        assert answer.status_code == 500, path
        assert "Dispora" not in answer.text
        assert SECRET not in answer.text


# --- headers of every answer ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/masuk", "/sehat", "/tidak-ada", "/gagal", "/"])
def test_every_answer_carries_the_security_headers(app: flask.Flask, path: str) -> None:
    _failing(app, lambda: RuntimeError(SECRET))
    headers = app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


# --- whose site this is --------------------------------------------------------------------------

EVIL_HOSTS = [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Host": "localhost.evil.example"},
    {"Host": "evil.example/localhost"},
    {"Host": "localhost@evil.example"},
    {"Host": "localhost:80@evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "evil-localhost"},
    {"Host": "localhost, evil.example"},
    {"Host": "evil.example", "X-Forwarded-Host": "localhost"},
]
FORWARDED = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Host": "evil.example"},
    {"X-Original-URL": "//evil.example/", "X-Forwarded-Server": "evil.example"},
]


@pytest.mark.parametrize("headers", EVIL_HOSTS, ids=str)
def test_an_unknown_host_is_refused(
    app: flask.Flask, log: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    for path in ("/masuk", "/", "/sehat", "/tidak-ada"):
        answer = app.test_client().get(path, headers=headers)
        assert answer.status_code == 400, path
        assert "evil" not in answer.text
        assert "evil" not in answer.headers.get("Location", "")
    _assert_is_error_page(app.test_client().get("/masuk", headers=headers), 400, HEADINGS[400], log)


@pytest.mark.parametrize("headers", FORWARDED, ids=str)
def test_forwarding_headers_of_strangers_are_not_believed(
    app: flask.Flask, headers: dict[str, str]
) -> None:
    client = app.test_client()
    for path in ("/masuk", "/", "/tugas-saya"):
        answer = client.get(path, headers=headers)
        assert answer.status_code in (200, 302)
        assert "evil" not in answer.text + answer.headers.get("Location", "")


@pytest.mark.parametrize("headers", [*EVIL_HOSTS, *FORWARDED], ids=str)
def test_links_in_mails_come_from_base_url_alone(app: flask.Flask, headers: dict[str, str]) -> None:
    """Even a request that poses as another host cannot put that host into a mail."""
    with app.app_context():
        force_id = factories.task_force().id
    with app.test_request_context("/", headers=headers):
        accounts.invite(
            accounts.NewPerson(
                email="x@uji.example",
                name="X",
                kind=AccessKind.LEADERSHIP,
                task_force_id=force_id,
            ),
            by=None,
            secret_key=app.config["SECRET_KEY"],
        )
    with app.app_context():
        row = factories.db.session.scalars(sqlalchemy.select(OutgoingEmail)).one()
        for part in (row.text, row.html):
            filled = fill(
                part,
                row.mail_links,
                base_url=app.config["SETTINGS"].base_url,
                secret_key=app.config["SECRET_KEY"],
            )
            assert "evil" not in filled
            addresses = re.findall(r"https?://[^/\s\"<]+", filled)
            assert addresses
            assert set(addresses) == {"http://localhost"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000"])
def test_known_hosts_are_served(app: flask.Flask, host: str) -> None:
    assert app.test_client().get("/masuk", headers={"Host": host}).status_code == 200
