"""Uploads on their way to a row. Every form with a file goes through `taken_in`.

What is known before a file is read is asked first (how many fit); whatever the form's transaction
then refuses leaves no bytes behind.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.evidence import queries
from coordinator.evidence.receiving import Received
from coordinator.evidence.removal import forget
from coordinator.evidence.rules import MOST_FILES
from coordinator.evidence.service import receive
from coordinator.evidence.words import shown_name

PIECE = 1 << 18  # bytes


@dataclass(slots=True)
class Taken:
    """What was taken in, and in words what was not, by form field."""

    files: list[Received] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def first(self) -> Received | None:
        """The file of a field that takes one."""
        return self.files[0] if self.files else None

    def keep(self) -> None:
        """Leave the bytes for a later step of the form, without a row; the sweep has the last
        word."""
        self.is_kept = True


@contextmanager
def taken_in(
    uploads: Sequence[FileStorage | None],
    *,
    field: str,
    agency_id: int | None = None,
    room: int | None = None,
    there: Collection[str] = (),
) -> Iterator[Taken]:
    """Take uploads in while the body of the `with` gives them their rows; afterwards the bytes of
    those that got none are gone. Call it outside any transaction.

    A refused file does not lose the good ones: `errors` (about `field`) says which and why. `room`
    is how many more files fit: the rest are named and not even read. `there` are the hashes (as
    handed in) of files that are there already: the same form sent twice adds nothing.
    `agency_id` is whose room is used; None for files that belong to no agency.
    """
    taken = Taken()
    try:
        _take(taken, uploads, field=field, agency_id=agency_id, room=room, there=there)
        yield taken
    finally:
        if not taken.is_kept:
            _forget_unused(taken.files)


def _take(
    taken: Taken,
    uploads: Sequence[FileStorage | None],
    *,
    field: str,
    agency_id: int | None,
    room: int | None,
    there: Collection[str],
) -> None:
    given = [upload for upload in uploads if upload and upload.filename]
    seen = set(there)
    left: list[str] = []
    messages: list[str] = []
    for number, upload in enumerate(given, start=1):
        name = shown_name(upload.filename or "")
        digest = _digest(upload)
        if digest in seen:
            continue
        if room is not None and len(taken.files) >= room:
            left.append(name or _("berkas ke-%(n)s", n=number))
            continue
        seen.add(digest)
        try:
            taken.files.append(
                receive(
                    upload,
                    field=field,
                    agency_id=agency_id,
                    beside=sum(one.size for one in taken.files),
                )
            )
        except InvalidInput as error:
            message = error.fields[field]
            messages.append(f"{name}: {message}" if name else message)
    if left:
        messages.append(too_many(left))
    if messages:
        taken.errors[field] = " ".join(messages)


def _digest(upload: FileStorage) -> str:
    """Return the SHA-256 (hex) of an upload as it was handed in."""
    found = hashlib.sha256()
    while piece := upload.stream.read(PIECE):
        found.update(piece)
    upload.stream.seek(0)
    return found.hexdigest()


def too_many(names: Sequence[str]) -> str:
    """Return the sentence about files that did not fit beside the others."""
    return _(
        "Paling banyak %(n)s berkas. Tidak disimpan: %(names)s.",
        n=MOST_FILES,
        names=", ".join(names),
    )


def _forget_unused(files: Sequence[Received]) -> None:
    """Remove the bytes that no row names. Where the database cannot be asked, the sweep does it."""
    with suppress(OperationalError):
        for one in files:
            is_used = queries.stored_file(one.sha256) is not None
            db.session.rollback()
            if not is_used:
                forget(one.sha256)
