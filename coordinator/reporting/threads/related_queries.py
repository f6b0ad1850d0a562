"""What else happened with a report than its submissions: what was said of it, asked of its agency's
head, asked to be decided, and done with its files. One statement over the four tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from coordinator.db import UtcDateTime, db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.rules import DecisionState
from coordinator.reporting.evidence.labels import EVENTS
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.queries import sight, visible_use
from coordinator.reporting.reading.rows import ReportHead
from coordinator.reporting.reports.models import HeadApproval
from coordinator.reporting.threads.models import ReportComment


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. Who wrote it is said by access."""

    written_at: datetime
    written_as: AccessKind
    text: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A request to the agency's head to approve a report, and the answer."""

    asked_at: datetime
    decided_at: datetime | None
    is_approved: bool | None
    remark: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A request for a decision, and what was decided."""

    public_id: str
    state: DecisionState
    created_at: datetime
    question: str
    asked_of: str
    note: str | None
    decision: str | None
    basis: str
    decided_on: date | None
    decided_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileEvent:
    """What happened to a file. Who did it is said by agency, never by name; `agency` is empty for
    those who act for none."""

    at: datetime
    action: str  # as in the audit trail
    name: str
    level: str
    reason: str
    agency: str


@dataclass(frozen=True, slots=True)
class Related:
    """What else happened with a report than its submissions, of each kind the earliest first."""

    comments: tuple[Comment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    decisions: tuple[Decision, ...] = ()
    events: tuple[FileEvent, ...] = ()


# The columns of all four; a part that has no such column has NULL there.
_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "id": sa.Integer(),
    "at": UtcDateTime(),
    "text": sa.Text(),
    "written_as": sa.String(),
    "ended_at": UtcDateTime(),
    "is_approved": sa.Boolean(),
    "public_id": sa.String(),
    "state": sa.String(),
    "asked_of": sa.String(),
    "note": sa.Text(),
    "decision": sa.Text(),
    "basis": sa.String(),
    "decided_on": sa.Date(),
    "withdrawn_at": UtcDateTime(),
    "action": sa.String(),
    "level": sa.String(),
    "agency": sa.String(),
}


def _part(table: str, **columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        sa.literal_column(f"'{table}'", sa.String()).label("part"),
        *(
            (
                sa.type_coerce(columns[name], type_)
                if name in columns
                else sa.cast(sa.null(), type_)
            ).label(name)
            for name, type_ in _COLUMNS.items()
        ),
    )


RELATED = sa.union_all(
    _part(
        "comment",
        id=ReportComment.id,
        at=ReportComment.written_at,
        text=ReportComment.text,
        written_as=ReportComment.written_as,
    ).where(ReportComment.report_id == sa.bindparam("report_id")),
    _part(
        "approval",
        id=HeadApproval.id,
        at=HeadApproval.asked_at,
        text=HeadApproval.remark,
        ended_at=HeadApproval.decided_at,
        is_approved=HeadApproval.is_approved,
    ).where(HeadApproval.report_id == sa.bindparam("approvals_of")),
    _part(
        "decision",
        id=DecisionRequest.id,
        at=DecisionRequest.created_at,
        text=DecisionRequest.question,
        ended_at=DecisionRequest.decided_at,
        public_id=DecisionRequest.public_id,
        state=DecisionRequest.state,
        asked_of=DecisionRequest.asked_of,
        note=DecisionRequest.note,
        decision=DecisionRequest.decision,
        basis=DecisionRequest.basis,
        decided_on=DecisionRequest.decided_on,
        withdrawn_at=DecisionRequest.withdrawn_at,
    ).where(DecisionRequest.report_id == sa.bindparam("report_id")),
    _part(
        "event",
        id=AuditEntry.id,
        at=AuditEntry.at,
        text=Evidence.name,
        action=AuditEntry.action,
        level=AuditEntry.details["after"].as_string(),
        note=Evidence.withdrawn_reason,
        agency=Agency.abbreviation,
    )
    .select_from(Evidence)
    .join(
        AuditEntry,
        sa.and_(
            AuditEntry.subject_type == "evidence",
            AuditEntry.subject_id == Evidence.public_id,
            AuditEntry.action.in_(EVENTS),
        ),
    )
    .outerjoin(Agency, Agency.id == AuditEntry.details["acting_agency_id"].as_integer())
    .where(Evidence.obligation_id == sa.bindparam("obligation_id"), visible_use(Evidence)),
)


def related_to(viewer: Viewer, head: ReportHead) -> Related:
    """Return what else happened with a report whose head the viewer was given.

    What an agency and its head exchanged is theirs alone; of files, what the viewer may open.
    """
    if head.report is None:
        return Related()
    is_own = head.agency.id == viewer.agency_id
    asked = {
        "report_id": head.report.id,
        "approvals_of": head.report.id if is_own else -1,
        "obligation_id": head.obligation_id,
        **sight(viewer),
    }
    parts: dict[str, list[Any]] = {}
    for row in db.session.execute(RELATED, asked):
        parts.setdefault(row.part, []).append(row)
    return Related(
        comments=tuple(
            Comment(row.at, AccessKind(row.written_as), row.text)
            for row in _in_order(parts, "comment")
        ),
        approvals=tuple(
            Approval(row.at, row.ended_at, row.is_approved, row.text)
            for row in _in_order(parts, "approval")
        ),
        decisions=tuple(_decision(row) for row in _in_order(parts, "decision")),
        events=tuple(
            FileEvent(
                row.at, row.action, row.text, row.level or "", row.note or "", row.agency or ""
            )
            for row in _in_order(parts, "event")
        ),
    )


def _in_order(parts: dict[str, list[Any]], part: str) -> Iterable[Any]:
    return sorted(parts.get(part, ()), key=lambda row: row.id)


def _decision(row: Any) -> Decision:
    return Decision(
        public_id=row.public_id,
        state=DecisionState(row.state),
        created_at=row.at,
        question=row.text,
        asked_of=row.asked_of,
        note=row.note,
        decision=row.decision,
        basis=row.basis,
        decided_on=row.decided_on,
        decided_at=row.ended_at,
        withdrawn_at=row.withdrawn_at,
    )
