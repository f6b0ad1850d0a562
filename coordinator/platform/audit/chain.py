"""The chain of seals: walking it, and comparing it with the head that is kept outside the table."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from coordinator.clock import local, now
from coordinator.db import db
from coordinator.platform.audit.models import AuditEntry, AuditSeal, SealedEntry
from coordinator.platform.operations.head import (
    BadHead,
    HeadReset,
    Mark,
    TrailHead,
    fingerprint,
    read_head,
)
from coordinator.platform.operations.models import Installation

# How far below the newest sealed id a late commit (PostgreSQL) is still looked for.
LATE_COMMITS = 10_000
# An entry is sealed within a minute of its commit, and no transaction lasts this long: what is
# older than the seal before it by more than this was put in later.
LATEST = timedelta(hours=1)
# `flask prepare` makes the installation and its first entries together: a trail that begins later
# than this has lost its beginning.
FIRST_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as it was walked past; `entries` counts those sealed so far, itself included."""

    id: int
    hash: str
    at: datetime
    entries: int

    @property
    def mark(self) -> Mark:
        """The same, as a head keeps it."""
        return Mark(seal=self.id, hash=self.hash, entries=self.entries, at=self.at)


@dataclass(slots=True)
class Examination:
    """What walking the chain found: sentences (Indonesian), and the links by their hash.

    `problems` are what does not hold; `notices` what is so and should be known.
    """

    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    head: TrailHead | None = None

    @property
    def newest(self) -> Link | None:
        """The end of the chain."""
        return next(reversed(self.links.values()), None)


def entry_hash(entry: AuditEntry) -> str:
    """Return the hash over every column of an entry."""
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


def seal_hash(previous: str, entry_hashes: list[str]) -> str:
    """Return the hash of a seal over the former seal's and those of its entries."""
    return hashlib.sha256("\n".join([previous, *entry_hashes]).encode()).hexdigest()


def examine(data_dir: Path, secret_key: str) -> Examination:
    """Walk the whole chain, look for what no seal covers, and compare the end with the head."""
    found = Examination()
    _walk(found)
    found.problems += _unsealed(found)
    found.problems += _gaps()
    _compare_with_head(found, data_dir, secret_key)
    return found


def _walk(found: Examination) -> None:
    previous, count = "", 0
    before: datetime | None = None
    for seal in db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)):
        rows = db.session.execute(
            sa.select(SealedEntry, AuditEntry)
            .outerjoin(AuditEntry, AuditEntry.id == SealedEntry.entry_id)
            .where(SealedEntry.seal_id == seal.id)
            .order_by(SealedEntry.entry_id)
        ).all()
        for sealed, entry in rows:
            if entry is None:
                found.problems.append(f"Catatan {sealed.entry_id} hilang (segel {seal.id}).")
            elif entry_hash(entry) != sealed.hash:
                found.problems.append(f"Catatan {sealed.entry_id} berubah (segel {seal.id}).")
            elif before is not None and _is_inserted(entry.at, min(before, seal.sealed_at)):
                found.problems.append(_inserted(entry))
        if seal.previous_hash != previous:
            found.problems.append(f"Segel {seal.id} tidak menyambung ke segel sebelumnya.")
        if seal_hash(seal.previous_hash, [sealed.hash for sealed, _ in rows]) != seal.hash:
            found.problems.append(f"Segel {seal.id} tidak cocok dengan catatan di bawahnya.")
        previous, before = seal.hash, seal.sealed_at
        count += len(rows)
        found.links[seal.hash] = Link(seal.id, seal.hash, seal.sealed_at, count)


def _is_inserted(at: datetime, sealed_before: datetime) -> bool:
    """Tell whether an entry of `at` should have been in the seal of `sealed_before`.

    The caller gives the earlier of two clocks, so that a clock that was set back accuses nobody.
    """
    return at < sealed_before - LATEST


def _inserted(entry: AuditEntry) -> str:
    return f"Catatan {entry.id}, bertanggal {moment(entry.at)}, disisipkan kemudian."


def _unsealed(found: Examination) -> Iterator[str]:
    """What no seal covers may only be new: the job seals the rest each minute."""
    newest = found.newest
    if newest is None:
        return
    last_id = db.session.scalar(sa.select(sa.func.max(SealedEntry.entry_id))) or 0
    waiting = 0
    for entry in db.session.scalars(
        sa.select(AuditEntry)
        .outerjoin(SealedEntry, SealedEntry.entry_id == AuditEntry.id)
        .where(SealedEntry.entry_id.is_(None))
        .order_by(AuditEntry.id)
    ):
        is_too_low = entry.id <= last_id - LATE_COMMITS
        if is_too_low or _is_inserted(entry.at, min(newest.at, now())):
            yield _inserted(entry)
        else:
            waiting += 1
    if waiting:
        found.notices.append(f"{waiting} catatan terbaru belum disegel; penjadwal menyegelnya.")


def _gaps() -> Iterator[str]:
    """SQLite numbers without a gap, so a number that is missing was an entry. PostgreSQL leaves
    gaps where a transaction was undone: there they say nothing."""
    if db.engine.dialect.name != "sqlite":
        return
    numbers = sa.select(
        AuditEntry.id, sa.func.lag(AuditEntry.id, 1, 0).over(order_by=AuditEntry.id).label("before")
    ).subquery()
    for number, before in db.session.execute(
        sa.select(numbers.c.id, numbers.c.before).where(numbers.c.id != numbers.c.before + 1)
    ):
        missing = f"{before + 1}" if number == before + 2 else f"{before + 1} sampai {number - 1}"
        yield f"Catatan {missing} tidak ada lagi."


def begins_on() -> datetime | None:
    """Return the time of the trail's first entry, None where there is none."""
    return db.session.scalar(sa.select(AuditEntry.at).order_by(AuditEntry.id).limit(1))


def begins_late(row: Installation) -> bool:
    """Tell whether the trail begins well after its installation: then no head begins by itself.

    An installation from before there were heads has its old entries, and is not late. SQLite
    numbers from 1.
    """
    if (begins_on() or now()) > row.created_at + FIRST_DAY:
        return True
    first = db.session.scalar(sa.select(sa.func.min(AuditEntry.id)))
    return db.engine.dialect.name == "sqlite" and first not in (None, 1)


def _beginning(found: Examination, row: Installation | None) -> None:
    """Say since when the trail and its head go, and whether the beginning was lost."""
    begun, head = begins_on(), found.head
    trail = f"Jejak audit mulai {moment(begun)}" if begun else "Jejak audit kosong"
    found.notices.append(
        f"{trail}; kepalanya dicatat sejak {moment(head.begun_at)}."
        if head
        else f"{trail}; kepalanya tidak ada."
    )
    is_adopted = head is not None and any(change.backup_at is None for change in head.changes)
    if row is not None and begins_late(row) and not is_adopted:
        found.problems.append(
            f"{trail}, padahal instalasi dibuat {moment(row.created_at)}: catatan sebelumnya tidak "
            "ada. Bila sebabnya jelas, terima dengan `flask audit adopt-head`."
        )


def _compare_with_head(found: Examination, data_dir: Path, secret_key: str) -> None:
    row = db.session.get(Installation, 1)
    try:
        head = found.head = read_head(data_dir)
    except BadHead:
        found.problems.append("Kepala jejak audit (audit_head.json) rusak: tidak terbaca.")
        _beginning(found, row)
        return
    _beginning(found, row)
    if head is None:
        if row is not None and row.audit_head_since is not None:
            found.problems.append(
                "Kepala jejak audit (audit_head.json) tidak ada di DATA_DIR ini, padahal sudah "
                f"dicatat sejak {moment(row.audit_head_since)}."
            )
        elif found.links and row is not None and not begins_late(row):
            found.notices.append(
                "Kepala jejak audit belum pernah dicatat: catatan terbaru yang dihapus tidak "
                "akan ketahuan. Penjadwal mencatatnya dalam satu menit."
            )
        return
    if not head.is_signed_with(secret_key):
        found.problems.append("Kepala jejak audit tidak ditandatangani dengan kunci instalasi ini.")
    if row is None or head.installation != row.identity:
        found.problems.append("Kepala jejak audit milik instalasi lain.")
    found.problems += _missing(found, head.mark)
    for change in head.changes:
        found.notices.append(_change_in_words(change))


def _missing(found: Examination, mark: Mark) -> Iterator[str]:
    """What the chain lacks of what the head remembers."""
    if not mark.hash:
        return
    link, newest = found.links.get(mark.hash), found.newest
    if link is not None:
        if (link.id, link.entries) != (mark.seal, mark.entries):
            yield f"Segel {link.id} tidak memuat {mark.entries} catatan seperti kata kepala."
        return
    there = newest.entries if newest else 0
    was = f"{mark.entries} catatan sampai segel {mark.seal} ({moment(mark.at)})"
    if there < mark.entries:
        yield f"Jejak audit dipotong: kepala mencatat {was}, yang ada hanya {there} catatan."
    else:
        yield f"Jejak audit diganti: kepala mencatat {was}, yang tidak ada lagi dalam rantai."


def _change_in_words(change: HeadReset) -> str:
    former, then, at, backup_at = change.former, change.then, change.at, change.backup_at
    lost = ""
    if former is not None and former.entries > then.entries:
        count = former.entries - then.entries
        lost = f"; {count} catatan sesudahnya, sampai {moment(former.at)}, tidak ada"
    if backup_at is None:
        return f"Kepala diterima ulang oleh administrator pada {moment(at)}{lost}."
    return f"Dipulihkan pada {moment(at)} dari cadangan {moment(backup_at)}{lost}."


def find(found: Examination, wanted: str) -> Link | None:
    """Return the link whose hash begins with `wanted` (hexadecimal, from an auditor's mail)."""
    return next((link for digest, link in found.links.items() if digest.startswith(wanted)), None)


def in_words(mark: Mark) -> str:
    """Return a head as people compare it."""
    return f"{mark.entries} catatan, segel {mark.seal}, sidik {fingerprint(mark.hash)}"


def moment(instant: datetime) -> str:
    """Return an instant as sentences of the trail write it."""
    return f"{local(instant):%d/%m/%Y %H.%M} WITA"
