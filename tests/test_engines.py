"""The PostgreSQL database that tests share is, for each of them, as it was made."""

from collections.abc import Iterator
from contextlib import closing

import flask
import psycopg
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind
from tests import factories
from tests.engines import Postgres
from tests.scenes import Scenes

# Something that each of these does to a database, and how it would be seen afterwards.
CHANGES = {
    "a row added": (
        'INSERT INTO holiday ("on", name, kind, source) '
        "SELECT '2030-01-01', name, kind, source FROM holiday LIMIT 1"
    ),
    "a row changed": "UPDATE agency SET name = 'x' WHERE id = (SELECT min(id) FROM agency)",
    "rows taken out, triggers or not": (
        "SET session_replication_role = replica; DELETE FROM audit_entry; DELETE FROM duty"
    ),
    "a number drawn": "SELECT nextval('account_id_seq')",
    "a trigger dropped": "DROP TRIGGER audit_entry_no_update ON audit_entry",
    "a trigger at rest": "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "a table added": "CREATE TABLE odd (id int)",
    "a setting": "ALTER DATABASE test_seeded SET default_transaction_read_only = on",
}
STATE = """SELECT
(SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM agency AS a),
(SELECT md5(string_agg(d::text, ',' ORDER BY id)) FROM duty AS d),
(SELECT count(*) FROM audit_entry), (SELECT count(*) FROM holiday),
(SELECT last_value FROM pg_sequences WHERE sequencename = 'account_id_seq'),
(SELECT count(*) FROM pg_class WHERE relname = 'odd'),
(SELECT string_agg(concat(tgname, tgenabled), ',' ORDER BY tgname) FROM pg_trigger
    WHERE NOT tgisinternal),
current_setting('default_transaction_read_only')"""


@pytest.fixture
def server(postgres: Postgres, postgres_templates: dict[str, str]) -> Iterator[Postgres]:
    """The worker's server, with its templates."""
    assert postgres_templates
    yield postgres
    postgres.fresh("template_seeded")


def _state(server: Postgres) -> object:
    name = server.fresh("template_seeded")
    with closing(psycopg.connect(server.url(name))) as connection:
        return connection.execute(STATE).fetchone()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_of_a_test_is_left_for_the_next(server: Postgres, change: str) -> None:
    before = _state(server)
    with closing(psycopg.connect(server.url("test_seeded"), autocommit=True)) as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert _state(server) == before


def test_a_connection_that_was_left_open_holds_nobody_up(server: Postgres) -> None:
    before = _state(server)
    left = psycopg.connect(server.url("test_seeded"))
    left.execute("UPDATE agency SET name = 'x'")
    assert _state(server) == before
    left.close()


def test_what_was_captured_comes_back(server: Postgres) -> None:
    _state(server)
    with closing(psycopg.connect(server.url("test_seeded"), autocommit=True)) as connection:
        connection.execute(CHANGES["a row changed"])
        connection.execute(CHANGES["a number drawn"])
        changed = connection.execute(STATE).fetchone()
    captured = server.captured("template_seeded")
    server.fresh("template_seeded")
    server.put_in("template_seeded", captured)
    with closing(psycopg.connect(server.url("test_seeded"))) as connection:
        assert connection.execute(STATE).fetchone() == changed


def test_a_scene_is_brought_back_only_where_nothing_was_written_before(
    app: flask.Flask, scenes: Scenes
) -> None:
    """On both engines: what a test did before its story stays."""
    built: list[int] = []

    def build() -> int | None:
        built.append(1)
        return factories.person(
            AccessKind.SECRETARIAT, home="biro-kesra", email=f"{len(built)}@uji.example"
        ).account_id

    with app.app_context():
        first = scenes.remember_first("officer", build)
        assert db.session.get_one(Account, first).email
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        scenes.remember_first("other", build)
        assert len(built) == 2
        emails = set(db.session.scalars(sa.select(Account.email)))
        assert len(emails) == 3
