"""Uploads on their way to a row. Every form with a file goes through `taken_in`.

What is known before a file is read (how many fit) is checked first. A file that the form's
transaction then refuses leaves no bytes.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.platform.files import queries, receiving
from coordinator.platform.files.labels import refusal, shown_name
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.removal import delete_bytes
from coordinator.platform.files.rules import Refusal
from coordinator.translation import gettext as _

PIECE = 1 << 18  # bytes


class Receiver(Protocol):
    """Checks, cleans and stores one upload. Raises InvalidInput about `field`.

    `beside` is the size in bytes of the files already received with it, which need room too.
    """

    def __call__(self, upload: FileStorage, *, field: str, beside: int) -> Received:
        """Return what was stored."""


def _receive(upload: FileStorage, *, field: str, beside: int) -> Received:  # noqa: ARG001
    """Receive a file that counts against no quota; `beside` is ignored."""
    return receiving.receive(upload, field=field)


def receive_pdf(upload: FileStorage, *, field: str, beside: int) -> Received:  # noqa: ARG001
    """Receive a file for a field that takes PDF only, and say so of a kind that no field takes."""
    try:
        return receiving.receive(upload, field=field)
    except InvalidInput as error:
        if error.fields.get(field) == refusal(Refusal.TYPE):
            message = _("Jenis berkas ini tidak diterima. Kirim PDF.")
            raise InvalidInput({field: message}) from error
        raise


@dataclass(slots=True)
class Taken:
    """What was taken in, and in words what was not, by form field; `left` names the files that did
    not fit and were not read."""

    files: list[Received] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def first(self) -> Received | None:
        """The file of a field that takes one."""
        return self.files[0] if self.files else None

    def keep(self) -> None:
        """Leave the bytes for a later step of the form, without a row.

        If no row ever uses them, the sweep removes them.
        """
        self.is_kept = True


@contextmanager
def taken_in(
    uploads: Sequence[FileStorage | None],
    *,
    field: str,
    room: int | None = None,
    there: Collection[str] = (),
    receive: Receiver = _receive,
) -> Iterator[Taken]:
    """Take uploads in while the body of the `with` gives them their rows.

    Afterwards the bytes of those without a row are removed. Call it outside any transaction.

    A refused file does not lose the good ones: `errors` (about `field`) says which and why. `room`
    is how many more files fit: the rest are not even read. `there` are the hashes (as handed in)
    of files that are there already: the same form sent twice adds nothing. `receive` receives each
    of them, for callers that ask more of a file than that it is clean.
    """
    taken = Taken()
    try:
        _take(taken, uploads, field=field, room=room, there=there, receive=receive)
        yield taken
    finally:
        if not taken.is_kept:
            _forget_unused(taken.files)


def _take(
    taken: Taken,
    uploads: Sequence[FileStorage | None],
    *,
    field: str,
    room: int | None,
    there: Collection[str],
    receive: Receiver,
) -> None:
    given = [upload for upload in uploads if upload and upload.filename]
    seen = set(there)
    messages: list[str] = []
    for number, upload in enumerate(given, start=1):
        name = shown_name(upload.filename or "")
        digest = _digest(upload)
        if digest in seen:
            continue
        if room is not None and len(taken.files) >= room:
            taken.left.append(name or _("berkas ke-%(n)s", n=number))
            continue
        seen.add(digest)
        try:
            taken.files.append(
                receive(upload, field=field, beside=sum(one.size for one in taken.files))
            )
        except InvalidInput as error:
            message = error.fields[field]
            messages.append(f"{name}: {message}" if name else message)
    if messages:
        taken.errors[field] = " ".join(messages)


def _digest(upload: FileStorage) -> str:
    """Return the SHA-256 (hex) of an upload as it was handed in."""
    found = hashlib.sha256()
    while piece := upload.stream.read(PIECE):
        found.update(piece)
    upload.stream.seek(0)
    return found.hexdigest()


def _forget_unused(files: Sequence[Received]) -> None:
    """Remove the bytes that no row names. Where the database cannot be asked, the sweep does it."""
    with suppress(OperationalError):
        for one in files:
            is_used = queries.stored_file(one.sha256) is not None
            db.session.rollback()
            if not is_used:
                delete_bytes(one.sha256)
