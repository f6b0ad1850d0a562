"""Reading files and their uses. What a draft holds is its agency's alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.db import db
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.queries import stored_file
from coordinator.reporting.evidence.models import Evidence, EvidenceReview, ReviewedUse
from coordinator.reporting.evidence.review_queries import held_by
from coordinator.reporting.evidence.rules import Level


def _may_see(
    use: type[Evidence], task_force: Any, agency: Any, levels: Any
) -> sa.ColumnElement[bool]:
    """The agency's own; and what was handed in, for readers of reports, by its level."""
    return sa.and_(
        use.task_force_id == task_force,
        sa.or_(
            use.agency_id == agency,
            sa.and_(use.handed_in_at.is_not(None), use.level.in_(levels)),
        ),
    )


def visible_use(use: type[Evidence]) -> sa.ColumnElement[bool]:
    """Return the condition on uses (the table or an alias) that a viewer may open.

    For statements that are built once: its parameters are `sight(viewer)`.
    """
    return _may_see(
        use,
        sa.bindparam("seen_task_force"),
        sa.bindparam("seen_agency"),
        sa.bindparam("seen_levels", expanding=True),
    )


def sight(viewer: Viewer) -> dict[str, Any]:
    """Return what a viewer may see, as parameters of `visible_use`."""
    levels: tuple[Level, ...] = ()
    if viewer.may(Permission.SEE_REPORTS):
        everything = viewer.may(Permission.SEE_RESTRICTED_EVIDENCE)
        levels = tuple(Level) if everything else (Level.INTERNAL,)
    return {
        "seen_task_force": viewer.own_task_force_id,
        "seen_agency": viewer.own_agency_id if viewer.may(Permission.SEE_OWN_TASKS) else -1,
        "seen_levels": levels,
    }


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    seen = sight(viewer)
    return _may_see(Evidence, seen["seen_task_force"], seen["seen_agency"], seen["seen_levels"])


def evidence(viewer: Viewer, public_id: str) -> Evidence | None:
    """Return a use of a file the viewer may open, withdrawn ones too, or None."""
    return db.session.scalar(
        sa.select(Evidence)
        .where(Evidence.public_id == public_id, _visible(viewer))
        .options(joinedload(Evidence.file), joinedload(Evidence.agency))
    )


@dataclass(frozen=True, slots=True)
class OtherUse:
    """Where else a file serves. `report_id` is empty where the viewer may not open that report."""

    evidence_id: str
    agency: str
    period: str
    report_id: str
    name: str
    at: datetime
    is_earlier: bool
    is_same_agency: bool


def uses_of(viewer: Viewer, one: Evidence) -> list[OtherUse]:
    """Return the other uses of the same file, the earliest first.

    An agency sees its own, readers of reports those handed in to their task force.
    """
    if one.file_id is None:
        return []
    rows = db.session.execute(
        sa.select(Evidence, ReportingPeriod, Obligation.public_id)
        .join(Obligation, Obligation.id == Evidence.obligation_id)
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .where(_same_file(one), _visible(viewer))
        .order_by(Evidence.id)
    )
    names = PeriodNames(viewer.own_task_force_id)
    return [
        OtherUse(
            evidence_id=use.public_id,
            agency=names.agency(period.id, use.agency_id).abbreviation,
            period=period.title,
            report_id=report_id,
            name=use.name,
            at=use.uploaded_at,
            is_earlier=use.id < one.id,
            is_same_agency=use.agency_id == one.agency_id,
        )
        for use, period, report_id in rows
    ]


def report_of(viewer: Viewer, one: Evidence) -> str | None:
    """Return the id of the page of the report a file is attached to; who sees the file sees it."""
    return db.session.scalar(
        sa.select(Obligation.public_id).where(
            Obligation.id == one.obligation_id,
            Obligation.task_force_id == viewer.own_task_force_id,
        )
    )


def _same_file(one: Evidence) -> sa.ColumnElement[bool]:
    """Other obligations' uses of these bytes, as handed in or as kept, within the task force."""
    return sa.and_(
        Evidence.task_force_id == one.task_force_id,
        Evidence.id != one.id,
        Evidence.withdrawn_at.is_(None),
        sa.or_(Evidence.file_id == one.file_id, Evidence.received_sha256 == one.received_sha256),
        Evidence.obligation_id.is_distinct_from(one.obligation_id),
    )


def serves_elsewhere(own: type[Evidence]) -> sa.ColumnElement[bool]:
    """Return a condition: the file of this use was handed in for another obligation as well.

    For the lists of those who read all reports of the task force; `own` is the table or an alias.
    """
    other = aliased(Evidence)
    return (
        sa.select(other.id)
        .where(
            other.task_force_id == own.task_force_id,
            other.id != own.id,
            other.withdrawn_at.is_(None),
            other.handed_in_at.is_not(None),
            sa.or_(other.file_id == own.file_id, other.received_sha256 == own.received_sha256),
            other.obligation_id.is_distinct_from(own.obligation_id),
        )
        .correlate(own)
        .exists()
    )


def earliest_use(one: Evidence) -> int | None:
    """Return the id of the first other use of the same file in the task force, or None."""
    return db.session.scalar(sa.select(sa.func.min(Evidence.id)).where(_same_file(one)))


def copies_of(one: Evidence) -> list[Evidence]:
    """Return every use of the same file that still has it, this one first.

    It may be in any report of the task force, drafts and hidden uses included. Files that were
    handed in alike may be stored under several hashes.
    """
    found = {one.id: one}
    looked: set[int] = set()
    while open_ids := found.keys() - looked:
        at = found[min(open_ids)]
        looked.add(at.id)
        found |= {
            use.id: use
            for use in db.session.scalars(
                sa.select(Evidence)
                .outerjoin(ReviewedUse, _hidden_use())
                .where(
                    Evidence.task_force_id == at.task_force_id,
                    Evidence.withdrawn_at.is_(None),
                    sa.or_(
                        sa.func.coalesce(Evidence.file_id, ReviewedUse.file_id) == _file_id(at),
                        Evidence.received_sha256 == at.received_sha256,
                    ),
                )
                .order_by(Evidence.id)
            )
        }
    return list(found.values())


def _hidden_use() -> sa.ColumnElement[bool]:
    return sa.and_(
        ReviewedUse.review_id == Evidence.review_id, ReviewedUse.evidence_id == Evidence.id
    )


def _file_id(one: Evidence) -> int | None:
    held = held_by(one)
    return held.file_id if held else one.file_id


def is_kept_elsewhere(one: Evidence) -> bool:
    """Return whether the bytes of a withdrawn use still exist because something else holds them."""
    return one.withdrawn_sha256 is not None and stored_file(one.withdrawn_sha256) is not None


def newest_review(one: Evidence) -> EvidenceReview | None:
    """Return the newest review that a use belongs to."""
    return db.session.scalar(
        sa.select(EvidenceReview)
        .join(ReviewedUse, ReviewedUse.review_id == EvidenceReview.id)
        .where(ReviewedUse.evidence_id == one.id)
        .order_by(EvidenceReview.id.desc())
        .limit(1)
    )


def used_bytes(agency_id: int) -> int:
    """Return how much room an agency's files take, each file once."""
    files = (
        sa.select(sa.func.coalesce(Evidence.file_id, ReviewedUse.file_id))
        .outerjoin(ReviewedUse, _hidden_use())
        .where(Evidence.agency_id == agency_id, Evidence.withdrawn_at.is_(None))
    )
    total = db.session.scalar(
        sa.select(sa.func.sum(StoredFile.size)).where(StoredFile.id.in_(files))
    )
    return int(total or 0)
