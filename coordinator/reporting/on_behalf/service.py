"""Typing a report from paper for an agency, and the agency's answer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies, secretariat_of
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts.queries import (
    all_uses_of_key,
    begin_report,
    obligation_for,
    require_unlocked,
)
from coordinator.reporting.drafts.service import asked_in, require_no_identity
from coordinator.reporting.evidence.labels import kinds
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.service import attach
from coordinator.reporting.evidence.taking_in import MOST_FILES
from coordinator.reporting.mail_links.queries import FoundLink
from coordinator.reporting.mail_links.rules import TokenPurpose
from coordinator.reporting.mail_links.service import note_use
from coordinator.reporting.mail_links.tokens import mail_addresses
from coordinator.reporting.on_behalf import emails
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.papers.rules import AgencyAnswer
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.models import DraftEvidence, Report, ReportRevision
from coordinator.reporting.reports.rules import (
    FIELDS,
    SURE,
    AskedIndicator,
    ReportState,
    SubmittedVia,
    may_edit,
)
from coordinator.reporting.revisions.submission import (
    freeze,
    mail_thread,
    problems_of,
    require_own_key,
)
from coordinator.reporting.revisions.withdrawal import withdraw_submission
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """The paper a report was typed from: its number or name, its day, and its scan."""

    reference: str
    dated_on: date | None
    scan: Received | None
    # What is asked of files that served before, or in which the detector found something.
    reuse_reason: str = ""
    is_safe: bool = False


def _obligation(public_id: str, by: Viewer) -> tuple[Obligation, Report | None]:
    if not by.may(Permission.TYPE_ON_BEHALF) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat mengetik laporan atas nama instansi."))
    obligation, report = obligation_for(public_id, by, is_own=False)
    if obligation.ended_as is not None:
        raise Conflict(_("Laporan ini sudah berakhir."))
    return obligation, report


@transactional
def type_report(
    public_id: str,
    typed: Mapping[str, str],
    *,
    paper: SourcePaper,
    files: Sequence[Received],
    form_key: str,
    confirmed: bool,
    by: Viewer,
) -> Report:
    """Send a report for an agency as its paper says, with the scan; ask the agency to confirm it.

    A draft the agency has begun is neither read nor changed. The same form sent twice is one
    report. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation, report = _obligation(public_id, by)
    assert by.account_id is not None
    if report is not None and any(
        one.form_key == form_key and one.submitted_by_id == by.account_id
        for one in report.revisions
    ):
        return report
    if report is not None and not may_edit(report.state):
        raise Conflict(_("Laporan ini sudah dikirim. Tidak ada yang diubah."))
    require_unlocked(obligation, report)
    require_own_key(form_key, all_uses_of_key(form_key), report.id if report else None)
    names = [*FIELDS, *(AskedIndicator(i.id, i.kind).field for i in asked_in(obligation, report))]
    names += [SURE + name for name in names]
    draft = {name: typed[name] for name in names if typed.get(name)}
    require_no_identity({**draft, "reference": paper.reference})
    content, messages = problems_of(draft, obligation, report, by.zone)
    on = today(by.zone)
    if not paper.reference.strip():
        messages["reference"] = _("Tulis nomor atau nama laporan kertasnya")
    if paper.dated_on is None or paper.dated_on > on:
        messages["dated_on"] = _("Isi tanggal kertas, paling lambat hari ini")
    if paper.scan is None:
        messages.setdefault("scan", _("Lampirkan pindaian laporan kertasnya"))
    if not confirmed:
        messages["confirmed"] = _("Centang setelah membandingkan isian dengan kertasnya")
    if content is None or messages:
        raise InvalidInput(messages)
    assert paper.scan is not None
    assert paper.dated_on is not None
    report = report or begin_report(obligation, by)
    before = report.state
    received = _unique_files([paper.scan, *files])
    if len(received) > MOST_FILES:
        message = _("Paling banyak %(n)s berkas, termasuk pindaian.", n=MOST_FILES)
        raise InvalidInput({"files": message})
    is_blank = not report.draft and not report.draft_evidence
    evidence = [attach(one, obligation, by.account_id, reports=REPORTS) for one in received]
    _answer(evidence, paper, by)
    if is_blank:  # a returned report can be edited without retyping it
        report.draft = draft
        report.saved_at = now()
        report.saved_by_id = by.account_id
        report.draft_evidence.extend(DraftEvidence(evidence=one) for one in evidence)
        db.session.flush()
    revision = freeze(
        report,
        obligation,
        content,
        evidence=evidence,
        form_key=form_key,
        via=SubmittedVia.ON_BEHALF,
        submitted_by_id=by.account_id,
        by=by,
    )
    db.session.add(
        PaperReport(
            revision_id=revision.id,
            reference=paper.reference.strip()[:200],
            dated_on=paper.dated_on,
            scan_id=evidence[0].id,
            remark="",
            by_link=False,
        )
    )
    db.session.flush()
    _ask_agency(report, obligation, revision)
    record(
        "report.typed_on_behalf",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        kind=content.kind.value,
        before=before.value,
        files=len(evidence),
        reused=sum(one.is_reused for one in evidence),
        warned=sum(bool(one.warnings) for one in evidence),
    )
    return report


def _answer(evidence: Sequence[Evidence], paper: SourcePaper, by: Viewer) -> None:
    """Save the officer's statements about the files; raise InvalidInput if one is missing."""
    reused = [one for one in evidence if one.needs_reason]
    warned = [one for one in evidence if one.needs_word]
    messages: dict[str, str] = {}
    reason = paper.reuse_reason.strip()
    if reused and not reason:
        messages["reuse_reason"] = _(
            "%(name)s sudah dipakai untuk laporan lain. Tulis alasannya.", name=reused[0].name
        )
    if warned and not paper.is_safe:
        messages["is_safe"] = _(
            "%(name)s memuat %(what)s. Pastikan bukan milik korban atau saksi, lalu centang.",
            name=warned[0].name,
            what=kinds(warned[0].warnings),
        )
    if messages:
        raise InvalidInput(messages)
    require_no_identity({"reuse_reason": reason})
    for one in reused:
        one.reuse_reason = reason[:500]
    for one in warned:
        one.acknowledged_by_id, one.acknowledged_at = by.account_id, now()
    db.session.flush()


def _unique_files(files: Sequence[Received]) -> list[Received]:
    return list({one.sha256: one for one in files}.values())


def _ask_agency(report: Report, obligation: Obligation, revision: ReportRevision) -> None:
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    grants = contacts_of_agencies({agency.id}, today(force.zone))[agency.id]
    links = mail_addresses([(obligation, grant) for grant in grants], purpose=TokenPurpose.CONFIRM)
    for grant in grants:
        notify(
            grant,
            emails.typed(
                agency=agency,
                obligation=obligation,
                report=report,
                link=links[obligation.id, grant.id],
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=("typed", revision.id),
            kind="typed",
            thread=mail_thread(obligation),
        )


@transactional
def answer_typed(  # noqa: C901
    public_id: str,
    answer: AgencyAnswer,
    *,
    revision_number: int,
    remark: str = "",
    by: Viewer,
    link: FoundLink | None = None,
) -> Report:
    """Record whether the agency confirms what was typed for it; the same answer twice is one.

    An objection withdraws a submission that is not verified yet: nobody is bound by figures that
    others wrote. A verified one stays, and the secretariat is notified. Raises NotAllowed,
    NotFound, Conflict, InvalidInput.
    """
    if not (by.may(Permission.WRITE_REPORTS) or by.may(Permission.APPROVE_REPORTS)):
        raise NotAllowed(_("Hanya orang dari instansi itu yang dapat menjawab."))
    obligation, report = obligation_for(public_id, by)
    revisions = report.revisions if report else []
    revision = next((one for one in revisions if one.number == revision_number), None)
    paper = db.session.get(PaperReport, revision.id) if revision else None
    if report is None or revision is None or paper is None:
        raise NotFound(_("Laporan itu tidak ada."))
    if paper.answer is answer:
        return report
    if paper.answer is not None or revision is not report.latest:
        raise Conflict(_("Laporan ini sudah dijawab atau sudah berubah."))
    remark = remark.strip()
    if answer is AgencyAnswer.OBJECTED and not remark:
        raise InvalidInput({"remark": _("Tulis satu kalimat: apa yang keliru")})
    if len(remark) > 1000:
        raise InvalidInput({"remark": _("Paling panjang 1.000 karakter.")})
    if screening.blocks(remark):
        raise InvalidInput({"remark": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    paper.answer = answer
    paper.answered_at = now()
    paper.answered_by_id = by.account_id
    paper.by_link = link is not None
    paper.remark = remark
    before = report.state
    db.session.flush()
    if answer is AgencyAnswer.OBJECTED:
        if report.state is ReportState.SUBMITTED:
            withdraw_submission(report, revision, by=by, is_objection=True)
        _notify_objection(report, obligation, revision, remark)
    if link is not None:
        note_use(link, is_sent=True)
    record(
        f"report.{answer.value}_by_agency",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        before=before.value,
        after=report.state.value,
        via=SubmittedVia.MAIL_LINK.value if link else SubmittedVia.SCREEN.value,
    )
    return report


def _notify_objection(
    report: Report, obligation: Obligation, revision: ReportRevision, remark: str
) -> None:
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    for grant in secretariat_of(force.id, today(force.zone)):
        notify(
            grant,
            emails.objected(
                agency=agency,
                obligation=obligation,
                report=report,
                remark=remark,
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=("objected", revision.id),
            kind="objected",
            thread=mail_thread(obligation),
        )
