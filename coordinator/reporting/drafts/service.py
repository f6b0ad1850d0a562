"""Keeping a draft: its text and its files; and loading what is written in.

What is loaded here (the obligation, its report, whether both can still be written in) is shared by
every service that changes a report.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record, record_continued
from coordinator.platform.files.receiving import Received
from coordinator.reporting.evidence.service import attach, discard
from coordinator.reporting.evidence.taking_in import MOST_FILES, too_many
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.models import DraftEvidence, HeadApproval, Report
from coordinator.reporting.reports.rules import (
    FIELDS,
    SURE,
    Asked,
    ReportState,
    is_locked,
    is_sure,
    may_edit,
)
from coordinator.translation import gettext as _

EDITING_SESSION = timedelta(minutes=30)
LONGEST_TEXT = 2000  # characters of one field of a report


def obligation_for(public_id: str, by: Viewer, *, is_own: bool = True) -> Obligation:
    """Return an obligation of the viewer's agency, or (`is_own` False) of any agency of their task
    force. Raises NotFound."""
    obligation = db.session.scalar(
        sa.select(Obligation).where(
            Obligation.public_id == public_id,
            Obligation.task_force_id == by.own_task_force_id,
            *([Obligation.agency_id == by.own_agency_id] if is_own else []),
        )
    )
    if obligation is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return obligation


def own_obligation(public_id: str, by: Viewer) -> Obligation:
    """Return what the writer's own agency owes. Raises NotAllowed, NotFound, Conflict."""
    if not by.may(Permission.WRITE_REPORTS):
        raise NotAllowed(_("Akses Anda tidak dapat menulis laporan."))
    obligation = obligation_for(public_id, by)
    if obligation.ended_as is ObligationEnd.TRANSFERRED:
        raise Conflict(_("Kewajiban lapor ini sudah dialihkan."))
    if obligation.ended_as is not None:
        raise Conflict(_("Kewajiban lapor ini sudah ditutup."))
    return obligation


def report_of(obligation: Obligation) -> Report | None:
    """Return an obligation's report, None where nobody has begun it."""
    return db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))


def begin_report(obligation: Obligation, by: Viewer) -> Report:
    """Add an obligation's report with an empty draft. Raises NotAllowed."""
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
    return report


def report_to_write(obligation: Obligation, by: Viewer) -> Report:
    """Return the report to write in, new where there is none. Raises Conflict where it is sent or
    its period was closed, NotAllowed."""
    report = report_of(obligation)
    require_unlocked(obligation, report)
    report = report or begin_report(obligation, by)
    if not may_edit(report.state):
        raise Conflict(_("Laporan ini sudah dikirim dan terkunci."))
    return report


def require_unlocked(obligation: Obligation, report: Report | None) -> None:
    """Raise Conflict where the period was closed before anything was sent. What was sent and
    returned may still be mended."""
    if is_locked(
        report.state if report else None,
        is_period_closed=obligation.period.closed_at is not None,
        was_sent=report is not None and report.first_submitted_at is not None,
    ):
        raise Conflict(_("%(title)s sudah ditutup. Draf terkunci.", title=obligation.period.title))


def report_sent_with(obligation: Obligation, form_key: str, by: Viewer) -> Report | None:
    """Return the report that this very form of this very person has sent already (a double click,
    a lost reply), or None. Looked at inside each transaction of the form, before its version."""
    report = report_of(obligation) if form_key else None
    return report if report is not None and was_sent_with(report, form_key, by) else None


def was_sent_with(report: Report, form_key: str, by: Viewer) -> bool:
    """Tell whether this very form, in the hands of this person, has sent the report already."""
    if any(r.form_key == form_key and r.submitted_by_id == by.account_id for r in report.revisions):
        return True
    to_the_head = sa.select(HeadApproval.id).where(
        HeadApproval.report_id == report.id,
        HeadApproval.form_key == form_key,
        HeadApproval.asked_by_id == by.account_id,
    )
    return db.session.scalar(to_the_head) is not None


def asked_of(obligation: Obligation) -> list[Indicator]:
    """Return the indicators whose values this obligation's report must give: the lead's alone."""
    if obligation.party.kind is not PartyKind.LEAD:
        return []
    return list(obligation.party.assignment.action_item.indicators)


def require_no_identity(draft: Mapping[str, str]) -> None:
    """Refuse NIK and KK numbers before anything is kept, number fields too: a draft keeps them as
    they were typed (UU 21/2007 arts. 24, 44). So is text no field takes. Raises InvalidInput."""
    found = {}
    for name, text in draft.items():
        if len(text or "") > LONGEST_TEXT:
            found[name] = _("Paling panjang 2.000 karakter.")
        elif screening.blocks(text or ""):
            found[name] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if found:
        raise InvalidInput(found)


def changed_by_somebody() -> Conflict:
    """Return the refusal of a save over a newer draft."""
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
    """Keep what was typed, as it was typed, and attach files to it; return the report.

    The form that sent the report (`form_key`) changes nothing any more when it comes again.
    `version` is the draft's version the form was opened with: somebody else's newer save is never
    overwritten. The same text sent again by the same person (a lost reply) is no conflict. A save
    by the page itself (`is_autosave`) has an audit entry of its own only where it begins a session
    of editing. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation = own_obligation(public_id, by)
    sent = report_sent_with(obligation, form_key, by)
    if sent is not None:
        return sent
    require_no_identity(draft)
    values = [Asked(i.id, i.kind).field for i in asked_of(obligation)]
    kept = {name: draft[name] for name in (*FIELDS, *values) if draft.get(name)}
    numbers = [name for name in ("contribution", *values) if name in kept]
    kept |= {SURE + name: kept[name] for name in numbers if is_sure(draft, name)}
    report = report_to_write(obligation, by)
    is_repeat = report.saved_by_id == by.account_id and report.draft == kept
    if report.version != version and not is_repeat:
        raise changed_by_somebody()
    left = _attach_files(report, obligation, files, by) if files else []
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
    """Attach files to the draft at once, whatever becomes of the text, as many as fit; return the
    names of those that do not.

    A file more overwrites nothing, so it needs no version. The form that sent the report
    (`form_key`) adds nothing any more. Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    obligation = own_obligation(public_id, by)
    if report_sent_with(obligation, form_key, by) is not None:
        return []
    report = report_to_write(obligation, by)
    before = len(report.draft_evidence)
    left = _attach_files(report, obligation, files, by)
    db.session.refresh(report, ["draft_evidence"])
    record(
        "report.files_added",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        files=len(report.draft_evidence) - before,
    )
    return left


def _attach_files(
    report: Report, obligation: Obligation, files: Sequence[Received], by: Viewer
) -> list[str]:
    """Attach files to a draft, as many as fit; return the names of the rest."""
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
    """Take a file away from the draft; submissions that rest on it keep it. Raises NotAllowed,
    NotFound, Conflict."""
    obligation = own_obligation(public_id, by)
    report = report_to_write(obligation, by)
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
