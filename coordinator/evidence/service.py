"""Rows for received files."""

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.evidence.models import Evidence, StoredFile
from coordinator.evidence.receiving import Received
from coordinator.evidence.rules import CheckState
from coordinator.permissions import Viewer


def stored_file(received: Received) -> StoredFile:
    """Return the row of a received file's bytes; the same bytes have one row."""
    file = db.session.scalar(sa.select(StoredFile).where(StoredFile.sha256 == received.sha256))
    if file is None:
        file = StoredFile(
            sha256=received.sha256,
            size=received.size,
            media_type=received.media_type,
            stored_at=now(),
        )
        db.session.add(file)
        db.session.flush()
    return file


@transactional
def add_evidence(
    received: Received, *, task_force_id: int, agency_id: int, account_id: int
) -> Evidence:
    """Give a stored file its row as an agency's evidence. Called inside the service that uses it,
    which also writes the audit entry."""
    file = stored_file(received)
    evidence = Evidence(
        file_id=file.id,
        task_force_id=task_force_id,
        agency_id=agency_id,
        name=received.name,
        metadata_removed=received.metadata_removed,
        uploaded_by_id=account_id,
        uploaded_at=now(),
        check_state=CheckState.WAITING,
    )
    db.session.add(evidence)
    db.session.flush()
    return evidence


@transactional
def mark_clean(evidence: Evidence, *, by: Viewer) -> None:
    """Note that a person looked and found no victim's identity. Part of verifying."""
    if evidence.check_state is CheckState.WAITING:
        evidence.check_state = CheckState.CLEAN
        evidence.checked_by_id = by.account_id
        evidence.checked_at = now()
