"""What is wrong with this installation, one sentence for each thing looked at. Changes nothing."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from pathlib import Path

import flask
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

import config
from coordinator.clock import local, now
from coordinator.db import db
from coordinator.platform.operations.archive import EVIDENCE_FILE, EVIDENCE_FOLDER
from coordinator.platform.operations.clockwatch import held_clock
from coordinator.platform.operations.models import Installation
from coordinator.platform.operations.service import backup_age, is_copy, last_tick

LEAST_FREE_SHARE = 0.10
SCHEDULER_SILENCE = timedelta(minutes=5)
BACKUP_AGE = timedelta(hours=26)  # one a day, and two hours for it to be late
ORPHAN_AGE = timedelta(hours=24)  # younger ones may belong to a report being sent
SYNCHRONOUS_FULL = 2
HOLIDAY = sa.table("holiday", sa.column("on", sa.Date))
STORED_FILE = sa.table("stored_file", sa.column("sha256", sa.String), sa.column("size", sa.Integer))


class State(StrEnum):
    """How a check ended. Only `problem` makes the command fail."""

    OK = auto()
    WARNING = auto()
    PROBLEM = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `message` is a sentence for the administrator (Indonesian)."""

    name: str
    state: State
    message: str


def examine() -> list[Check]:
    """Return every check of the current application, in a fixed order. Never raises for a fault."""
    settings = flask.current_app.config["SETTINGS"]
    data_dir = Path(settings.data_dir)
    checks = [_writable(data_dir), _free_space(data_dir), _database()]
    is_reachable = checks[-1].state is State.OK
    for name, look in (
        ("durability", _durability),
        ("schema", _schema),
        ("evidence", lambda: _evidence(data_dir / EVIDENCE_FOLDER)),
        ("orphan_files", lambda: _orphans(data_dir / EVIDENCE_FOLDER)),
        ("scheduler", _scheduler),
        ("backup", _newest_backup),
        ("days_off", _days_off),
        ("copy", lambda: _copy(data_dir)),
        ("clock", _clock),
    ):
        checks.append(_guarded(name, look) if is_reachable else _unknown(name))
    checks.append(_mail(settings.mail_mode))
    checks.append(_proxies(settings))
    return checks


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (SQLAlchemyError, OSError) as error:
        db.session.rollback()
        return Check(name, State.PROBLEM, f"Tidak dapat diperiksa: {_reason(error)}.")


def _reason(error: Exception) -> str:
    """Return what the database or the disk said, on one line, without the statement."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:200]


def _unknown(name: str) -> Check:
    return Check(name, State.PROBLEM, "Tidak dapat diperiksa karena basis data bermasalah.")


@contextlib.contextmanager
def _reading() -> Iterator[Connection]:
    with db.engine.connect() as connection:
        yield connection


def _writable(data_dir: Path) -> Check:
    name = "data_dir"
    try:
        with tempfile.NamedTemporaryFile(dir=data_dir, prefix=".doctor-") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Check(
            name, State.PROBLEM, f"{data_dir} tidak dapat ditulisi: {error.strerror or error}."
        )
    return Check(name, State.OK, f"{data_dir} dapat ditulisi.")


def _free_space(data_dir: Path) -> Check:
    name = "free_space"
    try:
        usage = shutil.disk_usage(data_dir)
    except OSError as error:
        return Check(name, State.PROBLEM, f"Ruang disk tidak terbaca: {error.strerror or error}.")
    share = usage.free / usage.total if usage.total else 0.0
    free = f"{share:.0%} ruang disk kosong ({usage.free / 1e9:.1f} GB)".replace(".", ",")
    if share < LEAST_FREE_SHARE:
        return Check(name, State.PROBLEM, f"Hanya {free}; sediakan sedikitnya 10%.")
    return Check(name, State.OK, f"{free}.")


def _database() -> Check:
    name = "database"
    is_sqlite = db.engine.url.get_backend_name() == "sqlite"
    path = db.engine.url.database
    if is_sqlite and path and path != ":memory:" and not Path(path).is_file():
        # Connecting would create it.
        return Check(name, State.PROBLEM, f"Belum ada basis data di {path}.")
    try:
        with _reading() as connection:
            if not is_sqlite:
                connection.execute(sa.select(1))
                return Check(name, State.OK, "Basis data PostgreSQL menjawab.")
            verdict = connection.exec_driver_sql("PRAGMA integrity_check(3)").scalars().all()
    except SQLAlchemyError as error:
        return Check(name, State.PROBLEM, f"Basis data tidak terbaca: {_reason(error)}.")
    if list(verdict) != ["ok"]:
        found = "; ".join(" ".join(str(line).split()) for line in verdict)
        return Check(name, State.PROBLEM, f"Basis data rusak: {found}.")
    return Check(name, State.OK, "Basis data terbaca dan utuh (integrity_check).")


def _durability() -> Check:
    name = "durability"
    if db.engine.url.get_backend_name() != "sqlite":
        return Check(name, State.OK, "Ketahanan simpan diatur oleh server PostgreSQL.")
    with _reading() as connection:
        journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    if journal != "wal" or synchronous != SYNCHRONOUS_FULL:
        return Check(
            name,
            State.PROBLEM,
            f"SQLite memakai journal_mode={journal}, synchronous={synchronous}; seharusnya wal dan "
            f"{SYNCHRONOUS_FULL} (FULL): data terakhir dapat hilang saat listrik padam.",
        )
    return Check(name, State.OK, "SQLite memakai WAL dan synchronous=FULL.")


def _schema() -> Check:
    name = "schema"
    try:
        heads = set(ScriptDirectory(str(config.ROOT / "migrations")).get_heads())
    except CommandError as error:
        return Check(name, State.PROBLEM, f"Berkas migrasi tidak terbaca: {error}.")
    with _reading() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    if current != heads:
        return Check(
            name,
            State.PROBLEM,
            f"Skema basis data {_revisions(current)}, kode menghendaki {_revisions(heads)}; "
            "jalankan `flask db upgrade`.",
        )
    return Check(name, State.OK, f"Skema basis data mutakhir ({_revisions(current)}).")


def _revisions(revisions: set[str]) -> str:
    return ", ".join(sorted(revisions)) or "belum ada"


def _evidence(folder: Path) -> Check:
    """Compare sizes, not contents: `backup create` reads every byte."""
    name = "evidence"
    missing, differing, total = [], [], 0
    with _reading() as connection:
        for sha256, size in connection.execute(sa.select(STORED_FILE.c.sha256, STORED_FILE.c.size)):
            total += 1
            try:
                if (folder / sha256[:2] / sha256).stat().st_size != size:
                    differing.append(sha256)
            except FileNotFoundError:
                missing.append(sha256)
    if missing or differing:
        first = (missing or differing)[0]
        return Check(
            name,
            State.PROBLEM,
            f"Dari {total} berkas bukti, {len(missing)} hilang dan {len(differing)} berubah "
            f"ukuran; yang pertama {first}. Ambil dari cadangan.",
        )
    return Check(name, State.OK, f"Semua {total} berkas bukti ada dan ukurannya sesuai.")


def _orphans(folder: Path) -> Check:
    name = "orphan_files"
    with _reading() as connection:
        known = set(connection.scalars(sa.select(STORED_FILE.c.sha256)))
    oldest_allowed = now() - ORPHAN_AGE
    count = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if file.is_dir() or datetime.fromtimestamp(file.stat().st_mtime, UTC) > oldest_allowed:
                continue
            is_ours = EVIDENCE_FILE.fullmatch(f"{file.parent.name}/{file.name}")
            count += not (is_ours and file.name in known)
    if count:
        return Check(
            name,
            State.WARNING,
            f"{count} berkas di {folder} lebih dari 24 jam tanpa catatan; tidak berbahaya, "
            "hanya memakan tempat.",
        )
    return Check(name, State.OK, "Tidak ada berkas bukti tanpa catatan.")


def _scheduler() -> Check:
    name = "scheduler"
    last = last_tick()
    if last is None:
        return Check(name, State.WARNING, "Penjadwal belum pernah berjalan; jalankan `make run`.")
    if now() - last > SCHEDULER_SILENCE:
        return Check(
            name,
            State.WARNING,
            f"Penjadwal terakhir berjalan {_moment(last)}, lebih dari 5 menit lalu: "
            "pengingat dan email tidak keluar. Jalankan `make run` atau `flask jobs start`.",
        )
    return Check(name, State.OK, f"Penjadwal terakhir berjalan {_moment(last)}.")


def _days_off() -> Check:
    """This year's and next year's days off should be in the table: "N hari kerja" counts by it."""
    name = "days_off"
    this_year = local(now()).year
    for year in (this_year, this_year + 1):
        with _reading() as connection:
            count = connection.scalar(
                sa.select(sa.func.count())
                .select_from(HOLIDAY)
                .where(HOLIDAY.c.on.between(date(year, 1, 1), date(year, 12, 31)))
            )
        if not count:
            return Check(
                name,
                State.WARNING,
                f"Tabel hari libur {year} masih kosong; isi di /pengaturan/hari-libur.",
            )
    return Check(name, State.OK, f"Hari libur {this_year} dan {this_year + 1} tercatat.")


def _newest_backup() -> Check:
    name = "backup"
    last = backup_age()
    if last is None:
        begun = db.session.scalar(sa.select(Installation.created_at))
        is_new = begun is None or now() - begun <= BACKUP_AGE
        return Check(
            name,
            State.WARNING if is_new else State.PROBLEM,
            "Belum pernah ada cadangan; jalankan `flask backup create BERKAS`.",
        )
    if now() - last > BACKUP_AGE:
        return Check(
            name,
            State.PROBLEM,
            f"Cadangan terakhir {_moment(last)}, lebih dari sehari lalu; "
            "jalankan `flask backup create BERKAS`.",
        )
    return Check(name, State.OK, f"Cadangan terakhir {_moment(last)}.")


def _copy(data_dir: Path) -> Check:
    name = "copy"
    if is_copy(data_dir):
        return Check(
            name,
            State.WARNING,
            "Instalasi ini salinan (installation_id berbeda atau tidak ada): semua email ditahan.",
        )
    return Check(name, State.OK, "Instalasi ini asli, bukan salinan.")


def _proxies(settings: config.Settings) -> Check:
    name = "proxies"
    if settings.lacks_proxies:
        return Check(
            name,
            State.WARNING,
            "TRUSTED_PROXIES=0, padahal https diakhiri server web di depan: semua orang tampak"
            " beralamat sama. Isi dengan jumlah server web itu, biasanya 1.",
        )
    return Check(name, State.OK, f"TRUSTED_PROXIES={settings.trusted_proxies}.")


def _clock() -> Check:
    name = "clock"
    watched = held_clock()
    if watched is not None and watched.held_at is not None:
        return Check(
            name,
            State.PROBLEM,
            f"Jam server terakhir diketahui benar {_moment(watched.seen_at)}, lalu menunjukkan "
            f"{_moment(watched.held_at)}: pengingat dan email ditahan. Periksa jam, lalu jalankan "
            "`flask mail release` atau lepaskan di /surel.",
        )
    return Check(name, State.OK, "Jam server berjalan wajar.")


def _mail(mode: str) -> Check:
    name = "mail"
    if mode == "hold":
        return Check(name, State.WARNING, "MAIL_MODE=hold: semua email ditahan.")
    if mode == "inbox":
        return Check(
            name, State.OK, "MAIL_MODE=inbox: email tidak keluar, hanya tampil di /kotak-masuk."
        )
    return Check(name, State.OK, "MAIL_MODE=smtp: email dikirim lewat server email.")


def _moment(instant: datetime) -> str:
    return f"{local(instant):%d/%m/%Y pukul %H.%M} WITA"
