"""How a file goes: the tombstone that a use leaves, and bytes that no row names any more."""

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict
from coordinator.evidence import queries, storage, words
from coordinator.evidence.models import Evidence
from coordinator.evidence.review.queries import held_by
from coordinator.evidence.rules import CheckState
from coordinator.permissions import Viewer

ORPHAN_AGE = timedelta(hours=24)


@transactional
def discard(one: Evidence, *, by: Viewer) -> None:
    """Take back what was removed from a draft before anything rested on it; the sweep clears the
    bytes. Part of removing, which writes the audit entry. Raises Conflict while it is reviewed."""
    if one.is_hidden:
        raise Conflict(words.wait_for_decision())
    if one.handed_in_at is None and one.withdrawn_at is None:
        entomb(one, _("dihapus dari draf"), by)


def entomb(one: Evidence, reason: str, by: Viewer, *, is_identity: bool = False) -> str:
    """Leave a tombstone of a use, without a name where that may be what tells; drop the row of the
    bytes where nothing else holds them. Return their SHA-256 (hex), for `forget`."""
    held = held_by(one)
    file = held.file if held else one.file
    assert file is not None
    if held is not None:
        one.review_id = held.file_id = held.name = None
    one.withdrawn_at, one.withdrawn_by_id, one.withdrawn_reason = now(), by.account_id, reason
    one.file_id, one.withdrawn_sha256 = None, file.sha256
    if is_identity:
        mark_refused(one, by)
    db.session.flush()
    sha256 = file.sha256
    if not queries.is_held(file):
        db.session.delete(file)
        db.session.flush()
    return sha256


def mark_refused(one: Evidence, by: Viewer) -> None:
    """Note on a tombstone that the file identified somebody: its name goes, its bytes are refused
    when they come again."""
    one.name = words.withdrawn_name()
    one.check_state = CheckState.REFUSED
    one.checked_by_id, one.checked_at = by.account_id, now()


@transactional
def forget(sha256: str) -> bool:
    """Remove bytes that no row names; tell whether they were removed.

    Nobody can give them a row meanwhile: on SQLite this is the only writer, on PostgreSQL the
    table is locked before anything is read, and `attach` looks for the file after its own row.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE stored_file IN SHARE ROW EXCLUSIVE MODE"))
    if queries.stored_file(sha256) is not None:
        return False
    storage.current().remove(sha256)
    return True


def sweep() -> tuple[int, int]:
    """Remove bytes without a row that are older than a day; return how many were removed, and how
    many rows lack their file. Those are told, never deleted: a backup may still have them."""
    store = storage.current()
    limit = now() - ORPHAN_AGE
    known = set(queries.hashes())
    db.session.rollback()
    removed = sum(forget(sha256) for sha256 in store.older_than(limit) if sha256 not in known)
    return removed, sum(not store.has(sha256) for sha256 in known)
