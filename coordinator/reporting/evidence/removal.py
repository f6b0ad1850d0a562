"""Removing a use, which leaves a tombstone. For removing its bytes see files/removal.py."""

from coordinator.clock import now
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.platform.files.removal import release
from coordinator.reporting.evidence import labels
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.review_queries import held_by
from coordinator.reporting.evidence.rules import CheckState


def entomb(one: Evidence, reason: str, by: Viewer, *, is_identity: bool = False) -> str:
    """Replace a use by its tombstone; return the SHA-256 (hex) of its bytes, for `forget`.

    The name is removed if it may identify somebody; the row of the bytes is deleted if nothing else
    holds them.
    """
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
    return release(file)


def mark_refused(one: Evidence, by: Viewer) -> None:
    """Record on a tombstone that the file identified somebody.

    The name is removed, and the bytes are refused if they are uploaded again.
    """
    one.name = labels.withdrawn_name()
    one.check_state = CheckState.REFUSED
    one.checked_by_id, one.checked_at = by.account_id, now()
