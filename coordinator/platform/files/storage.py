"""Files under their SHA-256: temp, fsync, rename, fsync folder.

A row is written only after its file is durable, so no row can lack its file; a file without a row
is an orphan that a sweep removes. `Store` is all the rest of the product knows of it: another back
end (object storage) has these five methods.
"""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import flask

from coordinator.clock import real_now

OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


class Store(Protocol):
    """Where the bytes of evidence lie."""

    def store(self, data: bytes) -> str:
        """Keep `data` durably and return its SHA-256 (hex)."""

    def has(self, sha256: str) -> bool:
        """Tell whether the bytes are there."""

    def open(self, sha256: str) -> BinaryIO:
        """Open the bytes for reading. Raises FileNotFoundError."""

    def remove(self, sha256: str) -> None:
        """Forget the bytes; where there are none, that is well too."""

    def older_than(self, instant: datetime) -> Iterator[str]:
        """Yield the hash of what was last stored before `instant`, clearing unfinished files."""


class Folder:
    """The one back end: a folder on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        """Return where a file with this hash is kept."""
        return self.root / sha256[:2] / sha256

    def store(self, data: bytes) -> str:
        """Keep `data` durably. Storing the same bytes twice is one file, with a new time, so that
        a sweep leaves it alone while its row is written."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path_of(sha256)
        with contextlib.suppress(FileNotFoundError):
            os.utime(target, (real_now().timestamp(),) * 2)
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        temporary = target.with_name(f".{sha256}.{secrets.token_hex(4)}.tmp")
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.utime(temporary, (real_now().timestamp(),) * 2)
            temporary.replace(target)
            _sync_folder(target.parent)
            _sync_folder(target.parent.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        return sha256

    def has(self, sha256: str) -> bool:
        """Tell whether the bytes are there."""
        return self.path_of(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Open the bytes for reading. Raises FileNotFoundError."""
        return self.path_of(sha256).open("rb")

    def remove(self, sha256: str) -> None:
        """Unlink the file, durably."""
        path = self.path_of(sha256)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """Yield the hashes of files last stored before `instant`; unfinished ones of that age are
        deleted, foreign ones left alone."""
        for path in self.root.glob("??/*") if self.root.exists() else ():
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= instant:
                    continue
                if path.name.startswith(".") and path.name.endswith(".tmp"):
                    path.unlink()
                elif OURS.fullmatch(f"{path.parent.name}/{path.name}"):
                    yield path.name


def root() -> Path:
    """Return the evidence folder of this installation."""
    return Path(flask.current_app.config["SETTINGS"].data_dir) / "evidence"


def current() -> Folder:
    """Return the store of this installation."""
    return Folder(root())


def store(data: bytes) -> str:
    """Keep `data` in this installation's store; return its SHA-256 (hex)."""
    return current().store(data)


def path_of(sha256: str) -> Path:
    """Return where this installation keeps a file."""
    return current().path_of(sha256)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
