"""The installation's identity and the records of its jobs."""

import secrets
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from coordinator.clock import latest, now
from coordinator.db import db, transactional, without_waiting
from coordinator.platform.operations.models import Backup, Installation, JobRun

IDENTITY_FILE = "installation_id"
PROBE_PATIENCE = 1000  # milliseconds
PROBE_SIZE = 200_000  # bytes: more than the free pages of a file that is full


@transactional
def ensure_installation(data_dir: Path) -> str:
    """Give a new database its identity and write it to DATA_DIR; return it.

    An existing database in a directory without the file keeps its identity unwritten: that is how
    a restored or copied database is recognised.
    """
    row = db.session.get(Installation, 1)
    if row is None:
        row = Installation(id=1, identity=secrets.token_hex(16), created_at=now())
        db.session.add(row)
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / IDENTITY_FILE).write_text(row.identity)
    return row.identity


def is_copy(data_dir: Path) -> bool:
    """Tell whether this database was made elsewhere: then no mail leaves until a person says so."""
    row = db.session.get(Installation, 1)
    if row is None:
        return False
    path = data_dir / IDENTITY_FILE
    return not path.exists() or path.read_text().strip() != row.identity


def adopt(data_dir: Path) -> None:
    """Make a copied or restored database this place's own: its mail may leave from here on."""
    row = db.session.get_one(Installation, 1)
    (data_dir / IDENTITY_FILE).write_text(row.identity)


@transactional
def job_started(name: str) -> None:
    """Note that a job began."""
    row = db.session.get(JobRun, name)
    if row is None:
        row = JobRun(name=name, started_at=now(), result="", is_ok=True)
        db.session.add(row)
    row.started_at = now()
    row.finished_at = None


@transactional
def job_finished(name: str, *, result: str, is_ok: bool, next_at: datetime | None) -> None:
    """Note how a job ended and when it runs next."""
    row = db.session.get_one(JobRun, name)
    row.finished_at = now()
    row.result = result[:200]
    row.is_ok = is_ok
    row.next_at = next_at


def job_runs() -> dict[str, JobRun]:
    """Return the records of all jobs that ever ran, by name."""
    return {row.name: row for row in db.session.scalars(sa.select(JobRun))}


def last_tick() -> datetime | None:
    """Return when the scheduler last began a job of any kind."""
    return db.session.scalar(
        sa.select(sa.func.max(JobRun.started_at)).where(JobRun.started_at <= latest())
    )


def database_takes_writes() -> bool:
    """Tell whether what a web worker does can be done now: a row is written and committed, after a
    piece of new room was asked for and given back. Waits for a second at most."""
    try:
        with without_waiting(PROBE_PATIENCE):
            _probe()
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        return False
    return True


@transactional
def _probe() -> None:
    """A full file takes a change of a row that is there, and no new one; so both are tried."""
    if db.engine.dialect.name == "sqlite":
        with db.session.begin_nested() as room:
            db.session.execute(
                sa.insert(JobRun).values(
                    name="probe", started_at=now(), result="x" * PROBE_SIZE, is_ok=True
                )
            )
            room.rollback()
    else:
        db.session.execute(sa.text(f"SET LOCAL lock_timeout = {PROBE_PATIENCE}"))
    db.session.execute(sa.update(Installation).values(probed_at=now()))


def backup_age() -> datetime | None:
    """Return when the newest backup was finished, or None where there is none."""
    return db.session.scalar(
        sa.select(sa.func.max(Backup.finished_at)).where(Backup.finished_at <= latest())
    )
