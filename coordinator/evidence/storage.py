"""Files under their SHA-256 in a folder: temp, fsync, rename, fsync folder.

A row is written only after its file is durable, so no row can lack its file; a file without a row
is an orphan that a sweep removes.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

import flask


def root() -> Path:
    """Return the evidence folder of this installation."""
    return Path(flask.current_app.config["SETTINGS"].data_dir) / "evidence"


def path_of(sha256: str, *, folder: Path | None = None) -> Path:
    """Return where a file with this hash is kept."""
    return (folder or root()) / sha256[:2] / sha256


def store(data: bytes) -> str:
    """Keep `data` durably; return its SHA-256 (hex). Storing the same bytes twice is one file."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = path_of(sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    temporary = target.with_name(f".{sha256}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
        _sync_folder(target.parent.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
