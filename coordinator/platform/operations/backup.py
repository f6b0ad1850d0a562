"""Making and checking backups: not pg_dump or litestream, which keep no files (docs/backup.md)."""

import contextlib
import os
import sqlite3
import stat
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import flask
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

import config
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import DomainError
from coordinator.platform.operations.archive import (
    DATABASE,
    EVIDENCE_FILE,
    EVIDENCE_FOLDER,
    SEAL_LENGTH,
    Advance,
    Archive,
    Damaged,
    Manifest,
    Member,
    Unreadable,
    Writer,
    seal,
    sync_folder,
)
from coordinator.platform.operations.head import HEAD_FILE, BadHead, TrailHead, read_head
from coordinator.platform.operations.models import Backup
from coordinator.platform.operations.service import IDENTITY_FILE

NOT_INCLUDED = ("secret_key", ".env")
PAGES_A_STEP = 1024

Stage = Callable[[str, int], AbstractContextManager[Advance]]


class BackupFailed(DomainError):
    """The backup or restore could not be done; nothing was changed."""


class WrongUse(DomainError):
    """The command cannot be used this way here."""


@contextlib.contextmanager
def silent(_label: str, _total: int) -> Iterator[Advance]:
    """Report no progress: the default `Stage`, a label and a total that advances in parts."""
    yield lambda _amount: None


@dataclass(frozen=True, slots=True)
class BackupSource:
    """Where an installation keeps what a backup covers."""

    data_dir: Path
    database: Path
    evidence: Path

    @property
    def identity(self) -> Path:
        """The file that tells the original from a copy."""
        return self.data_dir / IDENTITY_FILE

    @property
    def audit_head(self) -> Path:
        """The file that says how far the audit trail went."""
        return self.data_dir / HEAD_FILE

    @property
    def journals(self) -> tuple[Path, ...]:
        """The files SQLite keeps next to the database; never combine them with another database."""
        return tuple(Path(f"{self.database}{end}") for end in ("-wal", "-shm", "-journal"))


def place_of_app() -> BackupSource:
    """Return the place of the current application; links are followed.

    Raises WrongUse where the database is no SQLite file.
    """
    data_dir = Path(flask.current_app.config["SETTINGS"].data_dir)
    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        raise WrongUse(
            "Basis data ini PostgreSQL. Perintah ini baru mendukung SQLite: cadangkan basis data "
            "dengan `pg_dump --format=custom`, pulihkan dengan `pg_restore`, dan salin folder "
            f"{data_dir / EVIDENCE_FOLDER} sesudahnya."
        )
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise WrongUse("DATABASE_URL tidak menunjuk ke satu berkas SQLite.")
    evidence = (data_dir / EVIDENCE_FOLDER).resolve()
    return BackupSource(data_dir, Path(url.database).resolve(), evidence)


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What checking an archive found.

    `damage`: the archive is not what was made. `source_faults`: the archive is a true copy of an
    installation that had these faults. All sentences are Indonesian.
    """

    size: int
    manifest: Manifest | None
    damage: tuple[str, ...] = ()
    source_faults: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        """True where there is nothing to tell."""
        return not self.damage and not self.source_faults


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a database file says about itself."""

    schema_revision: str | None
    row_counts: dict[str, int]
    stored: list[tuple[object, object]]  # sha256 and size, from a file that is not trusted
    faults: dict[str, str]


def _facts_of(path: Path, head: TrailHead | None) -> _Facts:
    """Read a database file that nobody writes, and look for the seal that `head` names.

    Raises Damaged where SQLite finds it broken.
    """
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            connection.text_factory = lambda data: data.decode(errors="replace")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")

            def column(query: str) -> list[str]:
                return [str(row[0]) for row in connection.execute(query)]

            verdict = column("PRAGMA integrity_check(5)")
            if verdict != ["ok"]:
                raise Damaged(f"basis data rusak: {'; '.join(verdict)[:300]}")
            row_counts = {}
            for name in column("SELECT name FROM sqlite_master WHERE type = 'table'"):
                table = sa.table(sa.quoted_name(name, quote=True))
                counting = sa.select(sa.func.count()).select_from(table)
                row_counts[name] = int(column(str(counting.compile(dialect=sqlite.dialect())))[0])
            dangling = Counter(column("PRAGMA foreign_key_check"))
            revisions = stored = []
            if "alembic_version" in row_counts:
                revisions = column("SELECT version_num FROM alembic_version")
            if "stored_file" in row_counts:
                stored = connection.execute("SELECT sha256, size FROM stored_file").fetchall()
            faults = {}
            if head is not None and not _has_seal(connection, head):
                faults["audit_head"] = (
                    f"jejak audit tidak memuat segel {head.mark.seal} yang dicatat kepalanya"
                )
    except sqlite3.Error as error:
        raise Damaged(f"basis data tidak terbaca: {error}") from error
    return _Facts(
        schema_revision=",".join(sorted(revisions)) or None,
        row_counts=row_counts,
        stored=stored,
        faults={
            f"foreign_key:{table}": f"{count} baris tabel {table} menunjuk baris yang tidak ada"
            for table, count in dangling.items()
        }
        | faults,
    )


def _has_seal(connection: sqlite3.Connection, head: TrailHead) -> bool:
    try:
        found = connection.execute("SELECT hash FROM audit_seal WHERE id = ?", [head.mark.seal])
    except sqlite3.OperationalError:  # no such table: a schema older than the trail
        return False
    return not head.mark.hash or found.fetchone() == (head.mark.hash,)


def _faults(facts: _Facts, members: Mapping[str, Member]) -> dict[str, str]:
    """Return every fault under a key that means the same in any archive of the installation."""
    found = dict(facts.faults)
    for sha256, size in facts.stored:
        shown = str(sha256)[:64]
        member = members.get(f"{EVIDENCE_FOLDER}/{shown[:2]}/{shown}")
        if member is None:
            found[f"evidence:{shown}"] = f"berkas bukti {shown} tidak ada"
        elif (member.sha256, member.size) != (sha256, size):
            found[f"evidence:{shown}"] = f"isi berkas bukti {shown} berubah"
    return found


def _copy_database(source: Path, target: Path, stage: Stage) -> None:
    """Copy a live database as it is at this instant.

    The copy is taken inside one read transaction: in WAL mode nobody waits for it, and what others
    write meanwhile neither appears in the copy nor starts it again.
    """
    with (
        contextlib.closing(
            sqlite3.connect(
                f"{source.as_uri()}?mode=rw", uri=True, timeout=30, isolation_level=None
            )
        ) as live,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        pages = int(live.execute("PRAGMA page_count").fetchone()[0])
        done = 0
        with stage("Menyalin basis data", pages) as advance:

            def report(_status: int, remaining: int, total: int) -> None:
                nonlocal done
                advance(total - remaining - done)
                done = total - remaining

            live.backup(copy, pages=PAGES_A_STEP, progress=report)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal file


def evidence_files(folder: Path) -> dict[str, Path]:
    """Return the evidence files in `folder` by member name; unfinished and foreign files not."""
    found = {}
    with contextlib.suppress(FileNotFoundError):
        for part in sorted(folder.iterdir()):
            if not part.is_dir():
                continue
            for file in sorted(part.iterdir()):
                inside = f"{part.name}/{file.name}"
                if EVIDENCE_FILE.fullmatch(inside) and not file.is_symlink() and file.is_file():
                    found[f"{EVIDENCE_FOLDER}/{inside}"] = file
    return found


def product_version() -> str:
    """Return the version of the code that runs."""
    with (config.ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def check_target(target: Path, *, place: BackupSource, overwrite: bool) -> None:
    """Raise WrongUse where an archive may not be written to `target`."""
    if not target.parent.is_dir():
        raise WrongUse(f"Folder {target.parent} tidak ada.")
    if target.is_dir():
        raise WrongUse(f"{target} adalah folder; sebutkan nama berkas.")
    real = target.parent.resolve() / target.name
    own = {place.database, place.identity.resolve(), place.audit_head.resolve(), *place.journals}
    own |= {place.data_dir.resolve() / name for name in NOT_INCLUDED}
    if real in own or real.is_relative_to(place.evidence):
        raise WrongUse(f"{target} milik instalasi ini sendiri; pilih tempat lain.")
    if os.path.lexists(target) and not overwrite:
        raise WrongUse(f"{target} sudah ada; pilih nama lain atau pakai --overwrite.")
    if not place.database.is_file():
        raise BackupFailed(f"Belum ada basis data di {place.database}.")


def create_backup(
    target: Path, *, place: BackupSource, overwrite: bool = False, stage: Stage = silent
) -> ArchiveReport:
    """Write a checked archive of the installation at `place` to `target` (mode 0600).

    The server may go on writing. Evidence is read after the database, so that every row's file is
    there. Returns what checking the finished archive found; only `source_faults` can be in it.

    Raises WrongUse for a target that may not be written, BackupFailed where no good archive could
    be made, OSError where the disk refuses; `target` is then as it was.
    """
    check_target(target, place=place, overwrite=overwrite)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".cadangan-") as folder:
        copy, archive = Path(folder) / DATABASE, Path(folder) / "archive"
        created_at = now()
        head = _head_before_copying(place)
        try:
            _copy_database(place.database, copy, stage)
            facts = _facts_of(copy, head)
        except (sqlite3.Error, Damaged) as error:
            raise BackupFailed(f"Basis data tidak dapat dicadangkan: {error}.") from error
        with os.fdopen(os.open(archive, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            writer = Writer(file, int(created_at.timestamp()))
            _add_files(writer, copy=copy, place=place, stage=stage)
            writer.finish(
                Manifest(
                    format=1,
                    product="koordinator-tppo",
                    version=product_version(),
                    created_at=created_at,
                    schema_revision=facts.schema_revision,
                    row_counts=facts.row_counts,
                    known_faults=_faults(facts, writer.members),
                    not_included=list(NOT_INCLUDED),
                    members=writer.members,
                    audit_head=head,
                )
            )
        copy.unlink()
        report = verify_backup(archive, workspace=Path(folder), stage=stage)
        if report.damage:
            raise BackupFailed(f"Cadangan yang baru ditulis tidak utuh: {report.damage[0]}.")
        check_target(target, place=place, overwrite=overwrite)
        archive.replace(target)
        sync_folder(target.parent)
    return report


def _head_before_copying(place: BackupSource) -> TrailHead | None:
    """Read first, copied second: the copy's chain goes at least as far. `audit verify` is what
    complains of a head that cannot be read."""
    try:
        return read_head(place.data_dir)
    except BadHead:
        return None


def _add_files(writer: Writer, *, copy: Path, place: BackupSource, stage: Stage) -> None:
    """Add the database's copy, the identity and the evidence that can be read."""
    files = {DATABASE: copy}
    if place.identity.is_file():
        files[IDENTITY_FILE] = place.identity
    files |= evidence_files(place.evidence)
    sizes = {}
    for name, path in files.items():
        with contextlib.suppress(FileNotFoundError):  # an orphan may be swept meanwhile
            sizes[name] = path.stat().st_size
    with stage("Menulis arsip", sum(sizes.values())) as advance:
        for name, size in sizes.items():
            try:
                with _open_to_read(files[name]) as source:
                    writer.add(name, source, size, advance)
            except Unreadable as error:
                # Evidence that cannot be read becomes a known fault; the rest must still be saved.
                if not name.startswith(f"{EVIDENCE_FOLDER}/"):
                    raise BackupFailed(f"{name} tidak dapat dicadangkan: {error}.") from error


def _open_to_read(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


@transactional
def record_backup(*, name: str, size: int, folder: str = "") -> None:
    """Note a finished archive: its file `name`, its `folder`, and `size` in bytes."""
    db.session.add(Backup(finished_at=now(), name=name[:255], folder=folder[:255], size=size))


def check_archive(path: Path, *, folder: Path, with_evidence: bool, stage: Stage) -> ArchiveReport:
    """Check the archive at `path`; leave its database, and evidence if wanted, in `folder`.

    Raises WrongUse where `path` cannot be opened, OSError where `folder` cannot be written.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting
            raise WrongUse(f"{path} bukan berkas biasa.")
        file = path.open("rb")
    except OSError as error:
        raise WrongUse(f"{path} tidak dapat dibuka: {error.strerror}.") from error
    with file:
        manifest = None
        damage: list[str] = []
        faults: dict[str, str] = {}
        try:
            archive = Archive(file, status.st_size)
            entries = archive.entries()
            manifest = archive.manifest(entries)
            with stage("Memeriksa arsip", sum(entry.size for entry in entries.values())) as advance:
                total, hashes = archive.read_through(
                    entries, folder=folder, with_evidence=with_evidence, advance=advance
                )
            damage += [
                f"isi {name} berubah"
                for name, member in manifest.members.items()
                if hashes[name] != member.sha256
            ]
            if archive.read(archive.end, SEAL_LENGTH) != seal(total):
                damage.append("segel arsip tidak cocok: ada byte yang berubah")
            if hashes[DATABASE] == manifest.members[DATABASE].sha256:
                facts = _facts_of(folder / DATABASE, manifest.audit_head)
                damage += _differences(facts, manifest)
                faults = _faults(facts, manifest.members)
        except Damaged as error:
            damage.append(str(error))
    known = manifest.known_faults if manifest else {}
    damage += [words for key, words in faults.items() if key not in known]
    return ArchiveReport(
        size=status.st_size,
        manifest=manifest,
        damage=tuple(damage),
        source_faults=tuple(words for key, words in faults.items() if key in known),
    )


def _differences(facts: _Facts, manifest: Manifest) -> list[str]:
    """Return where the database is not the one that the manifest describes."""
    found = [
        f"jumlah baris tabel {ascii(table)[:80]} tidak sesuai daftar isi"
        for table in sorted(facts.row_counts.keys() | manifest.row_counts.keys())
        if facts.row_counts.get(table) != manifest.row_counts.get(table)
    ]
    if facts.schema_revision != manifest.schema_revision:
        found.append("revisi skema tidak sesuai daftar isi")
    return found


def verify_backup(
    path: Path, *, workspace: Path | None = None, stage: Stage = silent
) -> ArchiveReport:
    """Check every byte of an archive and the database inside; change nothing.

    The database is unpacked below `workspace` (default: the system's temporary folder).

    Raises WrongUse where `path` cannot be opened or is no file, OSError where the workspace cannot
    be written.
    """
    with tempfile.TemporaryDirectory(dir=workspace) as folder:
        return check_archive(path, folder=Path(folder), with_evidence=False, stage=stage)
