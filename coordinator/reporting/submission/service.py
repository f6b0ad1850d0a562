"""Submitting reports: one per obligation, one revision per submission.

Every check that can refuse a submission runs before anything of it is written (`_ready`), so that
the text that was saved in the same transaction can stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import transactional
from coordinator.errors import Conflict, InvalidInput
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.approval.asking import ask_head, asks_head
from coordinator.reporting.decisions.service import require_request
from coordinator.reporting.drafts.queries import (
    all_uses_of_key,
    own_obligation,
    report_to_write,
    was_sent_with,
)
from coordinator.reporting.drafts.service import (
    ReportFacts,
    changed_by_somebody,
    facts_of,
    keep_text,
    require_no_identity,
    screened,
)
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.service import unanswered
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import Content, SubmittedVia
from coordinator.reporting.revisions.submission import (
    files_to_send,
    freeze,
    notify_sent,
    problems_of,
    require_own_key,
)
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report whose text was kept, and what keeps it from being sent."""

    report: ReportFacts
    refused: InvalidInput | Conflict | None = None

    @property
    def missing(self) -> Mapping[str, str]:
        """What keeps it from being sent, by field."""
        return self.refused.fields if isinstance(self.refused, InvalidInput) else {}


@transactional
def submit_report(
    public_id: str,
    *,
    version: int,
    form_key: str,
    confirmed: bool,
    by: Viewer,
    via: SubmittedVia = SubmittedVia.SCREEN,
    seen_files: frozenset[str] | None = None,
    is_told: bool = True,
) -> ReportFacts:
    """Freeze the draft as the next revision and hand it to the secretariat, or ask the head first.

    The head is asked if the agency wants its head's approval. The same form sent twice (`form_key`)
    is one submission. `confirmed` is the sender's statement that nothing identifies a victim.
    `seen_files` are the files (public ids) on the page the sender read: nobody sends a file they
    did not see. Many reports sent at once (`is_told` False) bring no mail each. Raises NotAllowed,
    NotFound, InvalidInput, Conflict.
    """
    obligation, report = own_obligation(public_id, by)
    uses = all_uses_of_key(form_key)
    if report is not None and (report.id, by.account_id) in uses:
        return facts_of(report)
    report = report_to_write(obligation, report, by)
    require_own_key(form_key, uses, report.id)
    laid = {row.evidence.public_id for row in report.draft_evidence}
    if report.version != version or (seen_files is not None and seen_files != laid):
        raise changed_by_somebody()
    content, files = _ready(report, obligation, confirmed=confirmed, by=by)
    require_no_identity(report.draft)  # by the rules of today, whenever it was saved
    _hand_over(
        report, obligation, content, files, form_key=form_key, via=via, by=by, is_told=is_told
    )
    return facts_of(report)


@screened
@transactional
def save_and_submit(
    public_id: str,
    draft: Mapping[str, str],
    *,
    version: int,
    form_key: str,
    confirmed: bool,
    by: Viewer,
    via: SubmittedVia = SubmittedVia.SCREEN,
) -> SavedReport:
    """Save the text and submit the report, in one transaction.

    If the report cannot be submitted, the text is saved all the same, and the result says why
    (InvalidInput, Conflict).

    Raises NotAllowed, NotFound, InvalidInput and Conflict where the text itself is refused.
    """
    obligation, report = own_obligation(public_id, by)
    uses = all_uses_of_key(form_key)
    if report is not None and (report.id, by.account_id) in uses:
        return SavedReport(facts_of(report))
    report = keep_text(obligation, report, draft, version=version, by=by)
    try:
        require_own_key(form_key, uses, report.id)
        content, files = _ready(report, obligation, confirmed=confirmed, by=by)
    except (InvalidInput, Conflict) as error:
        return SavedReport(facts_of(report), error)
    _hand_over(report, obligation, content, files, form_key=form_key, via=via, by=by)
    return SavedReport(facts_of(report))


@screened
@transactional
def save_and_check(
    public_id: str, draft: Mapping[str, str], *, version: int, form_key: str, by: Viewer
) -> SavedReport:
    """Save the text; the result says what in it keeps the report from being sent.

    Raises NotAllowed, NotFound, InvalidInput and Conflict where the text itself is refused.
    """
    obligation, report = own_obligation(public_id, by)
    if report is not None and was_sent_with(report.id, form_key, by):
        return SavedReport(facts_of(report))
    report = keep_text(obligation, report, draft, version=version, by=by)
    missing = problems_of(report.draft, obligation, report, by.zone)[1]
    return SavedReport(facts_of(report), InvalidInput(missing) if missing else None)


def _ready(
    report: Report, obligation: Obligation, *, confirmed: bool, by: Viewer
) -> tuple[Content, list[Evidence]]:
    """Return what a draft sends. Raises InvalidInput with all that keeps it from being sent."""
    content, messages = problems_of(report.draft, obligation, report, by.zone)
    if not confirmed:
        messages["confirmed"] = _("Centang setelah Anda memastikan tidak ada identitas korban")
    files = files_to_send(report)
    messages |= unanswered(files)
    if content is None or messages:
        raise InvalidInput(messages)
    require_request(content.decision_question, content.decision_asked_of)
    return content, files


def _hand_over(
    report: Report,
    obligation: Obligation,
    content: Content,
    files: Sequence[Evidence],
    *,
    form_key: str,
    via: SubmittedVia,
    by: Viewer,
    is_told: bool = True,
) -> None:
    """Ask the head to approve a complete draft, or freeze it and hand it to the secretariat."""
    if asks_head(obligation.agency_id, by.zone):
        ask_head(report, obligation, form_key=form_key, via=via, by=by, is_told=is_told)
        return
    before = report.state
    revision = freeze(
        report,
        obligation,
        content,
        evidence=files,
        form_key=form_key,
        via=via,
        submitted_by_id=by.account_id or report.saved_by_id,
        by=by,
    )
    if is_told:
        notify_sent(report, obligation, revision)
    record(
        "report.submitted",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        kind=content.kind.value,
        via=via.value,
        before=before.value,
        files=len(files),
    )
