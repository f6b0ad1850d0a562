"""Receiving an agency's uploads before they get a row.

Besides being clean, each has to fit in the agency's quota, and must not have been withdrawn before
because it identifies a victim.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from werkzeug.datastructures import FileStorage

from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.people.directory.models import Agency
from coordinator.platform.files import quota, receiving, taking_in
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.removal import delete_bytes
from coordinator.platform.files.taking_in import Taken
from coordinator.reporting.evidence import labels, queries
from coordinator.reporting.evidence.review_queries import refused_as
from coordinator.translation import gettext as _

MOST_FILES = 5  # a report; the largest request follows from it (app.py)


@contextmanager
def taken_in(
    uploads: Sequence[FileStorage | None],
    *,
    field: str,
    agency_id: int,
    room: int,
    there: Collection[str] = (),
) -> Iterator[Taken]:
    """Take in an agency's uploads, as `files.taking_in.taken_in` does.

    Files that did not fit in the report are an error about `field`.
    """
    with taking_in.taken_in(
        uploads, field=field, room=room, there=there, receive=partial(receive, agency_id=agency_id)
    ) as taken:
        if taken.left:
            said = taken.errors.get(field, "")
            taken.errors[field] = f"{said} {too_many(taken.left)}".strip()
        yield taken


def too_many(names: Sequence[str]) -> str:
    """Return the message about files that were not saved because the report has too many."""
    return _(
        "Paling banyak %(n)s berkas. Tidak disimpan: %(names)s.",
        n=MOST_FILES,
        names=", ".join(names),
    )


def receive(upload: FileStorage, *, field: str, agency_id: int, beside: int = 0) -> Received:
    """Check, clean and store an uploaded file of an agency.

    Call it outside any transaction, through `taken_in`, which removes files that get no row.
    `beside` is the size (bytes) of files received with it. Raises InvalidInput (about `field`) with
    the message of each fault, Unavailable (disk full).
    """
    used = queries.used_bytes(agency_id) + beside
    task_force_id = db.session.get_one(Agency, agency_id).task_force_id
    db.session.rollback()  # reading takes seconds: hold no transaction over it
    if message := quota.refusal(used, 1):  # no file is smaller
        raise InvalidInput({field: message})
    received = receiving.receive(upload, field=field)
    refused = refused_as(
        task_force_id, received.sha256, received.received_sha256, agency_id=agency_id
    )
    db.session.rollback()
    message = labels.not_taken(refused) if refused else quota.refusal(used, received.size)
    if message:
        delete_bytes(received.sha256)
        raise InvalidInput({field: message})
    return received
