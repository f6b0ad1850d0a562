"""The head's decision on a report."""

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts.notices import AT_ONCE, notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails_of
from coordinator.reporting.approval import emails
from coordinator.reporting.approval.asking import waiting_approval
from coordinator.reporting.drafts.queries import obligation_for, own_obligation, require_unlocked
from coordinator.reporting.mail_links.tokens import mail_addresses
from coordinator.reporting.reports.models import HeadApproval, Report
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.revisions.submission import (
    files_to_send,
    freeze,
    mail_thread,
    notify_sent,
    problems_of,
)
from coordinator.translation import gettext as _

LONGEST_REMARK = 1000


def _waiting(public_id: str, version: int, by: Viewer) -> tuple[Obligation, Report, HeadApproval]:
    if not by.may(Permission.APPROVE_REPORTS):
        raise NotAllowed(_("Hanya kepala instansi yang menyetujui laporan."))
    obligation, report = obligation_for(public_id, by)
    if report is None:
        raise NotFound(_("Laporan itu tidak ada."))
    return obligation, report, _pending_approval(obligation, report, version)


def _pending_approval(obligation: Obligation, report: Report, version: int) -> HeadApproval:
    if obligation.ended_as is not None:
        raise Conflict(_("Laporan ini sudah berakhir. Tidak ada yang perlu diputuskan."))
    approval = waiting_approval(report.id)
    if approval is None or report.version != version:
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum memutuskan."))
    return approval


@transactional
def approve_report(public_id: str, *, version: int, by: Viewer) -> Report:
    """Send a report to the secretariat unchanged. Raises NotAllowed, NotFound, Conflict."""
    obligation, report, approval = _waiting(public_id, version, by)
    require_unlocked(obligation, report)
    content, _problems = problems_of(report.draft, obligation, report, by.zone, asks=False)
    if content is None:
        raise Conflict(_("Laporan ini tidak lagi lengkap. Kembalikan ke narahubung."))
    revision = freeze(
        report,
        obligation,
        content,
        evidence=files_to_send(report),
        form_key=approval.form_key,
        via=approval.via,
        submitted_by_id=approval.asked_by_id,
        by=by,
    )
    _decide(approval, by, is_approved=True)
    approval.revision_id = revision.id
    db.session.flush()
    notify_sent(report, obligation, revision)
    record(
        "report.submitted",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        kind=content.kind.value,
        via=approval.via.value,
        before=ReportState.AWAITING_HEAD.value,
        files=len(report.draft_evidence),
    )
    return report


@transactional
def send_back(public_id: str, *, version: int, remark: str, by: Viewer) -> Report:
    """Return a report to the focal point with a sentence, and notify them.

    Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    obligation, report, approval = _waiting(public_id, version, by)
    remark = remark.strip()
    if not remark:
        raise InvalidInput({"remark": _("Tulis satu kalimat tentang apa yang perlu diubah")})
    if len(remark) > LONGEST_REMARK:
        raise InvalidInput({"remark": _("Paling panjang 1.000 karakter.")})
    if screening.blocks(remark):
        raise InvalidInput({"remark": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    _decide(approval, by, is_approved=False)
    approval.remark = remark
    report.back_to_draft()
    db.session.flush()
    _notify_returned(obligation, approval)
    record(
        "report.sent_back_by_head",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        before=ReportState.AWAITING_HEAD.value,
        after=report.state.value,
    )
    return report


@transactional
def take_from_head(public_id: str, *, version: int, by: Viewer) -> Report:
    """Withdraw a report from the head's approval: it is the focal point's draft again.

    Raises NotAllowed, NotFound, Conflict.
    """
    obligation, report = own_obligation(public_id, by)
    if report is None:
        raise NotFound(_("Laporan itu tidak ada."))
    approval = _pending_approval(obligation, report, version)
    _decide(approval, by, is_approved=False)
    report.back_to_draft()
    db.session.flush()
    cancel_emails_of(("head-asked", approval.id))
    record(
        "report.taken_from_head",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        before=ReportState.AWAITING_HEAD.value,
        after=report.state.value,
    )
    return report


def _decide(approval: HeadApproval, by: Viewer, *, is_approved: bool) -> None:
    approval.decided_at = now()
    approval.decided_by_id = by.account_id
    approval.is_approved = is_approved
    db.session.flush()


def _notify_returned(obligation: Obligation, approval: HeadApproval) -> None:
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    grants = contacts_of_agencies({agency.id}, today(force.zone))[agency.id]
    links = mail_addresses([(obligation, grant) for grant in grants])
    for grant in grants:
        notify(
            grant,
            emails.sent_back(
                agency=agency,
                obligation=obligation,
                remark=approval.remark,
                link=links[obligation.id, grant.id],
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=("head-back", approval.id),
            kind="head_back",
            thread=mail_thread(obligation),
            wait=AT_ONCE,
        )
