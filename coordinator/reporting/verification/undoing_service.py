"""Undoing a verdict while it is new, as if it had not been given."""

from coordinator.db import db, transactional
from coordinator.errors import Conflict
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails_of
from coordinator.platform.mail.thread_queries import all_unsent
from coordinator.reporting.evidence.service import undo_check
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.verification.verdict_queries import verdict_to_undo
from coordinator.translation import gettext as _


@transactional
def undo_verdict(public_id: str, *, version: int, by: Viewer) -> Report:
    """Undo this verifier's verdict of the last 60 seconds, without a reason.

    The report waits for a verdict again, the files the verifier ticked wait for a person again, and
    the mail about a returned report is cancelled. The row of the verdict goes; the audit trail
    keeps both acts. `version` is the report's after the verdict. Raises NotAllowed, NotFound,
    Conflict.
    """
    obligation, report, revision, verification = verdict_to_undo(public_id, version, by)
    occasion = ("returned", verification.id)
    if not all_unsent(occasion):
        raise Conflict(_("Email tentang keputusan ini sudah dikirim. Keputusannya tetap berlaku."))
    mails = cancel_emails_of(occasion)
    files = sum(
        undo_check(row.evidence, at=verification.decided_at, by=by) for row in revision.evidence
    )
    verified = {str(one.indicator_id): str(one.value) for one in verification.values}
    before, decided_at = report.state, verification.decided_at
    for value in verification.values:
        db.session.delete(value)
    db.session.flush()
    db.session.delete(verification)
    report.state = ReportState.SUBMITTED
    report.mend_by_on = report.verified_at = report.verified_by_id = None
    report.version += 1
    db.session.flush()
    db.session.expire(revision, ["verification"])
    record(
        "report.verdict_undone",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        before=before.value,
        after=report.state.value,
        decided_at=decided_at.isoformat(),
        verified=verified,
        files_unchecked=files,
        mails_cancelled=mails,
    )
    return report
