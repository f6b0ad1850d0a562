"""The head of the audit trail's chain, kept in a file outside the table it describes.

A chain cannot show by itself that its end was cut off. This file says how far it went; a copy of it
is in each backup and, in words, in the auditors' weekly mail. It is signed with SECRET_KEY, so that
anyone who can write the file but does not know the key cannot make one. See decision 21.
"""

import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from coordinator.checked import CheckedData, Limits, Unfit

HEAD_FILE = "audit_head.json"
LOCK_FILE = ".audit_head.lock"
FINGERPRINT = 16  # hexadecimal digits of the hash that people compare: 64 bits


class BadHead(Exception):
    """The file is there and cannot be read as a head."""


Instant = Annotated[datetime, Limits(tz_constraint="aware")]
Count = Annotated[int, Limits(ge=0)]


class Mark(CheckedData):
    """How far the chain went: the newest seal, its hash, how many entries are sealed, when."""

    seal: Count
    hash: Annotated[str, Limits(pattern=r"^([0-9a-f]{64})?$")]
    entries: Count
    at: Instant


class HeadReset(CheckedData):
    """The head was set back on purpose: a backup was restored (`backup_at`), or a person said so.

    `former` is what the file said before, `then` what it has said since.
    """

    at: Instant
    backup_at: Instant | None
    former: Mark | None
    then: Mark


class TrailHead(CheckedData):
    """The file's content; `begun_at`: when the first of these heads was written."""

    installation: str
    begun_at: Instant
    mark: Mark
    changes: tuple[HeadReset, ...] = ()
    signature: str = ""

    def _signature(self, secret_key: str) -> str:
        text = "audit-head:" + replace(self, signature="").to_json()
        return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def signed(self, secret_key: str) -> "TrailHead":
        """Return this head with its signature."""
        return replace(self, signature=self._signature(secret_key))

    def is_signed_with(self, secret_key: str) -> bool:
        """Tell whether the signature was made with this key."""
        return hmac.compare_digest(self.signature, self._signature(secret_key))


def fingerprint(digest: str) -> str:
    """Return the part of a seal's hash that people compare, in groups of four."""
    short = digest[:FINGERPRINT]
    return " ".join(short[start : start + 4] for start in range(0, len(short), 4))


def read_head(data_dir: Path) -> TrailHead | None:
    """Return what DATA_DIR's file says, None where there is none. Raises BadHead."""
    try:
        return TrailHead.from_json((data_dir / HEAD_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (Unfit, OSError) as error:
        raise BadHead from error


@contextmanager
def sole_writer(data_dir: Path) -> Iterator[None]:
    """Let one thread of one process at a time compare the chain with its head and write the head.

    Between the note that there is a first head and its file, another would find it missing.
    """
    with (data_dir / LOCK_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_head(path: Path, head: TrailHead) -> None:
    """Put the head in its file at once and durably: there is never half a file."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(head.to_json(indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def set_back(
    former: TrailHead | None,
    *,
    installation: str,
    mark: Mark,
    at: datetime,
    backup_at: datetime | None,
) -> TrailHead:
    """Return the head after a restore, or after a person's word; it remembers the former one."""
    change = HeadReset(
        at=at, backup_at=backup_at, former=former.mark if former else None, then=mark
    )
    earlier = former.changes if former else ()
    return TrailHead(
        installation=installation,
        begun_at=former.begun_at if former else at,
        mark=mark,
        changes=(*earlier, change),
    )
