"""Giving received bytes their row. How bytes go: removal.py."""

from coordinator.clock import now
from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.platform.files import queries, storage
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.receiving import Received
from coordinator.translation import gettext as _


def stored_file(received: Received, *, field: str) -> StoredFile:
    """Return the row of a received file's bytes; the same bytes have one row. Part of the service
    that uses the file. Raises InvalidInput (about `field`) where the bytes went meanwhile."""
    file = queries.stored_file(received.sha256)
    if file is None:
        file = StoredFile(
            sha256=received.sha256,
            size=received.size,
            media_type=received.media_type,
            stored_at=now(),
        )
        db.session.add(file)
        db.session.flush()
    # After the row is in: `forget` looks for it under a lock before it removes the bytes.
    if not storage.current().has(received.sha256):
        raise InvalidInput({field: _("Berkas ini baru saja ditarik. Unggah sekali lagi.")})
    return file
