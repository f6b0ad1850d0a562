"""What the pages show of one report, as rows. Services that change a report load entities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from coordinator.mapping.duties.queries import AgencyName
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.evidence.rules import CheckState
from coordinator.reporting.papers.rules import AgencyAnswer
from coordinator.reporting.reading.obligation_rows import BasisRow, EndRow, MatrixPlace
from coordinator.reporting.reports.evidence_marks import VerdictMark
from coordinator.reporting.reports.rules import (
    AskedIndicator,
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    SubmittedVia,
    Verdict,
    is_locked,
)
from coordinator.reporting.reports.targets import PeriodTarget, asked_items


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What is measured."""

    id: int
    name: str
    unit: str
    kind: IndicatorKind


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The report of an obligation: its draft and its state."""

    id: int
    number: str | None
    state: ReportState
    kind: ReportKind | None
    version: int
    draft: Mapping[str, Any]
    saved_at: datetime
    first_submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportHead:
    """An obligation with what is asked in it, and the state of its report."""

    public_id: str
    obligation_id: int
    party_id: int
    period_id: int
    agency: AgencyName  # as it was called in the period
    lead: AgencyName  # the same
    is_lead: bool
    title: str
    numeral: str
    working_group: str
    period: str
    matrix_place: MatrixPlace
    is_period_closed: bool
    end: EndRow | None
    due_on: date
    basis: BasisRow
    report: ReportRow | None
    indicators: tuple[IndicatorRow, ...]  # the lead's; none of a supporter
    targets: Mapping[int, PeriodTarget]
    # From the agency's report of the period before: reported and verified, by indicator id.
    previous: Mapping[int, tuple[Decimal, Decimal | None]]

    @property
    def is_ended(self) -> bool:
        """True where nothing is owed any more."""
        return self.end is not None

    @property
    def asked(self) -> list[AskedIndicator]:
        """What was asked, with what each number is held against."""
        return asked_items(self.indicators, self.targets, self.previous)

    @property
    def state(self) -> ReportState | None:
        """The report's; None while nobody has begun it."""
        return self.report.state if self.report else None

    @property
    def is_locked(self) -> bool:
        """True where the period was closed before anything was sent."""
        return is_locked(
            self.state,
            is_period_closed=self.is_period_closed,
            was_sent=self.report is not None and self.report.first_submitted_at is not None,
        )


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What a submission says of one indicator."""

    indicator_id: int
    value: Decimal
    indicator: IndicatorRow


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """What a verdict accepts of one indicator."""

    indicator_id: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdict on a submission, taken back or not."""

    verdict: Verdict
    decided_at: datetime
    return_reason: ReturnReason | None
    shortfall_reason: ShortfallReason | None
    remark: str
    reopened_at: datetime | None
    reopen_reason: str | None
    values: tuple[AcceptedRow, ...]


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """The withdrawal of a submission."""

    withdrawn_at: datetime
    is_objection: bool


@dataclass(frozen=True, slots=True)
class ScanRow:
    """The scan of a paper."""

    public_id: str
    file_id: int | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class PaperRow:
    """The paper behind a submission that the secretariat typed, and what its agency says of it."""

    reference: str
    dated_on: date
    answer: AgencyAnswer | None
    answered_at: datetime | None
    remark: str
    scan: ScanRow


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One submission, with what became of it."""

    id: int
    number: int
    kind: ReportKind
    note: str
    place: str
    held_on: date | None
    nil_reason: str | None
    blocked_by: str | None
    contribution: Decimal | None
    via: SubmittedVia
    submitted_at: datetime
    submitted_by_id: int
    is_opened: bool  # by somebody who may judge it
    values: tuple[ValueRow, ...]
    verification: VerdictRow | None
    withdrawal: WithdrawalRow | None
    paper: PaperRow | None


@dataclass(frozen=True, slots=True)
class OtherUseRow:
    """Where else a file serves."""

    report_id: str
    agency: str
    period: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a submission or of the draft, as a use of this report.

    A withdrawn use has no file any more, one under review has it elsewhere (`file_id` is None).
    """

    public_id: str
    name: str
    size: int
    removed: list[str]
    warnings: dict[str, int]
    check_state: CheckState
    file_id: int | None
    is_picture: bool
    is_hidden: bool  # under review
    is_reused: bool
    reuse_reason: str | None
    is_acknowledged: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    uses: tuple[OtherUseRow, ...] = ()

    @property
    def needs_look(self) -> bool:
        """True while the detector's check is not enough: a person must look, and can."""
        return self.check_state is CheckState.WAITING and self.file_id is not None

    @property
    def needs_reason(self) -> bool:
        """True while a reused file has no reason for its reuse yet."""
        return self.is_reused and not self.reuse_reason and self.file_id is not None

    @property
    def needs_word(self) -> bool:
        """The detector asked about something, and the uploader has not answered yet."""
        return bool(self.warnings) and not self.is_acknowledged and self.file_id is not None


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a report's submissions, by their id, and those of its draft."""

    by_submission: Mapping[int, tuple[FileRow, ...]]
    of_draft: tuple[FileRow, ...] = ()

    def of(self, submission: SubmissionRow | None) -> tuple[FileRow, ...]:
        """Return the files of a submission."""
        return self.by_submission.get(submission.id, ()) if submission else ()


@dataclass(frozen=True, slots=True)
class Submissions:
    """What was sent of a report, the oldest first."""

    revisions: tuple[SubmissionRow, ...]
    state: ReportState
    saved_at: datetime

    @property
    def latest(self) -> SubmissionRow | None:
        """The newest submission not withdrawn, or None: what was withdrawn was never judged."""
        return next((one for one in reversed(self.revisions) if one.withdrawal is None), None)

    def numbered(self, number: str) -> SubmissionRow | None:
        """Return an earlier submission that was not withdrawn, by its number as typed."""
        return next(
            (
                one
                for one in self.revisions
                if str(one.number) == number and one.withdrawal is None and one is not self.latest
            ),
            None,
        )


def verdict_mark_of(
    submission: SubmissionRow | None, rests_on: Iterable[FileRow]
) -> VerdictMark | None:
    """Return the mark of a verified submission whose evidence changed since the verdict.

    That is a file under review or withdrawn. The same for one report as `verdict_marks` for many.
    """
    verdict = submission.verification if submission else None
    if verdict is None or verdict.verdict is not Verdict.VERIFIED or verdict.reopened_at:
        return None
    if any(one.is_hidden for one in rests_on):
        return VerdictMark.REVIEWED
    gone = (one.withdrawn_at for one in rests_on)
    return VerdictMark.GONE if any(at and at >= verdict.decided_at for at in gone) else None
