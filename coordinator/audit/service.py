"""Writing audit entries and sealing them."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from coordinator import web
from coordinator.audit.models import AccessLog, AuditEntry, AuditSeal, SealedEntry
from coordinator.clock import now, real_now
from coordinator.db import db, transactional
from coordinator.permissions import Viewer

SYSTEM = "system"
# How far below the newest sealed id a late commit (PostgreSQL) is still looked for.
LATE_COMMITS = 10_000


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
    """Let the running transaction's change stand under the entry that opened this session of
    editing: a draft that is kept every half minute would bury the trail under itself."""
    db.session().info["audited"] = True


@transactional
def log_access(what: str, *, by: Viewer, subject_id: str) -> None:
    """Note, in a transaction of its own, that `by` read something sensitive ("evidence")."""
    _request_id, address = web.request_facts()
    db.session.add(
        AccessLog(
            at=now(),
            account_id=by.account_id,
            task_force_id=by.task_force_id,
            what=what,
            subject_id=subject_id,
            address=address,
        )
    )


def _entry_hash(entry: AuditEntry) -> str:
    row = [
        entry.id,
        entry.at.isoformat(),
        entry.action,
        entry.account_id,
        entry.access,
        entry.task_force_id,
        entry.agency_id,
        entry.subject_type,
        entry.subject_id,
        entry.details,
        entry.address,
        entry.request_id,
    ]
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _seal_hash(previous: str, entry_hashes: list[str]) -> str:
    return hashlib.sha256("\n".join([previous, *entry_hashes]).encode()).hexdigest()


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
    hashes = [_entry_hash(entry) for entry in entries]
    seal = AuditSeal(sealed_at=now(), previous_hash=previous, hash=_seal_hash(previous, hashes))
    db.session.add(seal)
    db.session.flush()
    db.session.add_all(
        SealedEntry(entry_id=entry.id, seal_id=seal.id, hash=entry_hash)
        for entry, entry_hash in zip(entries, hashes, strict=True)
    )
    return len(entries)


def broken_seals() -> list[str]:
    """Walk the whole chain; return a sentence (Indonesian) for each thing that does not hold."""
    problems: list[str] = []
    previous = ""
    for seal in db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)):
        rows = db.session.execute(
            sa.select(SealedEntry, AuditEntry)
            .outerjoin(AuditEntry, AuditEntry.id == SealedEntry.entry_id)
            .where(SealedEntry.seal_id == seal.id)
            .order_by(SealedEntry.entry_id)
        ).all()
        for sealed, entry in rows:
            if entry is None:
                problems.append(f"Catatan {sealed.entry_id} hilang (segel {seal.id}).")
            elif _entry_hash(entry) != sealed.hash:
                problems.append(f"Catatan {sealed.entry_id} berubah (segel {seal.id}).")
        if seal.previous_hash != previous:
            problems.append(f"Segel {seal.id} tidak menyambung ke segel sebelumnya.")
        if _seal_hash(seal.previous_hash, [sealed.hash for sealed, _ in rows]) != seal.hash:
            problems.append(f"Segel {seal.id} tidak cocok dengan catatan di bawahnya.")
        previous = seal.hash
    return problems
