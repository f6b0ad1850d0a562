"""Hiding uses of a file, and what comes again after one agency alone had it refused."""

from collections.abc import Iterable, Sequence

from coordinator.clock import now
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.evidence import labels
from coordinator.reporting.evidence.models import Evidence, EvidenceReview, ReviewedUse
from coordinator.reporting.evidence.notices import notify_review
from coordinator.reporting.evidence.reports import Reports
from coordinator.reporting.evidence.rules import ReviewState


def add_uses(found: EvidenceReview, uses: Iterable[Evidence]) -> None:
    """Count uses to a review, each once."""
    there = {row.evidence_id for row in found.uses}
    for use in uses:
        if use.id not in there:
            db.session.add(ReviewedUse(review_id=found.id, evidence_id=use.id))
    db.session.flush()
    db.session.refresh(found, ["uses"])


def hide(
    uses: Iterable[Evidence], found: EvidenceReview, *, agency_id: int | None, by: Viewer | None
) -> None:
    """Move bytes and name of each use into its review. `agency_id` is the agency acting."""
    rows = {row.evidence_id: row for row in found.uses}
    for use in uses:
        row = rows[use.id]
        row.file_id, row.name = use.file_id, use.name
        use.file_id, use.review_id, use.name = None, found.id, labels.hidden_name()
        db.session.flush()
        record(
            "evidence.hidden",
            by=by,
            subject=("evidence", use.public_id),
            task_force_id=use.task_force_id,
            agency_id=use.agency_id,
            acting_agency_id=agency_id,
            review=found.public_id,
        )


def put_before_secretariat(
    one: Evidence, refused: Sequence[EvidenceReview], reports: Reports
) -> None:
    """Hide a file just taken in that another agency alone said identifies somebody.

    Opens the review that this claim has not had yet. Part of taking in.
    """
    first = refused[0]
    found = EvidenceReview(
        task_force_id=one.task_force_id,
        asked_at=now(),
        asked_by_id=first.asked_by_id,
        asked_for_id=first.asked_for_id,
        state=ReviewState.OPEN,
    )
    db.session.add(found)
    db.session.flush()
    add_uses(found, [*(row.evidence for earlier in refused for row in earlier.uses), one])
    hide([one], found, agency_id=first.asked_for_id, by=None)
    notify_review(found, reports, agency_id=first.asked_for_id, account_id=None)
