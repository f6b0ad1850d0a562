"""Reports, their frozen submissions, what an agency's head says of them, and verification."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Model, Thousandths, UtcDateTime, enum_column, partial_unique
from coordinator.plans.actions.models import Indicator
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    SubmittedVia,
    Verdict,
)

LONGEST_KEY = 40  # of the random key that identifies a form that is sent twice


class Report(Model):
    """The one report of an obligation. Only `draft` is editable; submissions are revisions.

    `draft` holds what was typed, as it was typed, so that nothing is lost to a bad number.
    `version` refuses a save by somebody who saw an older draft.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'verified') = (verified_at IS NOT NULL)", name="verified_has_time"
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (verified_by_id IS NOT NULL)", name="verified_has_verifier"
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (mend_by_on IS NOT NULL)", name="returned_has_mend_by"
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_head') OR first_submitted_at IS NOT NULL",
            name="submitted_has_time",
        ),
        sa.CheckConstraint(
            "(kind IS NULL) = (first_submitted_at IS NULL)", name="submitted_has_kind"
        ),
        sa.Index("ix_report_state_id", "state", "id"),
        # The matrix reads the state of every obligation of a period from this index alone.
        sa.Index("ix_report_obligation_id_state", "obligation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id"), unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState), default=ReportState.DRAFT)
    # The kind of the newest submission, so that lists and the matrix need not look for it.
    kind: Mapped[ReportKind | None] = mapped_column(enum_column(ReportKind))
    version: Mapped[int] = mapped_column(default=1)
    draft: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mend_by_on: Mapped[date | None]
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    obligation: Mapped[Obligation] = relationship()
    revisions: Mapped[list["ReportRevision"]] = relationship(
        back_populates="report", order_by="ReportRevision.number"
    )
    draft_evidence: Mapped[list["DraftEvidence"]] = relationship(order_by="DraftEvidence.id")

    @property
    def latest(self) -> "ReportRevision | None":
        """The newest submission not withdrawn, or None: what was withdrawn was never judged."""
        return next((one for one in reversed(self.revisions) if one.withdrawal is None), None)

    def back_to_draft(self) -> None:
        """Return the report to its agency, as returned or as a draft.

        As returned if its newest submission that was not withdrawn was sent back for revision.
        """
        verdict = self.latest.verification if self.latest else None
        self.mend_by_on = verdict.mend_by_on if verdict else None
        self.state = ReportState.RETURNED if self.mend_by_on else ReportState.DRAFT
        self.version += 1


class DraftEvidence(Model):
    """A file attached to the draft."""

    __tablename__ = "draft_evidence"
    __table_args__ = (sa.UniqueConstraint("report_id", "evidence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))

    evidence: Mapped[Evidence] = relationship()


class ReportRevision(Model):
    """A submission, frozen: a trigger refuses to change it."""

    __tablename__ = "report_revision"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.CheckConstraint("kind != 'nil' OR nil_reason IS NOT NULL", name="nil_has_reason"),
        sa.CheckConstraint("kind != 'blocked' OR blocked_by IS NOT NULL", name="blocked_by_whom"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"))
    number: Mapped[int]
    form_key: Mapped[str | None] = mapped_column(sa.String(LONGEST_KEY), unique=True)
    kind: Mapped[ReportKind] = mapped_column(enum_column(ReportKind))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    held_on: Mapped[date | None]
    nil_reason: Mapped[str | None] = mapped_column(sa.Text)
    blocked_by: Mapped[str | None] = mapped_column(sa.Text)
    # A supporter's own number, in addition to the text; never counted against the lead's target.
    contribution: Mapped[Decimal | None] = mapped_column(Thousandths)
    via: Mapped[SubmittedVia] = mapped_column(enum_column(SubmittedVia))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    report: Mapped[Report] = relationship(back_populates="revisions")
    values: Mapped[list["IndicatorValue"]] = relationship()
    evidence: Mapped[list["RevisionEvidence"]] = relationship(order_by="RevisionEvidence.id")
    verification: Mapped["Verification | None"] = relationship(back_populates="revision")
    withdrawal: Mapped["Withdrawal | None"] = relationship()


class IndicatorValue(Model):
    """What a submission says of one indicator."""

    __tablename__ = "indicator_value"
    __table_args__ = (sa.UniqueConstraint("revision_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    value: Mapped[Decimal] = mapped_column(Thousandths)

    indicator: Mapped[Indicator] = relationship()


class RevisionEvidence(Model):
    """A file that a submission rests on."""

    __tablename__ = "revision_evidence"
    __table_args__ = (sa.UniqueConstraint("revision_id", "evidence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), index=True)

    evidence: Mapped[Evidence] = relationship()


class Verification(Model):
    """The verdict on one submission. Nobody judges a report of their home agency, or one they
    typed; the table refuses it even where the guard would fail."""

    __tablename__ = "verification"
    __table_args__ = (
        sa.CheckConstraint(
            "verifier_home_agency_id IS NULL OR verifier_home_agency_id != agency_id",
            name="not_own_agency",
        ),
        sa.CheckConstraint("verifier_id != submitted_by_id", name="not_own_report"),
        sa.CheckConstraint(
            "(verdict = 'returned') = (return_reason IS NOT NULL)", name="returned_has_reason"
        ),
        sa.CheckConstraint(
            "(verdict = 'returned') = (mend_by_on IS NOT NULL)", name="returned_has_mend_by"
        ),
        sa.CheckConstraint(
            "verdict != 'verified' OR identity_checked", name="identity_checked_to_verify"
        ),
        sa.CheckConstraint(
            "reopened_at IS NULL OR verdict = 'verified'", name="only_verified_reopens"
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopen_reason IS NULL)", name="reopened_has_reason"
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by_id IS NULL)", name="reopened_by_whom"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"), unique=True)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    verifier_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    verifier_home_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    return_reason: Mapped[ReturnReason | None] = mapped_column(enum_column(ReturnReason))
    shortfall_reason: Mapped[ShortfallReason | None] = mapped_column(enum_column(ShortfallReason))
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    mend_by_on: Mapped[date | None]
    identity_checked: Mapped[bool] = mapped_column(default=False)
    # A verdict that was taken back: its values no longer count.
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reopen_reason: Mapped[str | None] = mapped_column(sa.Text)

    revision: Mapped[ReportRevision] = relationship(back_populates="verification")
    values: Mapped[list["VerifiedValue"]] = relationship()


class VerifiedValue(Model):
    """What the verifier accepts for one indicator; may be less than was reported."""

    __tablename__ = "verified_value"
    __table_args__ = (sa.UniqueConstraint("verification_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    verification_id: Mapped[int] = mapped_column(sa.ForeignKey("verification.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    value: Mapped[Decimal] = mapped_column(Thousandths)


class RevisionOpening(Model):
    """That a verifier has opened a submission: from then on the agency may not withdraw it.

    Written when the page is shown, like a line of the access log, so that nobody is judged on a
    text that changes under the reader's eyes.
    """

    __tablename__ = "revision_opening"
    __audited__ = False

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class Withdrawal(Model):
    """A submission taken back: by its agency before it was opened, or because the agency objects to
    what was typed for it. The revision stays as it was sent; it no longer counts."""

    __tablename__ = "withdrawal"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"), primary_key=True)
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    is_objection: Mapped[bool] = mapped_column(default=False)


class HeadApproval(Model):
    """A request to the agency's head to approve a report, and the answer. At most one waits."""

    __tablename__ = "head_approval"
    __table_args__ = (
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_approved IS NULL)", name="decision_has_time"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision_has_person"
        ),
        partial_unique("uq_head_approval_waiting", "report_id", where="decided_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    form_key: Mapped[str] = mapped_column(sa.String(LONGEST_KEY), unique=True)
    via: Mapped[SubmittedVia] = mapped_column(enum_column(SubmittedVia))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    is_approved: Mapped[bool | None]
    # The head's; empty where the focal point took it back.
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("report_revision.id"), unique=True
    )

    report: Mapped[Report] = relationship()
    revision: Mapped[ReportRevision | None] = relationship()
