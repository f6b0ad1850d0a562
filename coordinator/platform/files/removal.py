"""How bytes go: once no row names them, at once or by a sweep."""

from datetime import timedelta

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.platform.files import queries, storage
from coordinator.platform.files.models import StoredFile

ORPHAN_AGE = timedelta(hours=24)


def release(file: StoredFile) -> str:
    """Drop the row of bytes that nothing holds any more; return their SHA-256 (hex).

    Part of the service that let go of the file, which then calls `delete_bytes`.
    """
    sha256 = file.sha256
    if not queries.is_held(file):
        db.session.delete(file)
        db.session.flush()
    return sha256


@transactional
def delete_bytes(sha256: str) -> bool:
    """Remove bytes that no row names; return whether they were removed.

    No row can take them meanwhile: on SQLite this is the only writer, on PostgreSQL the table is
    locked before anything is read, and `stored_file` looks for the bytes after its own row.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE stored_file IN SHARE ROW EXCLUSIVE MODE"))
    if queries.stored_file(sha256) is not None:
        return False
    storage.current().remove(sha256)
    return True


def delete_orphans() -> tuple[int, int]:
    """Remove bytes without a row that are older than a day.

    Return how many were removed, and how many rows lack their file. Such rows are reported, never
    deleted: a backup may still have the file.
    """
    store = storage.current()
    limit = now() - ORPHAN_AGE
    known = set(queries.all_hashes())
    db.session.rollback()
    removed = sum(delete_bytes(sha256) for sha256 in store.older_than(limit) if sha256 not in known)
    return removed, sum(not store.has(sha256) for sha256 in known)
