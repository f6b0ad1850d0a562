"""Backups: whole under writes, any flipped byte found, hostile ones refused, restored as a copy."""

import contextlib
import hashlib
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask
import pytest
from click.testing import Result

import config
from coordinator.db import db
from coordinator.platform.operations import archive
from coordinator.platform.operations import backup as backup_module
from coordinator.platform.operations.backup import (
    ArchiveReport,
    create_backup,
    place_of_app,
    verify_backup,
)
from coordinator.platform.operations.cli import backup_cli, doctor
from coordinator.platform.operations.models import Backup
from coordinator.platform.operations.service import ensure_installation, is_copy
from tests.engines import load_models

load_models()


# Each turn: a file made durable, then its row, as the application does it.
WRITER = """
import hashlib, itertools, os, pathlib, sqlite3, sys
folder, database = pathlib.Path(sys.argv[1]), sys.argv[2]
connection = sqlite3.connect(database, timeout=30, isolation_level=None)
connection.execute("PRAGMA synchronous=FULL")
for number in itertools.count():
    data = f"bukti {os.getpid()} {number}".encode() * 50
    name = hashlib.sha256(data).hexdigest()
    (folder / name[:2]).mkdir(parents=True, exist_ok=True)
    (folder / name[:2] / f".{name}.tmp").write_bytes(data)
    (folder / name[:2] / f".{name}.tmp").rename(folder / name[:2] / name)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO stored_file (sha256, size, media_type, stored_at) VALUES (?, ?, ?, ?)",
        (name, len(data), "text/plain", "2026-11-22 00:00:00.000000"),
    )
    connection.execute("UPDATE job_run SET result = ? WHERE name = 'uji'", (str(number),))
    connection.execute("COMMIT")
    if number == 0:
        print("menulis", flush=True)
"""
# A server that sits idle with one pooled connection.
IDLE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
print("terhubung", flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Site:
    """An installation in a folder of its own, driven by its commands."""

    app: flask.Flask
    data_dir: Path

    @property
    def database(self) -> Path:
        return self.data_dir / "koordinator.db"

    @property
    def evidence(self) -> Path:
        return self.data_dir / "evidence"

    def run(self, *arguments: object) -> Result:
        result = self.app.test_cli_runner().invoke(args=[str(a) for a in arguments])
        with self.app.app_context():  # as the end of the process would
            db.session.remove()
            db.engine.dispose()
        return result

    def add_file(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.evidence / sha256[:2] / sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(
                "INSERT INTO stored_file (sha256, size, media_type, stored_at)"
                " VALUES (?, ?, 'text/plain', '2026-11-22 00:00:00.000000')",
                (sha256, len(data)),
            )
        return sha256

    def counts(self) -> dict[str, int]:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for (name,) in names.fetchall()
            }

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.data_dir)): path.read_bytes()
            for path in self.evidence.rglob("*")
            if path.is_file()
        }


MakeSite = Callable[[str], Site]


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    """Give sites in named folders; none has a database yet."""
    apps = []

    def make(name: str) -> Site:
        data_dir = tmp_path / name
        settings = config.load({"DATA_DIR": str(data_dir)})
        app = flask.Flask("uji", instance_path=str(data_dir))
        app.config["SECRET_KEY"] = "test-secret-key"
        app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=settings.database_url)
        db.init_app(app)
        app.cli.add_command(backup_cli)
        app.cli.add_command(doctor)
        apps.append(app)
        return Site(app, data_dir)

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Give a site with every table, an identity, two evidence files and one orphan."""
    site = make_site("asal")
    with site.app.app_context():
        db.create_all()
        ensure_installation(site.data_dir)
        db.session.remove()
        db.engine.dispose()
    with contextlib.closing(sqlite3.connect(site.database)) as connection, connection:
        connection.execute(
            "INSERT INTO job_run (name, started_at, result, is_ok)"
            " VALUES ('uji', '2026-11-22 00:00:00.000000', '', 1)"
        )
    site.add_file(b"surat keputusan")
    site.add_file(os.urandom(3000))
    orphan = site.evidence / "ab" / ("ab" + "0" * 62)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"yatim")
    (site.evidence / "ab" / ".setengah.tmp").write_bytes(b"belum selesai")
    return site


@pytest.fixture
def backup(site: Site, tmp_path: Path) -> Path:
    """Give a good archive of `site`."""
    path = tmp_path / "cadangan.tar"
    result = site.run("backup", "create", path)
    assert result.exit_code == 0, result.output
    return path


@contextlib.contextmanager
def process(script: str, *arguments: object) -> Iterator[None]:
    """Run a small Python process that has said it is ready; end it afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        try:
            yield
        finally:
            assert running.poll() is None
            running.kill()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# ---------------------------------------------------------------- create


def test_create_writes_one_private_plain_tar(site: Site, backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        identity = tar.extractfile("installation_id").read()  # type: ignore[union-attr]
    assert names[0] == "database.sqlite3"
    assert names[-2:] == ["manifest.json", "seal.sha256"]
    assert sum(name.startswith("evidence/") for name in names) == 3
    assert not any("secret_key" in name or ".env" in name or ".tmp" in name for name in names)
    assert identity == (site.data_dir / "installation_id").read_bytes()
    assert manifest["row_counts"]["stored_file"] == 2
    assert set(manifest["members"]) == set(names) - {"manifest.json", "seal.sha256"}
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith(".")] == []


def test_create_says_what_is_left_out_and_records_the_backup(site: Site, tmp_path: Path) -> None:
    result = site.run("backup", "create", tmp_path / "a.tar")
    assert "Tidak tercakup: secret_key dan .env" in result.output
    result = site.run("backup", "create", tmp_path / "b.tar", "--json")
    told = json.loads(result.stdout)
    assert told["ok"] is True
    assert told["not_included"] == ["secret_key", ".env"]
    assert told["size"] == (tmp_path / "b.tar").stat().st_size
    with site.app.app_context():
        rows = {Path(row.folder) / row.name: row.size for row in db.session.query(Backup)}
    assert rows == {path: path.stat().st_size for path in (tmp_path / "a.tar", tmp_path / "b.tar")}


def test_the_secret_key_is_nowhere_in_the_archive(site: Site, backup: Path) -> None:
    secret = (site.data_dir / "secret_key").read_bytes().strip()
    assert len(secret) == 64
    assert secret not in backup.read_bytes()


def test_create_keeps_what_is_there(site: Site, backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    result = site.run("backup", "create", backup)
    assert result.exit_code == 2
    assert "sudah ada" in result.output
    assert backup.read_bytes() == before
    assert site.run("backup", "create", backup, "--overwrite").exit_code == 0
    assert backup.read_bytes() != before
    assert site.run("backup", "verify", backup).exit_code == 0


@pytest.mark.parametrize(
    "name", ["koordinator.db", "secret_key", ".env", "installation_id", "evidence/ab/x", "."]
)
def test_create_never_writes_over_the_installation(site: Site, name: str) -> None:
    before = snapshot(site.data_dir)
    result = site.run("backup", "create", site.data_dir / name, "--overwrite")
    assert result.exit_code == 2
    assert snapshot(site.data_dir).keys() == before.keys()


def test_create_refuses_a_missing_folder(site: Site, tmp_path: Path) -> None:
    assert site.run("backup", "create", tmp_path / "tiada" / "a.tar").exit_code == 2


def test_create_dry_run_writes_nothing(site: Site, tmp_path: Path) -> None:
    result = site.run("backup", "create", tmp_path / "a.tar", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "3 berkas bukti" in result.output
    assert not (tmp_path / "a.tar").exists()
    told = json.loads(
        site.run("backup", "create", tmp_path / "a.tar", "--dry-run", "--json").stdout
    )
    assert told["evidence_files"] == 3
    assert site.counts()["backup"] == 0


def test_create_without_a_database(make_site: MakeSite, tmp_path: Path) -> None:
    empty = make_site("kosong")
    result = empty.run("backup", "create", tmp_path / "a.tar")
    assert result.exit_code == 1
    assert "Belum ada basis data" in result.output
    assert not empty.database.exists()


def test_create_refuses_a_broken_database(make_site: MakeSite, tmp_path: Path) -> None:
    broken = make_site("rusak")
    broken.database.write_bytes(b"SQLite format 3\0" + os.urandom(8192))
    result = broken.run("backup", "create", tmp_path / "a.tar")
    assert result.exit_code == 1
    assert "tidak dapat dicadangkan" in result.output
    assert list(tmp_path.glob("*.tar")) == []


def test_create_tells_of_lost_evidence_and_still_saves_the_rest(site: Site, tmp_path: Path) -> None:
    lost, changed = site.add_file(b"akan hilang"), site.add_file(b"akan berubah")
    (site.evidence / lost[:2] / lost).unlink()
    (site.evidence / changed[:2] / changed).write_bytes(b"sudah berubah")
    path = tmp_path / "a.tar"
    result = site.run("backup", "create", path)
    assert result.exit_code == 1
    assert f"{lost} tidak ada" in result.output
    assert f"{changed} berubah" in result.output
    report = verify_backup(path)
    assert report.damage == ()
    assert len(report.source_faults) == 2
    assert site.run("backup", "verify", path).exit_code == 1


def test_postgresql_users_are_referred_to_pg_dump(tmp_path: Path) -> None:
    settings = config.load(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://tppo@127.0.0.1:1/tppo"}
    )
    app = flask.Flask("uji", instance_path=str(tmp_path))
    app.config["SECRET_KEY"] = "test-secret-key"
    app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=settings.database_url)
    db.init_app(app)
    app.cli.add_command(backup_cli)
    for command in ("create", "restore"):
        result = app.test_cli_runner().invoke(args=["backup", command, str(tmp_path / "a.tar")])
        assert result.exit_code == 2
        assert "pg_dump" in result.output


def test_five_backups_under_writes_are_whole(site: Site, tmp_path: Path) -> None:
    rows = []
    with process(WRITER, site.evidence, site.database):
        for number in range(5):
            path = tmp_path / f"{number}.tar"
            result = site.run("backup", "create", path)
            assert result.exit_code == 0, result.output
    for number in range(5):
        result = site.run("backup", "verify", tmp_path / f"{number}.tar", "--json")
        told = json.loads(result.stdout)
        assert (result.exit_code, told["damage"]) == (0, [])
        rows.append(told["rows"]["stored_file"])
    assert rows == sorted(rows)
    assert rows[0] < rows[-1]


def test_what_is_written_during_the_copy_neither_enters_nor_restarts_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "PAGES_A_STEP", 4)
    rows, steps = site.counts()["stored_file"], []

    @contextlib.contextmanager
    def stage(label: str, total: int) -> Iterator[Callable[[int], None]]:
        def advance(amount: int) -> None:
            if label == "Menyalin basis data":
                assert amount > 0, "the copy began again"
                site.add_file(f"selama disalin {len(steps)}".encode())
                steps.append(amount)

        yield advance
        if label == "Menyalin basis data":
            assert sum(steps) == total

    with site.app.app_context():
        place = place_of_app()
        db.engine.dispose()
    report = create_backup(tmp_path / "a.tar", place=place, stage=stage)
    assert report.is_ok
    assert report.manifest is not None
    assert report.manifest.row_counts["stored_file"] == rows
    assert len(steps) > 5
    assert site.counts()["stored_file"] == rows + len(steps)


def test_evidence_that_ends_early_is_a_known_fault_in_a_whole_archive(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk gives less than it promised: the half-written member is taken back."""
    short = hashlib.sha256(b"surat keputusan").hexdigest()
    original = backup_module._open_to_read

    def open_to_read(path: Path) -> Any:
        return io.BytesIO(b"surat") if path.name == short else original(path)

    monkeypatch.setattr(backup_module, "_open_to_read", open_to_read)
    result = site.run("backup", "create", tmp_path / "a.tar")
    assert result.exit_code == 1
    assert f"{short} tidak ada" in result.output
    report = verify_backup(tmp_path / "a.tar")
    assert report.damage == ()
    assert report.manifest is not None
    assert report.manifest.evidence_files == 2


# ---------------------------------------------------------------- verify


def test_a_flipped_byte_is_found_wherever_it_is(site: Site, backup: Path) -> None:
    good = backup.read_bytes()
    positions = {(len(good) - 1) * part // 39 for part in range(40)}
    assert len(positions) == 40
    for position in sorted(positions):
        damaged = bytearray(good)
        damaged[position] ^= 1 << position % 8
        backup.write_bytes(damaged)
        result = site.run("backup", "verify", backup)
        assert result.exit_code == 1, position
        assert "Rusak: " in result.output
    backup.write_bytes(good)
    assert site.run("backup", "verify", backup).exit_code == 0


def test_a_flipped_byte_in_padding_headers_and_seal_is_found(backup: Path) -> None:
    """The bytes that a tar reader does not look at."""
    good = backup.read_bytes()
    with tarfile.open(backup) as tar:
        member = tar.getmember("installation_id")
        places = [member.offset + 300, member.offset + 511, member.offset_data + member.size + 5]
    places += [len(good) - back for back in (1, 1024, 1400, 1536, 1700, 2048)]
    for position in places:
        damaged = bytearray(good)
        damaged[position] ^= 0x80
        backup.write_bytes(damaged)
        assert verify_backup(backup).damage, position


def test_verify_names_the_damaged_file(site: Site, backup: Path) -> None:
    sha256 = hashlib.sha256(b"surat keputusan").hexdigest()
    backup.write_bytes(backup.read_bytes().replace(b"surat keputusan", b"surat keputusaN"))
    result = site.run("backup", "verify", backup, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert f"isi evidence/{sha256[:2]}/{sha256} berubah" in told["damage"]


def test_garbage_never_ends_in_a_traceback(site: Site, backup: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    good = backup.read_bytes()
    garbage = [
        b"",
        b"x",
        b"bukan arsip",
        bytes(512),
        bytes(10240),
        site.database.read_bytes(),
        good[: len(good) // 2],
        good[:-512],
        good + bytes(512),
        good + good,
        good[512:],
        *(chance.randbytes(512 * chance.randrange(1, 20)) for _ in range(30)),
    ]
    for data in garbage:
        path = tmp_path / "sampah"
        path.write_bytes(data)
        result = site.run("backup", "verify", path)
        assert result.exit_code == 1, data[:40]
        assert isinstance(result.exception, SystemExit)
        assert "Rusak: " in result.output


def test_what_is_no_file_is_wrong_use(site: Site, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    for path in (tmp_path / "tiada.tar", tmp_path, tmp_path / "pipa"):
        for command in ("verify", "restore"):
            result = site.run("backup", command, path, *(["--yes"] * (command == "restore")))
            assert result.exit_code == 2, (path, command)
            assert "Galat: " in result.output


def forge(
    path: Path,
    contents: list[tuple[str | tarfile.TarInfo, bytes]],
    *,
    drop: str = "",
    **changes: Any,
) -> None:
    """Write an archive whose seal is right, no matter what else is in it."""
    body = io.BytesIO()
    listed = {}
    for named, data in contents:
        info = tarfile.TarInfo(named) if isinstance(named, str) else named
        info.size = len(data)
        body.write(info.tobuf(tarfile.PAX_FORMAT) + data + bytes(-len(data) % 512))
        listed[info.name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    manifest = {
        "format": 1,
        "product": "koordinator-tppo",
        "version": "0",
        "created_at": "2026-11-22T00:00:00Z",
        "schema_revision": None,
        "row_counts": {},
        "known_faults": {},
        "not_included": [],
        "members": listed,
    } | changes
    manifest.pop(drop, None)
    data = json.dumps(manifest).encode()
    info = tarfile.TarInfo("manifest.json")
    info.size = len(data)
    body.write(info.tobuf() + data + bytes(-len(data) % 512))
    everything = body.getvalue()
    path.write_bytes(everything + archive.seal(hashlib.sha256(everything).hexdigest()))


def an_empty_database() -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a)")
        return connection.serialize()


def a_row_without_file() -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE stored_file (sha256, size)")
        connection.execute("INSERT INTO stored_file VALUES (?, 3)", ("../" * 20,))
        connection.commit()
        return connection.serialize()


def a_dangling_row() -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE b (a INTEGER REFERENCES a (id))")
        connection.execute("INSERT INTO b VALUES (9)")
        connection.commit()
        return connection.serialize()


def special(kind: bytes, name: str = "evidence/ab/ab" + "0" * 62) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def negative() -> tarfile.TarInfo:
    class Negative(tarfile.TarInfo):
        def tobuf(self, *_arguments: object) -> bytes:  # type: ignore[override]
            info = tarfile.TarInfo("installation_id")
            info.size = -512
            return info.tobuf(tarfile.GNU_FORMAT)

    return Negative("installation_id")


DATABASE = ("database.sqlite3", an_empty_database())
FORGED: dict[str, tuple[list[tuple[str | tarfile.TarInfo, bytes]], dict[str, Any]]] = {
    "absolute path": ([DATABASE, ("/etc/cron.d/x", b"x")], {}),
    "parent folder": ([DATABASE, ("evidence/../../x", b"x")], {}),
    "parent in hash": ([DATABASE, ("evidence/ab/../" + "a" * 61, b"x")], {}),
    "secret key": ([DATABASE, ("secret_key", b"x")], {}),
    "wrong folder": ([DATABASE, ("evidence/ab/cd" + "0" * 62, b"x")], {}),
    "upper case": ([DATABASE, ("evidence/AB/AB" + "0" * 62, b"x")], {}),
    "line break": ([DATABASE, ("installation_id\n", b"x")], {}),
    "symbolic link": ([DATABASE, (special(tarfile.SYMTYPE), b"")], {}),
    "hard link": ([DATABASE, (special(tarfile.LNKTYPE), b"")], {}),
    "folder": ([DATABASE, (special(tarfile.DIRTYPE), b"")], {}),
    "device": ([DATABASE, (special(tarfile.CHRTYPE), b"")], {}),
    "pipe": ([DATABASE, (special(tarfile.FIFOTYPE), b"")], {}),
    "pax header": ([DATABASE, (special(tarfile.XHDTYPE), b"13 path=/etc/x\n")], {}),
    "long name": ([DATABASE, (special(tarfile.GNUTYPE_LONGNAME), b"/etc/x\0")], {}),
    "sparse": ([DATABASE, (special(tarfile.GNUTYPE_SPARSE), b"")], {}),
    "negative size": ([DATABASE, (negative(), b"")], {}),
    "twice": ([DATABASE, ("installation_id", b"x"), ("installation_id", b"x")], {}),
    "no database": ([("installation_id", b"x")], {}),
    "unlisted member": ([DATABASE, ("installation_id", b"x")], {"members": {}}),
    "more bytes than listed": (
        [DATABASE],
        {"members": {DATABASE[0]: {"size": 1, "sha256": "0" * 64}}},
    ),
    "other hash": (
        [DATABASE],
        {"members": {DATABASE[0]: {"size": len(DATABASE[1]), "sha256": "0" * 64}}},
    ),
    "negative in manifest": (
        [DATABASE],
        {"members": {DATABASE[0]: {"size": -1, "sha256": "0" * 64}}},
    ),
    "manifest without format": ([DATABASE], {"drop": "format"}),
    "newer format": ([DATABASE], {"format": 2}),
    "other product": ([DATABASE], {"product": "lain"}),
    "instant out of range": ([DATABASE], {"created_at": "0001-01-01T00:00:00+14:00"}),
    "no zone": ([DATABASE], {"created_at": "2026-11-22T00:00:00"}),
    "unknown key": ([DATABASE], {"tambahan": 1}),
    "deep": ([DATABASE], {"row_counts": json.loads("[" * 300 + "]" * 300)}),
    "row counts differ": ([DATABASE], {"row_counts": {"t": 4}}),
    "schema differs": ([DATABASE], {"row_counts": {"t": 0}, "schema_revision": "0009"}),
    "no SQLite": ([("database.sqlite3", b"halo" * 2000)], {}),
    "empty database file": ([("database.sqlite3", b"")], {"row_counts": {"t": 0}}),
    "row without file": (
        [("database.sqlite3", a_row_without_file())],
        {"row_counts": {"stored_file": 1}},
    ),
    "dangling row": ([("database.sqlite3", a_dangling_row())], {"row_counts": {"a": 0, "b": 1}}),
}


@pytest.mark.parametrize("case", FORGED)
def test_hostile_archives_are_refused(case: str, make_site: MakeSite, tmp_path: Path) -> None:
    members, changes = FORGED[case]
    path, target = tmp_path / "jahat.tar", make_site("sasaran")
    forge(path, members, **changes)
    before = snapshot(tmp_path)
    result = target.run("backup", "verify", path)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Rusak: " in result.output
    result = target.run("backup", "restore", path, "--yes")
    assert result.exit_code == 1, result.output
    assert snapshot(tmp_path) == before


def test_the_forger_can_also_make_a_good_archive(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    forge(tmp_path / "baik.tar", [DATABASE], row_counts={"t": 0})
    assert verify_backup(tmp_path / "baik.tar").is_ok


def test_odd_table_names_are_counted(tmp_path: Path) -> None:
    name = 'a"b; DROP TABLE t--%s [x]'
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute('CREATE TABLE "' + name.replace('"', '""') + '" (a)')
        data = connection.serialize()
    forge(tmp_path / "a.tar", [("database.sqlite3", data)], row_counts={name: 0})
    assert verify_backup(tmp_path / "a.tar").is_ok


def test_too_many_members_are_refused(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert verify_backup(backup).damage == ("anggota arsip terlalu banyak",)


def test_what_an_archive_says_cannot_steer_the_terminal(site: Site, tmp_path: Path) -> None:
    forge(tmp_path / "a.tar", [DATABASE], row_counts={"t": 0}, version="\x1b[2J\x07")
    result = site.run("backup", "verify", tmp_path / "a.tar")
    assert result.exit_code == 0
    assert "\x1b" not in result.output


# ---------------------------------------------------------------- restore


def test_restore_gives_the_same_rows_and_files_as_a_copy(
    site: Site, backup: Path, make_site: MakeSite
) -> None:
    expected = site.counts() | {"backup": 0}  # the archive cannot hold its own record
    other = make_site("pulih")
    secret = (other.data_dir / "secret_key").read_bytes()
    result = other.run("backup", "restore", backup)
    assert result.exit_code == 0, result.output
    assert "salinan" in result.output
    assert "Tidak tercakup: secret_key dan .env" in result.output
    assert other.counts() == expected
    assert other.files() == {k: v for k, v in site.files().items() if not k.endswith(".tmp")}
    assert not (other.data_dir / "installation_id").exists()
    assert (other.data_dir / "secret_key").read_bytes() == secret
    assert sorted(p.name for p in other.data_dir.iterdir()) == [
        "audit_head.json",  # it says that this was restored
        "evidence",
        "koordinator.db",
        "secret_key",
    ]
    with other.app.app_context():
        assert ensure_installation(other.data_dir)
        assert is_copy(other.data_dir)
    with site.app.app_context():
        assert not is_copy(site.data_dir)
    # The identity in the archive lets a person release the copy.
    with tarfile.open(backup) as tar:
        identity = tar.extractfile("installation_id").read()  # type: ignore[union-attr]
    (other.data_dir / "installation_id").write_bytes(identity)
    with other.app.app_context():
        assert not is_copy(other.data_dir)


def test_restore_refuses_to_replace_data_unasked(site: Site, backup: Path) -> None:
    before = snapshot(site.data_dir)
    result = site.run("backup", "restore", backup)
    assert result.exit_code == 1
    assert "sudah berisi data" in result.output
    assert snapshot(site.data_dir) == before


def test_restore_keeps_the_former_data_aside(site: Site, backup: Path) -> None:
    site.add_file(b"sesudah cadangan")
    former_files, former_counts = site.files(), site.counts()
    result = site.run("backup", "restore", backup, "--yes")
    assert result.exit_code == 0, result.output
    (aside,) = site.data_dir.glob("sebelum-pemulihan-*")
    assert str(aside) in result.output.replace("\n", "")
    former = Site(site.app, aside)
    assert former.files() == former_files
    assert former.counts() == former_counts
    assert site.counts()["stored_file"] == former_counts["stored_file"] - 1
    assert len(site.files()) == 3
    with site.app.app_context():
        assert is_copy(site.data_dir)
    # Again within the same second: a second folder, nothing lost.
    assert site.run("backup", "restore", backup, "--yes").exit_code == 0
    assert len(list(site.data_dir.glob("sebelum-pemulihan-*"))) == 2
    assert former.files() == former_files


def test_restore_moves_what_is_not_yet_in_the_main_file(
    site: Site, backup: Path, make_site: MakeSite
) -> None:
    """A -wal left by a crash belongs to the old database and must never meet the new one."""
    other = make_site("mati-mendadak")
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode=WAL'); c.execute('CREATE TABLE lama (a)');"
        "c.execute('INSERT INTO lama VALUES (1)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(other.database)], check=True)
    wal = Path(f"{other.database}-wal")
    assert wal.stat().st_size
    assert other.run("backup", "restore", backup).exit_code == 1
    assert other.run("backup", "restore", backup, "--yes").exit_code == 0
    assert not wal.exists()
    assert "lama" not in other.counts()
    (aside,) = other.data_dir.glob("sebelum-pemulihan-*")
    assert Site(other.app, aside).counts() == {"lama": 1}


def test_restore_replaces_a_broken_database(backup: Path, make_site: MakeSite) -> None:
    broken = make_site("rusak")
    broken.database.write_bytes(os.urandom(5000))
    assert broken.run("backup", "restore", backup).exit_code == 1
    result = broken.run("backup", "restore", backup, "--yes")
    assert result.exit_code == 0, result.output
    assert broken.counts()["stored_file"] == 2


def test_restore_refuses_while_a_server_has_the_database(site: Site, backup: Path) -> None:
    before = {k: v for k, v in snapshot(site.data_dir).items() if "koordinator.db-" not in k}
    with process(IDLE, site.database):
        for more in ([], ["--dry-run"]):
            result = site.run("backup", "restore", backup, "--yes", *more)
            assert result.exit_code == 1
            assert "sedang dipakai" in result.output
    after = {k: v for k, v in snapshot(site.data_dir).items() if "koordinator.db-" not in k}
    assert after == before
    assert site.run("backup", "restore", backup, "--yes").exit_code == 0


def test_restore_dry_run_changes_nothing(site: Site, backup: Path, make_site: MakeSite) -> None:
    before = snapshot(site.data_dir)
    result = site.run("backup", "restore", backup, "--yes", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "tidak dihapus" in result.output
    assert snapshot(site.data_dir) == before
    empty = make_site("kosong")
    assert empty.run("backup", "restore", backup, "--dry-run").exit_code == 0
    assert not empty.database.exists()


def test_restore_of_a_damaged_archive_touches_nothing(site: Site, backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    before = snapshot(site.data_dir)
    result = site.run("backup", "restore", backup, "--yes")
    assert result.exit_code == 1
    assert "Cadangan rusak" in result.output
    assert snapshot(site.data_dir) == before


def test_restore_of_a_newer_schema_is_refused(make_site: MakeSite, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("INSERT INTO alembic_version VALUES ('dari-masa-depan')")
        connection.commit()
        data = connection.serialize()
    forge(
        tmp_path / "baru.tar",
        [("database.sqlite3", data)],
        row_counts={"alembic_version": 1},
        schema_revision="dari-masa-depan",
    )
    other = make_site("lama")
    assert other.run("backup", "verify", tmp_path / "baru.tar").exit_code == 0
    result = other.run("backup", "restore", tmp_path / "baru.tar")
    assert result.exit_code == 1
    assert "tidak dikenal versi ini" in result.output
    assert not other.database.exists()


def test_restore_that_fails_half_way_is_undone(
    site: Site, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "database.sqlite3":
            raise OSError(5, "Input/output error", str(self))
        return original(self, target)

    before = snapshot(site.data_dir)
    monkeypatch.setattr(Path, "rename", rename)
    result = site.run("backup", "restore", backup, "--yes")
    assert result.exit_code == 1
    assert "Input/output error" in result.output
    monkeypatch.undo()
    assert snapshot(site.data_dir) == before
    assert list(site.data_dir.glob("*pemulihan*")) == []


def test_restore_where_database_and_evidence_live_apart(
    backup: Path, site: Site, tmp_path: Path
) -> None:
    data_dir, elsewhere = tmp_path / "data", tmp_path / "disk-lain"
    elsewhere.mkdir()
    url = f"sqlite:///{elsewhere / 'tppo.db'}"
    settings = config.load({"DATA_DIR": str(data_dir), "DATABASE_URL": url})
    app = flask.Flask("uji", instance_path=str(data_dir))
    app.config["SECRET_KEY"] = "test-secret-key"
    app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    app.cli.add_command(backup_cli)
    runner = app.test_cli_runner()
    for turn in range(2):
        yes = ["--yes"] * turn
        result = runner.invoke(args=["backup", "restore", str(backup), *yes])
        assert result.exit_code == 0, result.output
    assert sorted(p.name for p in elsewhere.iterdir() if p.is_file()) == ["tppo.db"]
    assert len(list((data_dir / "evidence").glob("*/*"))) == 3
    assert len(list(tmp_path.glob("*/sebelum-pemulihan-*"))) == 2
    with app.app_context():
        assert place_of_app().database == (elsewhere / "tppo.db").resolve()
        db.engine.dispose()


def test_a_report_is_ok_only_without_faults() -> None:
    assert ArchiveReport(size=0, manifest=None).is_ok
    assert not ArchiveReport(size=0, manifest=None, source_faults=("x",)).is_ok
    assert not ArchiveReport(size=0, manifest=None, damage=("x",)).is_ok
