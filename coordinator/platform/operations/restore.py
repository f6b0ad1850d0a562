"""Restoring: an archive is unpacked next to the present data, checked, then put in its place."""

import contextlib
import errno
import fcntl
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import flask
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import config
from coordinator.clock import now, real_now
from coordinator.db import db
from coordinator.platform.operations.archive import (
    CHUNK,
    DATABASE,
    EVIDENCE_FOLDER,
    new_file,
    sync_folder,
)
from coordinator.platform.operations.backup import (
    ArchiveReport,
    BackupFailed,
    BackupSource,
    Stage,
    check_archive,
    evidence_files,
    silent,
)
from coordinator.platform.operations.head import (
    HEAD_FILE,
    BadHead,
    Mark,
    TrailHead,
    read_head,
    set_back,
    write_head,
)

# Where SQLite keeps its SHARED lock: in WAL mode every open connection holds it for as long as it
# lives, busy or idle (https://www.sqlite.org/src/file/src/os.h, PENDING_BYTE).
SHARED_LOCK_START, SHARED_LOCK_LENGTH = 0x40000000 + 2, 510


@contextlib.contextmanager
def _database_alone(database: Path) -> Iterator[None]:
    """Hold the database so that no other process has or gets a connection to it.

    Raises BackupFailed where one has. Nothing in the file is read or changed, so it works on a
    broken database too.
    """
    try:
        file = database.open("r+b")
    except FileNotFoundError:
        yield
        return
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_LOCK_LENGTH, SHARED_LOCK_START)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise BackupFailed(
                f"Basis data {database} sedang dipakai. Hentikan server dan penjadwal dahulu."
            ) from error
        yield


def present_data(place: BackupSource) -> tuple[Path, ...]:
    """Return what a restore would have to move aside; empty where there is nothing to lose."""
    there = [path for path in (place.database, *place.journals) if path.exists()]
    if any(path.stat().st_size for path in there) or evidence_files(place.evidence):
        return tuple(there) + ((place.evidence,) if place.evidence.exists() else ())
    return ()


def _is_known_revision(revision: str) -> bool:
    try:
        scripts = ScriptDirectory(str(config.ROOT / "migrations"))
        return set(revision.split(",")) <= {script.revision for script in scripts.walk_revisions()}
    except CommandError:
        return False


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, or would do: the archive's report and where the former data went.

    `aside` is empty where there was nothing to move, one folder per disk place otherwise.
    """

    report: ArchiveReport
    aside: tuple[Path, ...]


def restore_backup(
    path: Path,
    *,
    place: BackupSource,
    replace: bool = False,
    dry_run: bool = False,
    stage: Stage = silent,
) -> Restored:
    """Put the archive's database and evidence at `place`.

    Data that is there is moved into a dated folder next to it, and only if `replace`; it is never
    deleted. `installation_id` is not written, and a present one is moved aside too, so that the
    result is recognised as a copy and sends no mail.

    Raises WrongUse where `path` cannot be opened, BackupFailed for a damaged archive, one made by
    a newer version, data in the way, or a database in use, OSError where the disk refuses. Nothing
    changes until the last step; a failure within it is undone.
    """
    db.session.remove()
    db.engine.dispose()
    present = present_data(place)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_database_alone(place.database))
        if present and not replace:
            raise BackupFailed(
                f"{place.data_dir} sudah berisi data. Dengan --yes, data itu dipindahkan ke folder "
                "bertanggal di sampingnya (tidak dihapus), lalu cadangan dipulihkan."
            )
        if dry_run:
            staged = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            place.evidence.parent.mkdir(parents=True, exist_ok=True)
            staged = _stage_beside(place.evidence, stack)
        report = check_archive(path, folder=staged, with_evidence=not dry_run, stage=stage)
        if report.damage or report.manifest is None:
            raise BackupFailed(f"Cadangan rusak, tidak dipulihkan: {'; '.join(report.damage[:5])}.")
        revision = report.manifest.schema_revision
        if revision is not None and not _is_known_revision(revision):
            raise BackupFailed(
                f"Cadangan dibuat oleh versi {ascii(report.manifest.version)[:40]} dengan skema "
                f"{ascii(revision)[:40]} yang tidak dikenal versi ini. Pasang versi itu atau yang "
                "lebih baru."
            )
        if dry_run:
            return Restored(report, ())
        database = staged / DATABASE
        if place.database.parent != place.evidence.parent:
            place.database.parent.mkdir(parents=True, exist_ok=True)
            beside = _stage_beside(place.database, stack) / DATABASE
            with database.open("rb") as source, new_file(beside) as target:
                while data := source.read(CHUNK):
                    target.write(data)
            database = beside
        evidence = staged / EVIDENCE_FOLDER
        evidence.mkdir(exist_ok=True, mode=0o750)
        for folder in (*evidence.iterdir(), evidence, staged):
            sync_folder(folder)
        head = staged / HEAD_FILE
        restored = _head_of(database, place, backup_at=report.manifest.created_at)
        if restored is not None:
            write_head(head, restored.signed(flask.current_app.config["SECRET_KEY"]))
        aside = _put_in_place(place, database=database, evidence=evidence, head=head)
        return Restored(report, aside)


def _head_of(database: Path, place: BackupSource, *, backup_at: datetime) -> TrailHead | None:
    """Return the head that goes with a restored database: how far its chain goes, and how far the
    former one went. None where the archive is older than the trail."""
    try:
        former = read_head(place.data_dir)
    except BadHead:
        former = None
    address = f"{database.as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            (identity,) = connection.execute("SELECT identity FROM installation").fetchone()
            (entries,) = connection.execute("SELECT count(*) FROM sealed_entry").fetchone()
            seal = connection.execute(
                "SELECT id, hash, sealed_at FROM audit_seal ORDER BY id DESC LIMIT 1"
            ).fetchone()
    except (sqlite3.Error, TypeError):
        return None
    number, digest, sealed_at = seal or (0, "", backup_at.isoformat())
    at = datetime.fromisoformat(str(sealed_at))
    mark = Mark(seal=number, hash=digest, entries=entries, at=at.replace(tzinfo=UTC))
    return set_back(former, installation=identity, mark=mark, at=real_now(), backup_at=backup_at)


def _stage_beside(target: Path, stack: contextlib.ExitStack) -> Path:
    """Return a temporary folder on the disk of `target`, so that a rename suffices later."""
    folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".pemulihan-")
    return Path(stack.enter_context(folder))


def _put_in_place(  # noqa: C901
    place: BackupSource, *, database: Path, evidence: Path, head: Path
) -> tuple[Path, ...]:
    """Move the former data aside and the new in; undo all of it if one step fails.

    Returns the folders of the former data.
    """
    name = f"sebelum-pemulihan-{now():%Y%m%dT%H%M%SZ}"
    parents = {place.data_dir, place.database.parent, place.evidence.parent}
    while any((parent / name).exists() for parent in parents):
        name += "-lagi"
    aside: list[Path] = []
    done: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        source.rename(target)
        done.append((source, target))

    def move_aside(path: Path) -> None:
        if path.exists():
            folder = path.parent / name
            if folder not in aside:
                folder.mkdir(mode=0o700)
                aside.append(folder)
            move(path, folder / path.name)

    try:
        # The identity first: if a later step is interrupted, the result can send no mail.
        move_aside(place.identity)
        move_aside(place.audit_head)
        if head.exists():
            move(head, place.audit_head)
        move_aside(place.evidence)
        move(evidence, place.evidence)
        for journal in place.journals:
            move_aside(journal)
        move_aside(place.database)
        move(database, place.database)
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        for folder in aside:
            folder.rmdir()
        raise
    for parent in parents:
        sync_folder(parent)
    return tuple(aside)
