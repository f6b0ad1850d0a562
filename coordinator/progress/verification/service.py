"""Taking a verdict back. Verifying and returning stand in progress.service."""

from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator import screening
from coordinator.accounts.queries import own_agencies
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.obligations.models import Obligation
from coordinator.permissions import Permission, Viewer
from coordinator.progress import service as progress
from coordinator.progress.models import Report
from coordinator.progress.rules import ReportState, may_verify


@transactional
def reopen_report(
    public_id: str, *, revision_number: int, reason: str, mend_by_on: date | None, by: Viewer
) -> Report:
    """Take a verdict back: the verified report goes to its agency as returned, and its verified
    values count no more. The only way from verified to returned.

    The same people may reopen who may verify. Raises NotAllowed, NotFound, InvalidInput, Conflict
    (not verified any more, or another revision than the one seen).
    """
    if not by.may(Permission.VERIFY_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat membuka kembali verifikasi."))
    row = db.session.execute(
        sa.select(Obligation, Report)
        .join(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.public_id == public_id, Obligation.task_force_id == by.own_task_force_id)
    ).first()
    revision = row[1].latest if row else None
    if row is None or revision is None:
        raise NotFound(_("Laporan itu tidak ada."))
    obligation, report = row
    verification = revision.verification
    if (
        report.state is not ReportState.VERIFIED
        or verification is None
        or revision.number != revision_number
    ):
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum membuka kembali."))
    if obligation.ended_as is not None:
        raise Conflict(_("Kewajiban lapor ini sudah dialihkan."))
    if not may_verify(
        verifier_id=by.account_id,
        own_agencies=own_agencies(by.account_id, today(by.zone)),
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
    ):
        raise NotAllowed(
            _("Laporan instansi Anda sendiri, atau yang Anda ketik, dibuka kembali orang lain.")
        )
    problems: dict[str, str] = {}
    if not reason.strip():
        problems["reason"] = _("Tulis alasannya")
    elif screening.blocks(reason):
        problems["reason"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    problems |= progress.mend_by_problems(mend_by_on, today(by.zone))
    if problems:
        raise InvalidInput(problems)
    verification.reopened_at = now()
    verification.reopened_by_id = by.account_id
    verification.reopen_reason = reason.strip()
    report.state = ReportState.RETURNED
    report.mend_by_on = mend_by_on
    report.verified_at = report.verified_by_id = None
    report.version += 1
    db.session.flush()
    progress.tell_returned(obligation, report, verification)
    record(
        "report.reopened",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        mend_by_on=mend_by_on.isoformat() if mend_by_on else "",
        verified={str(v.indicator_id): str(v.value) for v in verification.values},
    )
    return report
