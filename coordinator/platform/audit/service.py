"""Writing audit entries and sealing them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from coordinator import web
from coordinator.clock import now, real_now
from coordinator.db import db, transactional
from coordinator.permissions import Viewer
from coordinator.platform.audit.chain import LATE_COMMITS, begins_late, entry_hash, seal_hash
from coordinator.platform.audit.models import AuditEntry, AuditSeal, SealedEntry
from coordinator.platform.operations.head import (
    HEAD_FILE,
    BadHead,
    Mark,
    TrailHead,
    read_head,
    set_back,
    sole_writer,
    write_head,
)
from coordinator.platform.operations.models import Installation

SYSTEM = "system"


def record(
    action: str,
    *,
    by: Viewer | None,
    subject: tuple[str, str | int],
    task_force_id: int | None = None,
    agency_id: int | None = None,
    **details: Any,
) -> None:
    """Add an entry to the running transaction. Call it last in a service.

    `action` is past tense ("report.submitted"); `subject` a (type, id) pair; `by` None is the
    system itself. `details` holds states, ids and numbers before and after: never typed text,
    never a file's content, never an address of a person.
    """
    request_id, address = web.request_facts()
    db.session.add(
        AuditEntry(
            at=real_now(),
            action=action,
            account_id=by.account_id if by else None,
            access=by.kind.value if by else SYSTEM,
            task_force_id=task_force_id
            if task_force_id is not None
            else (by.task_force_id if by else None),
            agency_id=agency_id,
            subject_type=subject[0],
            subject_id=str(subject[1]),
            details=details,
            address=address,
            request_id=request_id,
        )
    )
    db.session().info["audited"] = True


def record_continued() -> None:
    """Cover the running transaction by the entry that opened this editing session.

    A draft is saved every half minute; an entry for each save would flood the audit trail.
    """
    db.session().info["audited"] = True


@transactional
def seal_audit_entries() -> int:
    """Seal all committed entries that no seal covers; return how many."""
    newest = db.session.scalar(sa.select(sa.func.max(SealedEntry.entry_id))) or 0
    entries = list(
        db.session.scalars(
            sa.select(AuditEntry)
            .outerjoin(SealedEntry, SealedEntry.entry_id == AuditEntry.id)
            .where(SealedEntry.entry_id.is_(None), AuditEntry.id > newest - LATE_COMMITS)
            .order_by(AuditEntry.id)
        )
    )
    if not entries:
        return 0
    previous = (
        db.session.scalar(sa.select(AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)) or ""
    )
    hashes = [entry_hash(entry) for entry in entries]
    seal = AuditSeal(sealed_at=now(), previous_hash=previous, hash=seal_hash(previous, hashes))
    db.session.add(seal)
    db.session.flush()
    db.session.add_all(
        SealedEntry(entry_id=entry.id, seal_id=seal.id, hash=entry_hash)
        for entry, entry_hash in zip(entries, hashes, strict=True)
    )
    return len(entries)


def newest_mark() -> Mark | None:
    """Return how far the table's chain goes, None where nothing was sealed yet."""
    seal = db.session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    if seal is None:
        return None
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(SealedEntry)) or 0
    return Mark(seal=seal.id, hash=seal.hash, entries=entries, at=seal.sealed_at)


def contains(mark: Mark) -> bool:
    """Tell whether the table's chain still holds the seal of `mark`."""
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(AuditSeal.id == mark.seal, AuditSeal.hash == mark.hash))
        )
    )


def keep_head(data_dir: Path, secret_key: str) -> bool:
    """Write the chain's end to DATA_DIR's head file.

    Return False where the chain does not continue from what the file says. In that case the file is
    left unchanged, as evidence. A missing file is not written again either, unless there never was
    one, and no first file is written where the trail lost its beginning.
    """
    with sole_writer(data_dir):
        return _keep_head(data_dir, secret_key)


def _keep_head(data_dir: Path, secret_key: str) -> bool:
    mark, row = newest_mark(), db.session.get(Installation, 1)
    try:
        head = read_head(data_dir)
    except BadHead:
        return False
    if row is None:
        return head is None or not head.mark.hash
    if head is None:
        if row.audit_head_since is not None or begins_late(row):
            return False
        if mark is None:
            return True
        identity = row.identity
        _note_first_head()
        head = TrailHead(installation=identity, begun_at=now(), mark=mark).signed(secret_key)
        write_head(data_dir / HEAD_FILE, head)
        return True
    is_ours = head.is_signed_with(secret_key) and head.installation == row.identity
    if not is_ours or (head.mark.hash and not contains(head.mark)):
        return False
    if mark is not None and head.mark.hash != mark.hash:
        write_head(data_dir / HEAD_FILE, replace(head, mark=mark).signed(secret_key))
    return True


@transactional
def _note_first_head() -> None:
    db.session.get_one(Installation, 1).audit_head_since = now()


def adopt_head(data_dir: Path, secret_key: str) -> Mark | None:
    """Accept the present chain as correct from here on, and remember what the head said.

    For a database that was restored with other tools, or after a new SECRET_KEY. The trail itself
    records that this was done. Returns the new mark, None where nothing is sealed.
    """
    with sole_writer(data_dir):
        return _adopt_head(data_dir, secret_key)


def _adopt_head(data_dir: Path, secret_key: str) -> Mark | None:
    mark = newest_mark()
    row = db.session.get(Installation, 1)
    if mark is None or row is None:
        return None
    identity = row.identity
    try:
        former = read_head(data_dir)
    except BadHead:
        former = None
    _record_adoption(mark, former.mark if former else None)
    head = set_back(former, installation=identity, mark=mark, at=real_now(), backup_at=None)
    write_head(data_dir / HEAD_FILE, head.signed(secret_key))
    return mark


@transactional
def _record_adoption(mark: Mark, former: Mark | None) -> None:
    row = db.session.get_one(Installation, 1)
    row.audit_head_since = row.audit_head_since or now()
    record(
        "audit.head_adopted",
        by=None,
        subject=("audit_seal", mark.seal),
        entries=mark.entries,
        former_entries=former.entries if former else None,
        former_seal=former.seal if former else None,
    )
