"""The database is locked, full or read-only: reading goes on, and what was not noted follows."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from coordinator import scheduler
from coordinator.db import db, if_possible, is_storage_fault
from coordinator.platform.audit.access import WAITING
from coordinator.platform.audit.jobs import take_in_access_log
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.operations import service as operations
from tests.architecture.people import World, world
from tests.architecture.routes import GETS, fill, rules_of

__all__ = ["world"]

Broken = Callable[[], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def _every_connection(app: flask.Flask, *statements: str) -> Iterator[None]:
    """Give each of the product's connections these words first."""
    with app.app_context():
        engine = db.engine

    def set_up(connection: Any, _record: object) -> None:
        for statement in statements:
            connection.execute(statement)

    event.listen(engine, "connect", set_up)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", set_up)
        engine.dispose()


@contextlib.contextmanager
def _locked(app: flask.Flask) -> Iterator[None]:
    path = app.config["SETTINGS"].data_dir / "koordinator.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def broken(trouble: str, app: flask.Flask, engine_name: str) -> Broken:
    """A context in which the product's database can be read and not written. The tests run as root,
    so rights of a file stop nobody: what SQLite and PostgreSQL answer is the same."""
    if engine_name == "postgresql":
        with app.app_context():
            name = db.engine.url.database
        return lambda: _read_only_server(app, str(name))
    if trouble == "locked":
        return lambda: _locked(app)
    if trouble == "full":
        path = app.config["SETTINGS"].data_dir / "koordinator.db"
        with closing(sqlite3.connect(path)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        return lambda: _every_connection(app, f"PRAGMA max_page_count={pages}")
    return lambda: _every_connection(app, "PRAGMA query_only=ON")


@contextlib.contextmanager
def _read_only_server(app: flask.Flask, name: str) -> Iterator[None]:
    """As a PostgreSQL that became a standby."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        connection.commit()
    with app.app_context():
        db.engine.dispose()
    yield
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
        connection.rollback()
        connection.execute(sa.text("SET default_transaction_read_only = off"))
        connection.commit()
        connection.execute(sa.text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
        connection.commit()
    with app.app_context():
        db.engine.dispose()


# Pages that note who reads them, or count what is asked of them.
NOTED = ("/bukti/<evidence_id>", "/peran.csv", "/surat-penugasan/<letter_id>.docx",
         "/pekerjaan/<task_id>/berkas", "/verifikasi/<report_id>")  # fmt: skip


def _read(app: flask.Flask, world: World, rules: tuple[str, ...] | list[str]) -> list[str]:
    differences = []
    for rule in rules:
        path = fill(rule, world.values)
        readers = [actor for actor, status in GETS[rule].items() if status == 200]
        for actor in readers[:1]:
            status = world.browsers[actor].client.get(path).status_code
            if status != 200:
                differences.append(f"{rule} as {actor}: {status}")
    return differences


def _access_lines(app: flask.Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(AccessLog)) or 0


@pytest.mark.parametrize(
    ("engine_name", "trouble"),
    [
        ("sqlite", "locked"),
        ("sqlite", "full"),
        ("sqlite", "read-only"),
        ("postgresql", "read-only"),
    ],
    indirect=["engine_name"],
)
def test_reading_goes_on_and_is_noted_later(
    app: flask.Flask, world: World, broken: Broken, capture: list[str]
) -> None:
    before = _access_lines(app)
    with app.app_context():
        db.engine.dispose()
    with broken():
        assert _read(app, world, NOTED) == []
        stranger = world.browsers["anonymous"].client
        for path in ("/l/tidakada", "/kalender/tidakada.ics", "/undangan/tidakada"):
            assert stranger.get(path).status_code in (404, 410), path
        ready = stranger.get("/siap")
        assert ready.status_code == 503
        assert ready.json["faults"] == ["database"]
    with app.app_context():
        take_in_access_log()
        assert take_in_access_log() == "0 pembacaan dicatat"
    # Opening a report for judging is noted in a table of its own, and only then can be withdrawn.
    assert _access_lines(app) == before + len(NOTED) - 1
    assert "database" not in world.browsers["anonymous"].client.get("/siap").json["faults"]
    assert not any("trace" in json.loads(line) for line in capture)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_page_can_be_read_while_the_database_is_locked(
    app: flask.Flask, world: World
) -> None:
    """A page that begins to write in a GET shows here."""
    rules = [rule for rule in rules_of(app, "GET") if rule != "/siap"]
    with _locked(app):
        assert _read(app, world, rules) == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_reading_that_cannot_be_noted_at_all_is_in_the_log(
    app: flask.Flask, world: World, capture: list[str], data_dir: Path
) -> None:
    (data_dir / WAITING).mkdir()  # no file can be written there, as on a full disk
    with _every_connection(app, "PRAGMA query_only=ON"):
        assert _read(app, world, NOTED[:1]) == []
    [line] = [json.loads(line) for line in capture if "could not be recorded" in line]
    assert line["what"] == "evidence"
    assert line["subject"] == world.values["evidence_id"]
    assert line["error"] == "IsADirectoryError EISDIR"
    (data_dir / WAITING).rmdir()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_line_that_a_full_disk_cut_off_stops_nothing(app: flask.Flask, data_dir: Path) -> None:
    good = {"at": "2026-10-13T02:00:00+00:00", "account_id": None, "task_force_id": None,
            "what": "evidence", "subject_id": "x", "address": ""}  # fmt: skip
    (data_dir / WAITING).write_text(json.dumps(good) + "\n" + json.dumps(good)[:40])
    with app.app_context():
        assert take_in_access_log() == "1 pembacaan dicatat"
    assert sorted(os.listdir(data_dir)) == sorted({"koordinator.db", *_journals(data_dir)})


def _journals(data_dir: Path) -> list[str]:
    return [name for name in os.listdir(data_dir) if name.startswith("koordinator.db-")]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_scheduler_says_it_once(app: flask.Flask, capture: list[str]) -> None:
    with app.app_context():
        operations.ensure_installation(app.config["SETTINGS"].data_dir)
    names = ("seal_audit_entries", "take_in_access_log", "forget_old_counters")
    with _every_connection(app, "PRAGMA query_only=ON"):
        for name in names * 3:
            with app.app_context():
                assert scheduler.run_job(name) == "gagal"
    [line] = [json.loads(line) for line in capture]
    assert line["error"] == "sqlalchemy.exc.OperationalError SQLITE_READONLY"
    assert "trace" not in line
    for name in names:
        with app.app_context():
            assert scheduler.run_job(name) != "gagal"
    assert [json.loads(line)["message"] for line in capture[1:]] == [
        "the database can be written again"
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_fault_of_the_code_is_not_taken_for_one_of_the_disk(in_app: None) -> None:
    with pytest.raises(OperationalError) as caught, if_possible():
        db.session.execute(sa.text("SELECT nothing FROM no_such_table"))
    assert not is_storage_fault(caught.value)
