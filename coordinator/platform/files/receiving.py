"""From bytes on the wire to bytes we keep: type by content, read and cleaned in a child process.

No database here: a file is received, judged and stored before any transaction begins. A file that
the child gives no result for (too slow, too large, crashed) is refused: nothing passes unread.
"""

import hashlib
import io
import shutil
from collections import Counter
from dataclasses import dataclass

import flask
from werkzeug.datastructures import FileStorage

from coordinator import child, screening
from coordinator.errors import InvalidInput, Unavailable
from coordinator.platform.files import labels, storage
from coordinator.platform.files.intake.answer import BadUpload, CleanFile, unpack
from coordinator.platform.files.rules import (
    MEGABYTE,
    Reading,
    Refusal,
    Removed,
    clean_name,
    kind_of,
)

LEAST_FREE = 0.10  # of the disk: below, files are not taken, so that reports still can be


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is stored and may get its row.

    `sha256` is of the bytes kept, `received_sha256` of those handed in. `warnings` counts what the
    detector asks a person to look at, by `screening.Kind`; never what it found.
    """

    sha256: str
    size: int
    media_type: str
    name: str
    received_sha256: str = ""
    reading: Reading = Reading.NEVER
    removed: frozenset[Removed] = frozenset()
    warnings: tuple[tuple[str, int], ...] = ()

    @property
    def metadata_removed(self) -> bool:
        """Whether anything about its maker or place was taken out."""
        return bool(self.removed & {Removed.PLACE, Removed.AUTHOR, Removed.METADATA})


def receive(upload: FileStorage, *, field: str) -> Received:
    """Check, clean and store an uploaded file.

    Raises InvalidInput (about form field `field`) with its own words for: a name with a NIK, an
    empty, too large, unknown, damaged, encrypted, programmed, too complex file, or one with a NIK
    inside. Raises Unavailable where the disk is nearly full.
    """
    given = upload.filename or ""
    found = screening.findings(given)
    if any(one.severity is screening.Severity.BLOCK for one in found):
        raise InvalidInput({field: labels.name_with_identity()})
    limit = flask.current_app.config["SETTINGS"].evidence_mb * MEGABYTE
    data = upload.stream.read(limit + 1)
    if len(data) > limit:
        upload.stream.seek(0, io.SEEK_END)
        size = max(len(data), upload.stream.tell())
        raise InvalidInput({field: labels.too_large(size, limit)})
    try:
        answer = read(data)
    except BadUpload as refused:
        raise InvalidInput({field: labels.refusal(refused.why, refused.where)}) from None
    _require_room()
    # A name is read with the file: what it asks about is asked, and it is not clean by itself.
    warnings = Counter(answer.warnings) + Counter(one.kind.value for one in found)
    return Received(
        sha256=storage.store(answer.data),
        size=len(answer.data),
        media_type=answer.media_type,
        name=clean_name(given, answer.media_type),
        received_sha256=hashlib.sha256(data).hexdigest(),
        reading=answer.reading,
        removed=answer.removed,
        warnings=tuple(sorted(warnings.items())),
    )


def read(data: bytes) -> CleanFile:
    """Read and clean one file in a child process of 10 s and 200 MB. Raises BadUpload."""
    kind = kind_of(data)
    if isinstance(kind, Refusal):
        raise BadUpload(kind)
    try:
        return unpack(child.run(f"coordinator.platform.files.intake.{kind.value}", data))
    except child.ChildFailed as failed:
        # A crash is a library's word that it cannot make sense of the file; the others are limits.
        crashed = failed.why is child.Failure.CRASH
        raise BadUpload(Refusal.DAMAGED if crashed else Refusal.TOO_COMPLEX) from None
    except ValueError:
        raise BadUpload(Refusal.DAMAGED) from None


def _require_room() -> None:
    folder = flask.current_app.config["SETTINGS"].data_dir
    usage = shutil.disk_usage(folder)
    if usage.free < LEAST_FREE * usage.total:
        raise Unavailable(labels.disk_full())
