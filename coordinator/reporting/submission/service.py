"""Submitting reports: one per obligation, one revision per submission."""

from coordinator.db import transactional
from coordinator.errors import InvalidInput
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.approval.asking import ask_head, asks_head
from coordinator.reporting.drafts.service import (
    changed_by_somebody,
    own_obligation,
    report_sent_with,
    report_to_write,
    require_no_identity,
)
from coordinator.reporting.evidence.service import unanswered
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import SubmittedVia
from coordinator.reporting.revisions.submission import (
    files_to_send,
    freeze,
    problems_of,
    require_own_key,
    tell_sent,
)
from coordinator.translation import gettext as _

# --- the agency's side ---------------------------------------------------------------------------


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
) -> Report:
    """Freeze the draft as the next revision and hand it to the secretariat; where the agency wants
    its head's word first, lay it before the head.

    The same form sent twice (`form_key`) is one submission. `confirmed` is the sender's word that
    nothing identifies a victim. `seen_files` are the files (public ids) on the page the sender
    read: nobody sends a file they did not see. Many reports sent at once (`is_told` False) bring no
    mail each. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation = own_obligation(public_id, by)
    sent = report_sent_with(obligation, form_key, by)
    if sent is not None:
        return sent
    report = report_to_write(obligation, by)
    require_own_key(form_key, report.id)
    laid = {row.evidence.public_id for row in report.draft_evidence}
    if report.version != version or (seen_files is not None and seen_files != laid):
        raise changed_by_somebody()
    content, messages = problems_of(report.draft, obligation, by.zone)
    if not confirmed:
        messages["confirmed"] = _("Centang setelah Anda memastikan tidak ada identitas korban")
    files = files_to_send(report)
    messages |= unanswered(files)
    if content is None or messages:
        raise InvalidInput(messages)
    require_no_identity(report.draft)
    if asks_head(obligation.agency_id, by.zone):
        ask_head(report, obligation, form_key=form_key, via=via, by=by, is_told=is_told)
        return report
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
        tell_sent(report, obligation, revision)
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
    return report


# --- the secretariat's side ----------------------------------------------------------------------
