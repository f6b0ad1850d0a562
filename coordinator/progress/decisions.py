"""What a report asks somebody else to decide: the request, from its asking to its end.

A report may carry one request at a time. It is open until the leadership decides, or until the
agency sends a new submission that no longer asks. The report itself stays verifiable: what was
done can be checked while somebody waits for a decision.
"""

from datetime import date, datetime
from enum import StrEnum, auto

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator import screening
from coordinator.audit.service import record
from coordinator.clock import now
from coordinator.db import Model, UtcDateTime, db, enum_column, random_id, transactional
from coordinator.directory.models import Agency
from coordinator.errors import InvalidInput
from coordinator.permissions import Viewer
from coordinator.progress.models import Report, ReportRevision

LONGEST_QUESTION = 2000
LONGEST_ASKED_OF = 200


class DecisionState(StrEnum):
    """open -> decided by the leadership, or withdrawn by a submission that no longer asks."""

    OPEN = auto()
    DECIDED = auto()
    WITHDRAWN = auto()


class DecisionRequest(Model):
    """A report's "butuh keputusan": the agency's words, the secretariat's note, the decision.

    `asked_of` says in words who must decide; `concerned_agency` is the other agency it is about,
    where there is one: it is told of the decision as well.
    """

    __tablename__ = "decision_request"
    __table_args__ = (
        sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided_time"),
        sa.CheckConstraint("(state = 'decided') = (decided_on IS NOT NULL)", name="decided_day"),
        sa.CheckConstraint("(state = 'decided') = (decision IS NOT NULL)", name="decided_text"),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_by_id IS NOT NULL)", name="decided_by_whom"
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_time"
        ),
        sa.CheckConstraint("(note IS NULL) = (noted_at IS NULL)", name="noted_time"),
        sa.Index(
            "uq_decision_request_open",
            "report_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("ix_decision_request_task_force_id_state", "task_force_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    state: Mapped[DecisionState] = mapped_column(
        enum_column(DecisionState), default=DecisionState.OPEN
    )
    question: Mapped[str] = mapped_column(sa.Text)
    asked_of: Mapped[str] = mapped_column(sa.String(LONGEST_ASKED_OF))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(sa.Text)
    concerned_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decision: Mapped[str | None] = mapped_column(sa.Text)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_on: Mapped[date | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    report: Mapped[Report] = relationship()
    revision: Mapped[ReportRevision] = relationship()
    concerned_agency: Mapped[Agency | None] = relationship()


def open_request(report_id: int) -> DecisionRequest | None:
    """Return the request of a report that waits, or None."""
    return db.session.scalar(
        sa.select(DecisionRequest).where(
            DecisionRequest.report_id == report_id, DecisionRequest.state == DecisionState.OPEN
        )
    )


def requests_of(report_id: int) -> list[DecisionRequest]:
    """Return all requests a report ever carried, oldest first."""
    return list(
        db.session.scalars(
            sa.select(DecisionRequest)
            .where(DecisionRequest.report_id == report_id)
            .order_by(DecisionRequest.id)
        )
    )


@transactional
def request_decision(
    revision: ReportRevision, question: str, asked_of: str, *, by: Viewer
) -> DecisionRequest | None:
    """Keep what a submission asks to be decided; call it inside the service that submits.

    `question` says which decision is needed, `asked_of` by whom. The same words again leave the
    open request where it stands in the queue; other words replace it; no question withdraws it.
    Returns the open request, or None where the submission asks nothing. Raises InvalidInput for
    the fields `decision_question` and `decision_asked_of`.
    """
    question, asked_of = question.strip(), asked_of.strip()
    standing = open_request(revision.report_id)
    if standing is not None and (standing.question, standing.asked_of) == (question, asked_of):
        return standing
    if question or asked_of:
        _check(question, asked_of)
    obligation = revision.report.obligation
    if standing is not None:
        standing.state = DecisionState.WITHDRAWN
        standing.withdrawn_at = now()
        db.session.flush()
        record(
            "decision.withdrawn",
            by=by,
            subject=("decision_request", standing.public_id),
            task_force_id=obligation.task_force_id,
            agency_id=obligation.agency_id,
        )
    if not question:
        return None
    request = DecisionRequest(
        task_force_id=obligation.task_force_id,
        report_id=revision.report_id,
        revision_id=revision.id,
        state=DecisionState.OPEN,
        question=question,
        asked_of=asked_of,
        created_at=now(),
    )
    db.session.add(request)
    db.session.flush()
    record(
        "decision.requested",
        by=by,
        subject=("decision_request", request.public_id),
        task_force_id=obligation.task_force_id,
        agency_id=obligation.agency_id,
        report=obligation.public_id,
        revision=revision.number,
    )
    return request


def _check(question: str, asked_of: str) -> None:
    problems: dict[str, str] = {}
    if not question:
        problems["decision_question"] = _("Tulis keputusan apa yang dibutuhkan")
    if not asked_of:
        problems["decision_asked_of"] = _("Tulis siapa yang perlu memutuskan")
    if len(question) > LONGEST_QUESTION:
        problems["decision_question"] = _("Paling panjang 2.000 karakter.")
    if len(asked_of) > LONGEST_ASKED_OF:
        problems["decision_asked_of"] = _("Paling panjang 200 karakter.")
    for field, text in (("decision_question", question), ("decision_asked_of", asked_of)):
        if screening.blocks(text):
            problems[field] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if problems:
        raise InvalidInput(problems)
