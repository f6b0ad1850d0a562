"""Real engines, one clean database a test, a fixed day.

A test gets a copy of a database that was migrated (and seeded) once for its run. The app itself
lives as long as the worker: making it took more time than the tests. A test of other settings
overrides the fixture `environ`; one that changes the app for good (adds a route) has the mark
`own_app`. Both engines run unless a test asks for one:
`@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)`. The time is Tuesday,
13 October 2026, 10.00 WITA.
"""

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask
import pytest
import time_machine
from argon2 import PasswordHasher
from filelock import FileLock
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import config
from coordinator.app import create_app
from coordinator.db import db
from coordinator.people.accounts import passwords
from coordinator.template_cache import TemplateCache
from tests.engines import DATABASE, ROOT, Postgres, folder_in_memory, free_port, migrate
from tests.scenes import Scenes, seed

pytest_plugins = [
    "tests.plugins.garbage_collection",
    "tests.plugins.log_lines",
    "tests.plugins.order",
    "tests.plugins.scenes",
    "tests.plugins.warm_children",
]
# A slow machine fails no test; CI tries the same examples each time.
hypothesis_settings.register_profile(
    "steady",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("steady")
ENGINES = ["sqlite", "postgresql"]
PRODUCT_HASHER, PRODUCT_NOBODYS_HASH = passwords.hasher, passwords.NOBODYS_HASH
NOW = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def worker_dir() -> Iterator[Path]:
    """A short-lived folder of this test worker; short, because of PostgreSQL's socket path.

    It is in memory where there is room: on a disk each commit waits for it, milliseconds that are
    a third of a run. A program in it cannot be started on every machine.
    """
    path = Path(tempfile.mkdtemp(prefix="kt", dir=folder_in_memory()))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def memory_path(worker_dir: Path) -> Iterator[Path]:
    """A folder of the test's own for databases: as `tmp_path`, but in memory."""
    path = Path(tempfile.mkdtemp(dir=worker_dir))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def postgres(worker_dir: Path) -> Iterator[Postgres]:
    """A PostgreSQL server of this worker's own."""
    server = Postgres(worker_dir / "pg", free_port())
    server.start()
    yield server
    server.stop()


def _settings(data_dir: Path, url: str, **environ: str) -> config.Settings:
    return config.load(
        {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": url,
            "SECRET_KEY": "test-secret-key",
            "BASE_URL": "http://localhost",
            "DEMO": "off",
            **environ,
        }
    )


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def sqlite_templates(run_dir: Path) -> dict[str, Path]:
    """Databases to copy, made by whichever worker comes first: `empty` is migrated, `seeded` has
    mapping, plan and holidays too."""
    ready = run_dir / "databases"
    with FileLock(run_dir / "databases.lock"):
        if not ready.exists():
            made = run_dir / "databases-being-made"
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            _in_app(_settings(made, f"sqlite:///{made / 'empty.db'}"), migrate)
            _checkpoint(made / "empty.db")
            shutil.copy(made / "empty.db", made / "seeded.db")
            _in_app(_settings(made, f"sqlite:///{made / 'seeded.db'}"), seed)
            _checkpoint(made / "seeded.db")
            made.rename(ready)
    return {name: ready / f"{name}.db" for name in ("empty", "seeded")}


def _checkpoint(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _in_app(settings: config.Settings, work: Callable[[], object]) -> None:
    app = create_app(settings)
    with app.app_context(), time_machine.travel(NOW, tick=False):
        work()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_templates(postgres: Postgres, worker_dir: Path) -> dict[str, str]:
    """The same two databases on PostgreSQL, as templates."""
    folder = worker_dir / "pg-templates"
    folder.mkdir()
    postgres.create("template_empty")
    _in_app(_settings(folder, postgres.url("template_empty")), migrate)
    postgres.create("template_seeded", template="template_empty")
    _in_app(_settings(folder, postgres.url("template_seeded")), seed)
    return {name: f"template_{name}" for name in ("empty", "seeded")}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test both engines. A test of pages has one: what a page says does not depend on the
    engine, and every service and query behind it is tested on both (`ENGINES=all`: everything)."""
    if "engine_name" not in metafunc.fixturenames or _is_parametrized(metafunc, "engine_name"):
        return
    pages = Path(metafunc.definition.path).stem.endswith(("_views", "_emails"))
    only_one = pages and os.environ.get("ENGINES") != "all"
    metafunc.parametrize("engine_name", ENGINES[:1] if only_one else ENGINES, indirect=True)


def _is_parametrized(metafunc: pytest.Metafunc, name: str) -> bool:
    marks = metafunc.definition.iter_markers("parametrize")
    return any(name in _names(mark.args[0]) for mark in marks)


def _names(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(given.split(",")) if isinstance(given, str) else given


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine the test runs on."""
    return str(request.param)


@pytest.fixture
def data_dir(worker_dir: Path) -> Path:
    """DATA_DIR, empty: the same path in every test of a worker, because its app keeps it."""
    path = worker_dir / "data"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


@pytest.fixture
def database(
    request: pytest.FixtureRequest, engine_name: str, data_dir: Path
) -> Callable[[str], str]:
    """Return a function that makes a database from a template and gives its URL. The first one of
    a test has the same URL in every test."""
    made: list[str] = []

    def make(template: str) -> str:
        if engine_name == "sqlite":
            templates = request.getfixturevalue("sqlite_templates")
            file = data_dir / DATABASE
            shutil.copy(templates[template], file)
            return f"sqlite:///{file}"
        server: Postgres = request.getfixturevalue("postgres")
        templates = request.getfixturevalue("postgres_templates")
        if made:
            name = f"test{len(made)}"
            server.drop(name)
            server.create(name, template=templates[template])
        else:
            name = server.fresh(templates[template])
        made.append(name)
        return server.url(name)

    return make


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The day of the test; `clock.move_to(...)` goes to another."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def environ() -> dict[str, str]:
    """Settings a test module overrides by a fixture of the same name."""
    return {}


Apps = dict[tuple[str, ...], flask.Flask]


@pytest.fixture(scope="session")
def apps() -> Iterator[Apps]:
    """The worker's apps, by the URL of their database and their settings."""
    found: Apps = {}
    yield found
    for app in found.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app_on(
    data_dir: Path,
    run_dir: Path,
    clock: time_machine.Traveller,
    environ: dict[str, str],
    apps: Apps,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[str], flask.Flask]]:
    """Return a function that gives the app on a database: the worker's, or a new one in a test with
    the mark `own_app`. Its configuration is put back after the test."""
    used: list[tuple[flask.Flask, dict[str, Any]]] = []

    def give(url: str) -> flask.Flask:
        key = (url, *(f"{name}={value}" for name, value in sorted(environ.items())))
        is_own = request.node.get_closest_marker("own_app") is not None
        app = None if is_own else apps.get(key)
        if app is None:
            app = create_app(_settings(data_dir, url, **environ), TESTING=False)
            app.jinja_env.bytecode_cache = TemplateCache(run_dir)
            if not is_own:
                apps[key] = app
        used.append((app, dict(app.config)))
        return app

    yield give
    for app, before in used:
        app.config.clear()
        app.config.update(before)
        app.extensions.pop("scenes", None)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def empty_app(database: Callable[[str], str], app_on: Callable[[str], flask.Flask]) -> flask.Flask:
    """An app on a migrated database with nothing in it."""
    return app_on(database("empty"))


@pytest.fixture
def app(
    database: Callable[[str], str], app_on: Callable[[str], flask.Flask], scenes: Scenes
) -> flask.Flask:
    """An app with the mapping, the sample plan and the holidays; no people, no assignments."""
    app = app_on(database("seeded"))
    app.extensions["scenes"] = scenes
    return app


@pytest.fixture
def in_app(app: flask.Flask) -> Iterator[None]:
    """Hold an app context: for tests of services and queries, never around a test client."""
    with app.app_context():
        yield


class Browser:
    """A test client that signs in, sends CSRF tokens, and checks every page it gets."""

    def __init__(self, app: flask.Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, *, status: int = 200) -> Any:
        """GET a page, expecting `status`; HTML must have one h1, unique ids and a title."""
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code, response.text[:800])
        if response.mimetype == "text/html" and status < 300 and not path.endswith("/isi"):
            check_page(response.text, path)
        return response

    def token(self, path: str) -> str:
        """Return the CSRF token of a page's form."""
        return csrf_token(self.client.get(path).text)

    def post(self, path: str, data: dict[str, Any], *, page: str = "", status: int = 303) -> Any:
        """POST with the token of `page` (default: the same path), expecting `status`."""
        fields = {"csrf_token": self.token(page or path), **data}
        response = self.client.post(path, data=fields, content_type="multipart/form-data")
        complaints = re.findall(r'class="error"[^>]*>([^<]+)<', response.text)
        assert response.status_code == status, (path, response.status_code, complaints)
        return response

    def sign_in(self, email: str, password: str) -> "Browser":
        """Sign in; return itself."""
        self.post("/masuk", {"email": email, "password": password})
        return self


def csrf_token(html: str) -> str:
    """Return the first CSRF token in a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found, "no CSRF token"
    return found[1]


def check_page(html: str, path: str) -> None:
    """Assert what holds for every page of ours."""
    assert html.count("<h1") == 1, f"{path} has {html.count('<h1')} h1"
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), f"{path} repeats an id: {sorted(ids)}"
    assert re.search(r"<title>[^<]+ - Koordinator TPPO</title>", html), path
    assert '<html lang="id">' in html, path
    assert " style=" not in html, f"{path} has an inline style"
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.S):
        assert "csrf_token" in form, f"{path} has a form without CSRF token"


@pytest.fixture
def browser(app: flask.Flask) -> Callable[[], Browser]:
    """Return a maker of fresh browsers on the test's app."""
    return lambda: Browser(app)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """What a hash costs an attacker is not paid at every sign-in; the real: PRODUCT_HASHER."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords.hasher = cheap
    passwords.NOBODYS_HASH = cheap.hash("nobody")


@pytest.fixture(scope="session", autouse=True)
def _nothing_to_the_outside() -> None:
    """Tests talk to loopback alone: a proxy of the machine must not be used by accident."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        os.environ.pop(name, None)


__all__ = ["ROOT", "Browser"]
