"""Reading reviews: those of a task force, what one hides, whom it concerns, what is refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import local
from coordinator.db import db
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Permission, Viewer
from coordinator.platform.files.models import StoredFile
from coordinator.reporting.evidence.models import Evidence, EvidenceReview, ReviewedUse
from coordinator.reporting.evidence.reports import Reports
from coordinator.reporting.evidence.rules import LOOK_WITHIN, CheckState, ReviewState


def held_by(one: Evidence) -> ReviewedUse | None:
    """Return what holds the bytes and the name of a use while it is under review."""
    if one.review_id is None:
        return None
    return db.session.scalars(
        sa.select(ReviewedUse).where(
            ReviewedUse.review_id == one.review_id, ReviewedUse.evidence_id == one.id
        )
    ).one()


def open_review_of(uses: Collection[Evidence]) -> EvidenceReview | None:
    """Return the open review that any of these uses belongs to, hidden or gone already."""
    return db.session.scalar(
        sa.select(EvidenceReview)
        .join(ReviewedUse, ReviewedUse.review_id == EvidenceReview.id)
        .where(
            EvidenceReview.state == ReviewState.OPEN,
            ReviewedUse.evidence_id.in_([one.id for one in uses]),
        )
        .order_by(EvidenceReview.id)
        .limit(1)
    )


def _is_one_sided() -> sa.ColumnElement[bool]:
    """Return the condition that a review is one agency's unread claim about a file only it uses."""
    others = (
        sa.select(ReviewedUse.id)
        .join(Evidence, Evidence.id == ReviewedUse.evidence_id)
        .where(
            ReviewedUse.review_id == EvidenceReview.id,
            Evidence.agency_id != EvidenceReview.asked_for_id,
        )
        .correlate(EvidenceReview)
    )
    return sa.and_(EvidenceReview.asked_for_id.is_not(None), ~others.exists())


def _refusing(task_force_id: int, hashes: Collection[str]) -> sa.Select[EvidenceReview | None]:
    """Return the newest review of each hidden or refused use of these bytes; None if the use was
    withdrawn before reviews existed."""
    newest = (
        sa.select(sa.func.max(ReviewedUse.review_id))
        .where(ReviewedUse.evidence_id == Evidence.id)
        .correlate(Evidence)
        .scalar_subquery()
    )
    return (
        sa.select(EvidenceReview)
        .select_from(Evidence)
        .outerjoin(EvidenceReview, EvidenceReview.id == newest)
        .outerjoin(
            ReviewedUse,
            sa.and_(
                ReviewedUse.review_id == EvidenceReview.id, ReviewedUse.evidence_id == Evidence.id
            ),
        )
        .outerjoin(StoredFile, StoredFile.id == ReviewedUse.file_id)
        .where(
            Evidence.task_force_id == task_force_id,
            sa.or_(Evidence.review_id.is_not(None), Evidence.check_state == CheckState.REFUSED),
            sa.or_(
                Evidence.received_sha256.in_(hashes),
                Evidence.withdrawn_sha256.in_(hashes),
                StoredFile.sha256.in_(hashes),
            ),
        )
    )


def refused_as(task_force_id: int, *hashes: str, agency_id: int) -> ReviewState | None:
    """Return why bytes (by hash, as received or kept) are refused from an agency, or None: OPEN if
    under review, DELETED if they identify a victim or witness. The newest decision on a use counts,
    but not what another agency alone said (`one_sided`)."""
    doubted = {found.id for found in one_sided(task_force_id, *hashes, agency_id=agency_id)}
    states = {
        ReviewState.DELETED if found is None else found.state
        for found in db.session.scalars(_refusing(task_force_id, hashes))
        if found is None or found.id not in doubted
    }
    return next((one for one in (ReviewState.OPEN, ReviewState.DELETED) if one in states), None)


def one_sided(task_force_id: int, *hashes: str, agency_id: int) -> list[EvidenceReview]:
    """Return the refusals of these bytes based on one other agency's claim alone, oldest first."""
    found = db.session.scalars(
        _refusing(task_force_id, hashes).where(
            EvidenceReview.state == ReviewState.DELETED,
            _is_one_sided(),
            EvidenceReview.asked_for_id != agency_id,
        )
    )
    return sorted({one.id: one for one in found if one}.values(), key=lambda one: one.id)


def is_cleared(copies: Collection[Evidence]) -> bool:
    """Return whether the secretariat read these bytes last and found that they identify nobody."""
    hashes = {use.received_sha256 for use in copies}
    hashes |= {use.file.sha256 for use in copies if use.file is not None}
    newest = db.session.scalar(
        sa.select(EvidenceReview.state)
        .join(ReviewedUse, ReviewedUse.review_id == EvidenceReview.id)
        .join(Evidence, Evidence.id == ReviewedUse.evidence_id)
        .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
        .where(
            Evidence.task_force_id == next(iter(copies)).task_force_id,
            sa.or_(
                Evidence.received_sha256.in_(hashes),
                Evidence.withdrawn_sha256.in_(hashes),
                StoredFile.sha256.in_(hashes),
            ),
            ~_is_one_sided(),
        )
        .order_by(EvidenceReview.id.desc())
        .limit(1)
    )
    return newest is ReviewState.KEPT


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review with what its list says: since when, by when, whose."""

    review: EvidenceReview
    agencies: tuple[str, ...]
    due_on: date
    is_late: bool


def _readable_task_force(viewer: Viewer) -> int:
    """Return the id of the task force whose reviews the viewer may see; none has -1."""
    return viewer.own_task_force_id if viewer.may(Permission.SEE_EVIDENCE_REVIEWS) else -1


def _reviews(viewer: Viewer) -> sa.Select[EvidenceReview]:
    return (
        sa.select(EvidenceReview)
        .where(EvidenceReview.task_force_id == _readable_task_force(viewer))
        .options(
            joinedload(EvidenceReview.asked_for),
            selectinload(EvidenceReview.uses)
            .joinedload(ReviewedUse.evidence)
            .joinedload(Evidence.agency),
        )
    )


def _due_on(asked_at: datetime, zone: str, days_off: Collection[date]) -> date:
    """Return the last day on which the secretariat is in time."""
    return add_working_days(local(asked_at, zone).date(), LOOK_WITHIN, days_off)


def _row(review: EvidenceReview, zone: str, on: date, days_off: Collection[date]) -> ReviewRow:
    due_on = _due_on(review.asked_at, zone, days_off)
    return ReviewRow(
        review=review,
        agencies=tuple(
            dict.fromkeys(
                use.evidence.agency.abbreviation
                for use in review.uses
                if use.evidence.agency_id != review.asked_for_id
            )
        ),
        due_on=due_on,
        is_late=review.state is ReviewState.OPEN and on > due_on,
    )


def reviews(viewer: Viewer, on: date, *, is_open: bool, most: int = 200) -> list[ReviewRow]:
    """Return the open reviews, oldest first, with their lateness; or the decided, newest first."""
    if is_open:
        query = (
            _reviews(viewer)
            .where(EvidenceReview.state == ReviewState.OPEN)
            .order_by(EvidenceReview.asked_at, EvidenceReview.id)
        )
    else:
        query = (
            _reviews(viewer)
            .where(EvidenceReview.state != ReviewState.OPEN)
            .order_by(EvidenceReview.decided_at.desc(), EvidenceReview.id.desc())
        )
    days_off = directory.days_off()
    return [_row(one, viewer.zone, on, days_off) for one in db.session.scalars(query.limit(most))]


def waiting(viewer: Viewer) -> tuple[int, datetime | None]:
    """Return how many reviews of the task force are open, and since when the oldest."""
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(EvidenceReview.asked_at)).where(
            EvidenceReview.task_force_id == viewer.own_task_force_id,
            EvidenceReview.state == ReviewState.OPEN,
        )
    ).one()
    return int(row[0]), row[1]


def late_count(viewer: Viewer, on: date) -> int:
    """Return how many open reviews the secretariat has left longer than its working day."""
    asked = db.session.scalars(_ASKED_AT, {"task_force_id": _readable_task_force(viewer)}).all()
    days_off: Collection[date] = directory.days_off() if asked else ()
    return sum(on > _due_on(at, viewer.zone, days_off) for at in asked)


_ASKED_AT = sa.select(EvidenceReview.asked_at).where(
    EvidenceReview.task_force_id == sa.bindparam("task_force_id"),
    EvidenceReview.state == ReviewState.OPEN,
)


def review(viewer: Viewer, public_id: str, on: date) -> ReviewRow | None:
    """Return one review of the viewer's task force, or None where they may not know of it."""
    found = db.session.scalar(_reviews(viewer).where(EvidenceReview.public_id == public_id))
    return _row(found, viewer.zone, on, directory.days_off()) if found else None


@dataclass(frozen=True, slots=True)
class UseUnderReview:
    """One use of the file: whose, for which report."""

    use: ReviewedUse
    agency: Agency | AgencyName  # as it was called in the report's period
    title: str
    period: str
    report_id: str  # empty for a draft, which is its agency's alone
    number: str
    verified_by_id: int | None  # the verifier of a verdict that rests on it


def places(found: EvidenceReview, reports: Reports) -> list[UseUnderReview]:
    """Return where the file of a review serves."""
    verifiers = reports.verifiers([use.evidence_id for use in found.uses])
    numbers = reports.numbers([use.evidence.obligation_id for use in found.uses])
    return [
        UseUnderReview(
            use=use,
            agency=called_in(use.evidence.obligation)
            if use.evidence.obligation
            else use.evidence.agency,
            title=_title(use.evidence.obligation),
            period=use.evidence.obligation.period.title if use.evidence.obligation else "",
            report_id=use.evidence.obligation.public_id
            if use.evidence.obligation and use.evidence.handed_in_at
            else "",
            number=numbers.get(use.evidence.obligation_id or 0, ""),
            verified_by_id=verifiers.get(use.evidence_id),
        )
        for use in found.uses
    ]


def _title(obligation: Obligation | None) -> str:
    return obligation.party.assignment.title if obligation else ""


def bytes_to_judge(viewer: Viewer, public_id: str, evidence_id: str) -> ReviewedUse | None:
    """Return the use that holds the bytes of an open review the viewer may decide, or None."""
    if not viewer.may(Permission.DECIDE_EVIDENCE):
        return None
    return db.session.scalar(
        sa.select(ReviewedUse)
        .join(EvidenceReview, EvidenceReview.id == ReviewedUse.review_id)
        .join(Evidence, Evidence.id == ReviewedUse.evidence_id)
        .where(
            EvidenceReview.task_force_id == viewer.own_task_force_id,
            EvidenceReview.state == ReviewState.OPEN,
            EvidenceReview.public_id == public_id,
            Evidence.public_id == evidence_id,
            ReviewedUse.file_id.is_not(None),
        )
        .options(joinedload(ReviewedUse.file))
    )
