"""The archive of a backup: a plain tar whose every byte is accounted for.

Members are `database.sqlite3`, `installation_id`, `evidence/<2 hex>/<sha256>`, `manifest.json`, and
at the end `seal.sha256`, the SHA-256 of every byte before it. The seal's own blocks are compared
byte for byte, so one flipped byte anywhere is found. A reader trusts nothing: it takes plain files
under those names only, exactly the members and sizes of the manifest, and never lets the archive
choose a path.
"""

import contextlib
import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, ClassVar, Literal

from coordinator.checked import CheckedData, Limits, Unfit
from coordinator.platform.operations.head import Count, Instant, TrailHead
from coordinator.platform.operations.service import IDENTITY_FILE

DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
SEAL = "seal.sha256"
EVIDENCE_FOLDER = "evidence"
EVIDENCE_FILE = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")
MEMBER_NAME = re.compile(
    rf"{re.escape(DATABASE)}|{IDENTITY_FILE}|{re.escape(MANIFEST)}"
    rf"|{EVIDENCE_FOLDER}/{EVIDENCE_FILE.pattern}"
)
BLOCK = tarfile.BLOCKSIZE
SEAL_LENGTH = 4 * BLOCK  # header, digest, and the two empty blocks that end a tar
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 128 * 1024 * 1024
MOST_MEMBERS = 500_000
# An instant that every zone can show, regardless of what an archive claims.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)

Advance = Callable[[int], None]


class Damaged(Exception):
    """The archive is not as it was made; the text says where (Indonesian, no full stop)."""


class Unreadable(Exception):
    """A file of the installation could not be read to its end; the text says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive; `size` in bytes. There may be a hundred thousand: slots."""

    __pydantic_config__: ClassVar = CheckedData.__pydantic_config__

    size: Count
    sha256: Annotated[str, Limits(pattern=r"^[0-9a-f]{64}$")]


class Manifest(CheckedData):
    """What the archive holds. `known_faults` were already there in the installation itself.

    `audit_head` is what the installation's head file said before the database was copied.
    """

    format: Literal[1]
    product: Literal["koordinator-tppo"]
    version: str
    created_at: Annotated[Instant, Limits(gt=EARLIEST, lt=LATEST)]
    schema_revision: str | None
    row_counts: dict[str, Count]
    known_faults: dict[str, str]
    not_included: list[str]
    audit_head: TrailHead | None = None
    members: dict[str, Member]

    @property
    def evidence_files(self) -> int:
        """How many evidence files are in the archive."""
        return sum(name.startswith(f"{EVIDENCE_FOLDER}/") for name in self.members)


def _header(name: str, size: int, mtime: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, mtime, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def seal(digest: str) -> bytes:
    """Return the last blocks of an archive whose bytes before them have this SHA-256 (hex)."""
    content = f"{digest}\n".encode()
    return (_header(SEAL, len(content), 0) + content.ljust(BLOCK, b"\0")).ljust(SEAL_LENGTH, b"\0")


class Writer:
    """Writes members one after another and remembers size and hash of each."""

    def __init__(self, file: BinaryIO, mtime: int) -> None:
        self._file = file
        self._mtime = mtime
        self._digest = hashlib.sha256()
        self.members: dict[str, Member] = {}

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)

    def add(self, name: str, source: BinaryIO, size: int, advance: Advance) -> None:
        """Add `size` bytes of `source`. Raises Unreadable, and leaves no trace of the member."""
        start, digest_before = self._file.tell(), self._digest.copy()
        digest, left = hashlib.sha256(), size
        self._write(_header(name, size, self._mtime))
        while left:
            try:
                data = source.read(min(CHUNK, left))
            except OSError as error:
                data = b""
                reason = error.strerror or str(error)
            else:
                reason = "lebih pendek dari semestinya"
            if not data:
                self._file.seek(start)
                self._file.truncate()
                self._digest = digest_before
                raise Unreadable(reason)
            self._write(data)
            digest.update(data)
            advance(len(data))
            left -= len(data)
        self._write(bytes(-size % BLOCK))
        self.members[name] = Member(size=size, sha256=digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the seal, and make everything durable."""
        data = manifest.to_json(indent=1).encode()
        self.add(MANIFEST, io.BytesIO(data), len(data), lambda _amount: None)
        self._file.write(seal(self._digest.hexdigest()))
        self._file.flush()
        os.fsync(self._file.fileno())


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a member's bytes are in the archive."""

    start: int
    size: int


class Archive:
    """An archive being read. Any fault in it raises Damaged, never another error."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.end = size - SEAL_LENGTH
        if self.end <= 0 or size % BLOCK:
            raise Damaged("bukan arsip cadangan, atau terpotong")

    def read(self, start: int, length: int) -> bytes:
        """Return exactly `length` bytes from `start`."""
        try:
            self._file.seek(start)
            data = self._file.read(length)
        except OSError as error:
            raise Damaged(f"arsip tidak terbaca pada byte {start}: {error.strerror}") from error
        if len(data) != length:
            raise Damaged(f"arsip terpotong pada byte {start + len(data)}")
        return data

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to `stop` in parts that fit into memory."""
        while start < stop:
            data = self.read(start, min(CHUNK, stop - start))
            yield data
            start += len(data)

    def entries(self) -> dict[str, Entry]:
        """Return the members in the order they are stored, by name."""
        found: dict[str, Entry] = {}
        position = 0
        while position < self.end:
            try:
                info = tarfile.TarInfo.frombuf(self.read(position, BLOCK), "ascii", "strict")
            except (tarfile.TarError, ValueError) as error:
                raise Damaged(f"struktur arsip rusak pada byte {position}") from error
            start = position + BLOCK
            if info.type != tarfile.REGTYPE:
                raise Damaged(f"anggota {ascii(info.name)[:120]} bukan berkas biasa")
            if not MEMBER_NAME.fullmatch(info.name):
                raise Damaged(f"nama anggota tidak dikenal: {ascii(info.name)[:120]}")
            if info.name in found:
                raise Damaged(f"anggota {info.name} ada dua kali")
            if not 0 <= info.size <= self.end - start:
                raise Damaged(f"ukuran anggota {info.name} melebihi arsip")
            if len(found) >= MOST_MEMBERS:
                raise Damaged("anggota arsip terlalu banyak")
            found[info.name] = Entry(start, info.size)
            position = start + info.size + -info.size % BLOCK
        return found

    def manifest(self, entries: Mapping[str, Entry]) -> Manifest:
        """Return the manifest, which must name the members and sizes that are there."""
        if MANIFEST not in entries:
            raise Damaged("arsip tidak memuat daftar isi (manifest.json)")
        entry = entries[MANIFEST]
        if entry.size > LARGEST_MANIFEST:
            raise Damaged("daftar isi terlalu besar")
        try:
            manifest = Manifest.from_json(self.read(entry.start, entry.size))
        except Unfit as error:
            first = error.faults[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Damaged(f"daftar isi tidak sah ({ascii(where)[:80]})") from error
        there = {name: entry.size for name, entry in entries.items() if name != MANIFEST}
        promised = {name: member.size for name, member in manifest.members.items()}
        for name in sorted(there.keys() | promised.keys()):
            if name not in promised:
                raise Damaged(f"{name} tidak ada dalam daftar isi")
            if name not in there:
                raise Damaged(f"{ascii(name)[:120]} hilang dari arsip")
            if there[name] != promised[name]:
                raise Damaged(f"ukuran {name} tidak sesuai daftar isi")
        if DATABASE not in there:
            raise Damaged("arsip tidak memuat basis data")
        return manifest

    def read_through(
        self, entries: Mapping[str, Entry], *, folder: Path, with_evidence: bool, advance: Advance
    ) -> tuple[str, dict[str, str]]:
        """Read every byte once; return the SHA-256 of all and of each member.

        The database, and evidence where wanted, are written below `folder` on the way. Their names
        have passed MEMBER_NAME. Raises OSError where `folder` cannot be written.
        """
        everything, hashes, position = hashlib.sha256(), {}, 0
        for name, entry in entries.items():
            everything.update(self.read(position, entry.start - position))
            digest = hashlib.sha256()
            wanted = name == DATABASE or (with_evidence and name.startswith(EVIDENCE_FOLDER))
            with new_file(folder / name) if wanted else contextlib.nullcontext() as file:
                for data in self.chunks(entry.start, entry.start + entry.size):
                    everything.update(data)
                    digest.update(data)
                    if file is not None:
                        file.write(data)
                    advance(len(data))
            hashes[name] = digest.hexdigest()
            position = entry.start + entry.size
        everything.update(self.read(position, self.end - position))
        return everything.hexdigest(), hashes


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that only its owner reads; it is durable when the context ends."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
