"""Writing and submitting reports: one per obligation, one revision per submission."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.audit.service import record, record_continued
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.evidence.service import attach, discard, unanswered
from coordinator.evidence.taking_in import MOST_FILES, too_many
from coordinator.files.receiving import Received
from coordinator.obligations.models import Obligation
from coordinator.permissions import Viewer
from coordinator.progress.approval.asking import ask_head, asks_head, was_asked_with
from coordinator.progress.evidence_queries import REPORTS
from coordinator.progress.models import DraftEvidence, Report
from coordinator.progress.obligation_queries import own_obligation
from coordinator.progress.rules import (
    FIELDS,
    SURE,
    Asked,
    ReportState,
    SubmittedVia,
    is_sure,
    may_edit,
)
from coordinator.progress.submission import (
    asked_of,
    files_to_send,
    freeze,
    problems_of,
    require_no_identity,
    require_own_key,
    require_unlocked,
    tell_sent,
)

EDITING_SESSION = timedelta(minutes=30)


def _report_to_write(obligation: Obligation, by: Viewer) -> Report:
    """Return the report to write in, new where there is none. Raises Conflict where it is sent."""
    report = db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
    require_unlocked(obligation, report)
    if report is None:
        if by.account_id is None:
            raise NotAllowed(_("Masuk lebih dahulu."))
        report = Report(
            obligation_id=obligation.id,
            state=ReportState.DRAFT,
            version=0,
            draft={},
            saved_at=now(),
            saved_by_id=by.account_id,
        )
        db.session.add(report)
        db.session.flush()
    if not may_edit(report.state):
        raise Conflict(_("Laporan ini sudah dikirim dan terkunci."))
    return report


def _changed_by_somebody() -> Conflict:
    return Conflict(_("Laporan ini baru saja diubah orang lain. Tulisan Anda masih ada di bawah."))


@transactional
def save_draft(
    public_id: str,
    draft: Mapping[str, str],
    *,
    version: int,
    files: Sequence[Received] = (),
    form_key: str = "",
    by: Viewer,
    is_autosave: bool = False,
) -> Report:
    """Keep what was typed, as it was typed, and lay files beside it; return the report.

    The form that sent the report (`form_key`) changes nothing any more when it comes again.

    `version` is the draft's version the form was opened with: somebody else's newer save is never
    overwritten. The same text sent again by the same person (a lost reply) is no conflict. A save
    by the page itself (`is_autosave`) has an audit entry of its own only where it begins a session
    of editing. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation = own_obligation(public_id, by)
    sent = report_sent_with(obligation.id, form_key, by)
    if sent is not None:
        return sent
    require_no_identity(draft)
    kept = {name: draft[name] for name in FIELDS if draft.get(name)}
    if draft.get("contribution") and is_sure(draft, "contribution"):
        kept[f"{SURE}contribution"] = draft["contribution"]
    for indicator in asked_of(obligation):
        name = Asked(indicator.id, indicator.kind).field
        if draft.get(name):
            kept[name] = draft[name]
            if is_sure(draft, name):
                kept[SURE + name] = draft[name]
    report = _report_to_write(obligation, by)
    is_repeat = report.saved_by_id == by.account_id and report.draft == kept
    if report.version != version and not is_repeat:
        raise _changed_by_somebody()
    left = _lay_files(report, obligation, files, by)
    if left:
        raise InvalidInput({"files": too_many(left)})
    goes_on = (
        is_autosave
        and report.version > 0
        and report.saved_by_id == by.account_id
        and abs(now() - report.saved_at) < EDITING_SESSION
    )
    if not is_repeat or report.version == 0:
        report.version += 1
    report.draft = kept
    report.saved_at = now()
    report.saved_by_id = by.account_id or report.saved_by_id
    db.session.flush()
    if goes_on:
        record_continued()
    else:
        record(
            "report.draft_saved",
            by=by,
            subject=("report", obligation.public_id),
            agency_id=obligation.agency_id,
            version=report.version,
            files=len(files),
        )
    return report


@transactional
def add_files(
    public_id: str, files: Sequence[Received], *, form_key: str = "", by: Viewer
) -> list[str]:
    """Lay files beside the draft at once, whatever becomes of the text, as many as fit; return the
    names of those that do not.

    A file more overwrites nothing, so it needs no version. The form that sent the report
    (`form_key`) adds nothing any more. Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    obligation = own_obligation(public_id, by)
    if report_sent_with(obligation.id, form_key, by) is not None:
        return []
    report = _report_to_write(obligation, by)
    before = len(report.draft_evidence)
    left = _lay_files(report, obligation, files, by)
    db.session.refresh(report, ["draft_evidence"])
    record(
        "report.files_added",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        files=len(report.draft_evidence) - before,
    )
    return left


def _lay_files(
    report: Report, obligation: Obligation, files: Sequence[Received], by: Viewer
) -> list[str]:
    """Lay files beside a draft, as many as fit; return the names of the rest."""
    laid = [
        row.evidence
        for row in db.session.scalars(
            sa.select(DraftEvidence).where(DraftEvidence.report_id == report.id)
        )
        if row.evidence.withdrawn_at is None
    ]
    there = {one.file.sha256 for one in laid if one.file is not None}
    count = len(laid)
    left: list[str] = []
    for received in files:
        if received.sha256 in there:
            continue  # the same form sent twice
        if count >= MOST_FILES:
            left.append(received.name)
            continue
        there.add(received.sha256)
        count += 1
        evidence = attach(
            received, obligation, by.account_id or report.saved_by_id, reports=REPORTS
        )
        db.session.add(DraftEvidence(report_id=report.id, evidence_id=evidence.id))
    db.session.flush()
    return left


@transactional
def remove_file(public_id: str, evidence_id: str, *, by: Viewer) -> Report:
    """Take a file away from the draft; submissions that rest on it keep it.

    Raises NotAllowed, NotFound, Conflict.
    """
    obligation = own_obligation(public_id, by)
    report = db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
    if report is None or not may_edit(report.state):
        raise Conflict(_("Laporan ini sudah dikirim dan terkunci."))
    require_unlocked(obligation, report)
    row = next((r for r in report.draft_evidence if r.evidence.public_id == evidence_id), None)
    if row is None:
        raise NotFound(_("Berkas itu tidak ada."))
    db.session.delete(row)
    discard(row.evidence, by=by)
    report.version += 1
    db.session.flush()
    record(
        "report.file_removed",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        evidence=evidence_id,
    )
    return report


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
    sent = report_sent_with(obligation.id, form_key, by)
    if sent is not None:
        return sent
    report = _report_to_write(obligation, by)
    require_own_key(form_key, report.id)
    laid = {row.evidence.public_id for row in report.draft_evidence}
    if report.version != version or (seen_files is not None and seen_files != laid):
        raise _changed_by_somebody()
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


def report_sent_with(obligation_id: int, form_key: str, by: Viewer) -> Report | None:
    """Return the report that this very form of this very person has sent already (a double click,
    a lost reply), or None. Looked at inside each transaction of the form, before its version."""
    report = (
        db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation_id))
        if form_key
        else None
    )
    return report if report is not None and was_sent_with(report, form_key, by) else None


def was_sent_with(report: Report, form_key: str, by: Viewer) -> bool:
    """Tell whether this very form, in the hands of this person, has sent the report already."""
    return any(
        one.form_key == form_key and one.submitted_by_id == by.account_id
        for one in report.revisions
    ) or was_asked_with(report.id, form_key, by.account_id)
