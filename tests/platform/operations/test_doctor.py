"""Each thing the doctor looks at: well, and broken. It never raises and never changes anything."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa

import config
from coordinator.db import db, transactional
from coordinator.platform.operations import doctor as doctor_module
from coordinator.platform.operations.backup import record_backup
from coordinator.platform.operations.cli import doctor
from coordinator.platform.operations.doctor import State, examine
from coordinator.platform.operations.models import Backup, Installation, JobRun
from coordinator.platform.operations.service import ensure_installation, job_started
from tests.engines import load_models

load_models()


NAMES = [
    "data_dir",
    "free_space",
    "database",
    "durability",
    "schema",
    "evidence",
    "orphan_files",
    "scheduler",
    "backup",
    "days_off",
    "copy",
    "clock",
    "mail",
    "proxies",
]
MIGRATION = 'revision = "0001"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation to look at."""

    app: flask.Flask
    data_dir: Path

    def states(self) -> dict[str, State]:
        with self.app.app_context():
            return {check.name: check.state for check in examine()}

    def message(self, name: str) -> str:
        with self.app.app_context():
            return next(check.message for check in examine() if check.name == name)

    def change(self, act: Callable[[], object]) -> None:
        with self.app.app_context():
            transactional(act)()


@pytest.fixture
def make_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Patient]]:
    versions = tmp_path / "kode" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_first.py").write_text(MIGRATION)
    monkeypatch.setattr(config, "ROOT", tmp_path / "kode")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        doctor_module.shutil, "disk_usage", lambda _p: usage._replace(total=100, free=50)
    )
    apps = []

    def make() -> Patient:
        data_dir = tmp_path / "data"
        settings = config.load({"DATA_DIR": str(data_dir)})
        app = flask.Flask("uji", instance_path=str(data_dir))
        app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=settings.database_url)
        db.init_app(app)
        app.cli.add_command(doctor)
        apps.append(app)
        return Patient(app, data_dir)

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def patient(make_patient: Callable[[], Patient]) -> Patient:
    """Give an installation with nothing wrong."""
    patient = make_patient()
    with patient.app.app_context():
        db.create_all()
        ensure_installation(patient.data_dir)
        job_started("uji")
        record_backup(name="a.tar", size=1)
    with database(patient) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        year = datetime.now(UTC).year
        for number in (year, year + 1):
            connection.execute(
                "INSERT INTO holiday (\"on\", name, kind, source) VALUES (?, 'x', 'national', 'x')",
                (f"{number}-01-01",),
            )
    add_file(patient, b"surat keputusan")
    return patient


@contextlib.contextmanager
def database(patient: Patient) -> Iterator[sqlite3.Connection]:
    path = patient.data_dir / "koordinator.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        yield connection


def add_file(patient: Patient, data: bytes) -> Path:
    sha256 = hashlib.sha256(data).hexdigest()
    path = patient.data_dir / "evidence" / sha256[:2] / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with database(patient) as connection:
        connection.execute(
            "INSERT INTO stored_file (sha256, size, media_type, stored_at)"
            " VALUES (?, ?, 'text/plain', '2026-11-22 00:00:00.000000')",
            (sha256, len(data)),
        )
    return path


def test_a_healthy_installation(patient: Patient) -> None:
    result = patient.app.test_cli_runner().invoke(args=["doctor", "--json"])
    told = json.loads(result.stdout)
    assert [check["name"] for check in told] == NAMES
    assert {check["state"] for check in told} == {"ok"}, told
    assert result.exit_code == 0
    result = patient.app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 0
    assert result.output.count("\n") == len(NAMES)
    assert "MASALAH" not in result.output


def test_without_a_database_it_says_so_and_makes_none(
    make_patient: Callable[[], Patient],
) -> None:
    patient = make_patient()
    result = patient.app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Belum ada basis data" in result.output
    assert not (patient.data_dir / "koordinator.db").exists()


def test_a_database_without_tables(make_patient: Callable[[], Patient]) -> None:
    patient = make_patient()
    with database(patient) as connection:
        connection.execute("CREATE TABLE t (a)")
    states = patient.states()
    assert states["database"] is State.OK
    assert states["schema"] is State.PROBLEM
    assert states["evidence"] is State.PROBLEM
    assert "Tidak dapat diperiksa: no such table" in patient.message("scheduler")


def test_a_broken_database(patient: Patient) -> None:
    path = patient.data_dir / "koordinator.db"
    with patient.app.app_context():
        db.session.remove()
        db.engine.dispose()
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = os.urandom(4096 * 4)
    path.write_bytes(data)
    states = patient.states()
    assert states["database"] is State.PROBLEM
    path.write_bytes(os.urandom(20000))
    with patient.app.app_context():
        db.engine.dispose()
    states = patient.states()
    assert states["database"] is State.PROBLEM
    assert "karena basis data bermasalah" in patient.message("evidence")
    assert list(states) == NAMES


def test_a_folder_that_cannot_be_written(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_arguments: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(doctor_module.tempfile, "NamedTemporaryFile", refuse)
    assert patient.states()["data_dir"] is State.PROBLEM
    assert "Read-only file system" in patient.message("data_dir")


@pytest.mark.parametrize(("free", "state"), [(10, State.OK), (9, State.PROBLEM)])
def test_free_space(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    usage = shutil._ntuple_diskusage(100, 100 - free, free)  # type: ignore[attr-defined]
    monkeypatch.setattr(doctor_module.shutil, "disk_usage", lambda _path: usage)
    assert patient.states()["free_space"] is state


def test_weaker_durability_is_a_problem(patient: Patient) -> None:
    with patient.app.app_context():

        @sa.event.listens_for(db.engine, "connect")
        def _weaken(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=NORMAL")

        db.engine.dispose()
    assert patient.states()["durability"] is State.PROBLEM
    assert "synchronous=1" in patient.message("durability")


def test_an_older_schema(patient: Patient) -> None:
    with database(patient) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert patient.states()["schema"] is State.PROBLEM
    assert "flask db upgrade" in patient.message("schema")


def test_no_migrations_at_all(patient: Patient) -> None:
    shutil.rmtree(config.ROOT / "migrations")
    assert patient.states()["schema"] is State.PROBLEM


def test_evidence_that_is_gone_or_has_another_size(patient: Patient) -> None:
    gone, shorter = add_file(patient, b"hilang"), add_file(patient, b"memendek")
    gone.unlink()
    shorter.write_bytes(b"x")
    message = patient.message("evidence")
    assert patient.states()["evidence"] is State.PROBLEM
    assert "1 hilang dan 1 berubah ukuran" in message
    assert gone.name in message


def test_only_old_files_without_a_row_are_orphans(patient: Patient) -> None:
    folder = patient.data_dir / "evidence" / "ab"
    folder.mkdir()
    young, old, half = folder / ("ab" + "0" * 62), folder / ("ab" + "1" * 62), folder / ".x.tmp"
    long_ago = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in (young, old, half):
        path.write_bytes(b"x")
    for path in (old, half):
        os.utime(path, (long_ago, long_ago))
    assert patient.states()["orphan_files"] is State.WARNING
    assert patient.message("orphan_files").startswith("2 berkas")


def test_a_silent_scheduler_is_a_warning(patient: Patient) -> None:
    def age(minutes: int) -> None:
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        db.session.get_one(JobRun, "uji").started_at = at

    patient.change(lambda: age(4))
    assert patient.states()["scheduler"] is State.OK
    patient.change(lambda: age(6))
    assert patient.states()["scheduler"] is State.WARNING
    assert patient.app.test_cli_runner().invoke(args=["doctor"]).exit_code == 0
    patient.change(lambda: db.session.delete(db.session.get_one(JobRun, "uji")))
    assert patient.states()["scheduler"] is State.WARNING


def test_the_newest_backup_counts(patient: Patient) -> None:
    def age(hours: int) -> None:
        db.session.get_one(Backup, 1).finished_at = datetime.now(UTC) - timedelta(hours=hours)

    patient.change(lambda: age(27))
    assert patient.states()["backup"] is State.PROBLEM
    patient.change(lambda: record_backup(name="b.tar", size=1))
    assert patient.states()["backup"] is State.OK


def test_no_backup_is_a_problem_only_after_a_day(patient: Patient) -> None:
    patient.change(lambda: db.session.delete(db.session.get_one(Backup, 1)))
    assert patient.states()["backup"] is State.WARNING

    def grow_older() -> None:
        row = db.session.get_one(Installation, 1)
        row.created_at = datetime.now(UTC) - timedelta(days=2)

    patient.change(grow_older)
    assert patient.states()["backup"] is State.PROBLEM


def test_a_year_without_days_off_is_a_warning(patient: Patient) -> None:
    with database(patient) as connection:
        connection.execute("DELETE FROM holiday")
    assert patient.states()["days_off"] is State.WARNING
    assert "hari-libur" in patient.message("days_off")


def test_the_end_of_the_table_of_days_off_is_a_warning_a_year_before(patient: Patient) -> None:
    this_year = datetime.now(UTC).year
    with database(patient) as connection:
        connection.execute("DELETE FROM holiday")
        add = "INSERT INTO holiday (\"on\", name, kind, source) VALUES (?, 'x', 'national', 'SKB')"
        connection.execute(add, (f"{this_year}-08-17",))
    assert patient.states()["days_off"] is State.WARNING
    assert str(this_year + 1) in patient.message("days_off")
    with database(patient) as connection:
        connection.execute(add, (f"{this_year + 1}-08-17",))
    assert patient.states()["days_off"] is State.OK


def test_a_copy_is_a_warning(patient: Patient) -> None:
    (patient.data_dir / "installation_id").unlink()
    assert patient.states()["copy"] is State.WARNING
    assert "email ditahan" in patient.message("copy")


def test_https_without_a_trusted_proxy(patient: Patient) -> None:
    for proxies, state in ((0, State.WARNING), (1, State.OK)):
        settings = replace(
            patient.app.config["SETTINGS"],
            base_url="https://tppo.example",
            trusted_proxies=proxies,
        )
        patient.app.config["SETTINGS"] = settings
        assert patient.states()["proxies"] is state


def test_mail_modes(patient: Patient) -> None:
    for mode, state in (("inbox", State.OK), ("smtp", State.OK), ("hold", State.WARNING)):
        settings = replace(patient.app.config["SETTINGS"], mail_mode=mode)
        patient.app.config["SETTINGS"] = settings
        assert patient.states()["mail"] is state
        assert f"MAIL_MODE={mode}" in patient.message("mail")


def test_it_changes_no_row(patient: Patient) -> None:
    def dump() -> list[str]:
        with database(patient) as connection:
            return list(connection.iterdump())

    before = dump()
    patient.states()
    assert dump() == before


def test_a_database_server_that_does_not_answer(
    make_patient: Callable[[], Patient], tmp_path: Path
) -> None:
    make_patient()
    url = "postgresql+psycopg://tppo@127.0.0.1:1/tppo?connect_timeout=1"
    settings = config.load({"DATA_DIR": str(tmp_path / "pg"), "DATABASE_URL": url})
    app = flask.Flask("uji", instance_path=str(tmp_path / "pg"))
    app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    with app.app_context():
        checks = {check.name: check for check in examine()}
    assert checks["database"].state is State.PROBLEM
    assert checks["durability"].state is State.PROBLEM
