"""Withdrawing a submission, and what makes it too late for that."""

import contextlib

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now, today
from coordinator.db import db, if_possible, transactional
from coordinator.errors import Conflict
from coordinator.people.accounts.queries import own_agencies
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails_of
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.drafts.queries import own_obligation
from coordinator.reporting.reports.models import Report, ReportRevision, RevisionOpening, Withdrawal
from coordinator.reporting.reports.rules import ReportState, may_verify
from coordinator.translation import gettext as _


def note_opening(public_id: str, *, by: Viewer) -> None:
    """Note that somebody who may judge a submission has opened it; called before its page is shown.

    A line of the access log in kind: showing the page must not fail because it cannot be written.
    """
    with contextlib.suppress(IntegrityError), if_possible():
        _note_opening(public_id, by=by)


@transactional
def _note_opening(public_id: str, *, by: Viewer) -> None:
    report = db.session.scalar(
        sa.select(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(
            Obligation.public_id == public_id,
            Obligation.task_force_id == by.own_task_force_id,
            Report.state == ReportState.SUBMITTED,
        )
    )
    revision = report.latest if report else None
    if report is None or revision is None or by.account_id is None:
        return
    can_verify = by.may(Permission.VERIFY_REPORTS) and may_verify(
        verifier_id=by.account_id,
        own_agencies=own_agencies(by.account_id, today(by.zone)),
        agency_id=report.obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
    )
    if can_verify and db.session.get(RevisionOpening, revision.id) is None:
        db.session.add(
            RevisionOpening(revision_id=revision.id, opened_at=now(), opened_by_id=by.account_id)
        )


def may_withdraw(report: Report) -> bool:
    """Return whether the newest submission can still be taken back: sent, and opened by nobody."""
    revision = report.latest
    return (
        report.state is ReportState.SUBMITTED
        and revision is not None
        and db.session.get(RevisionOpening, revision.id) is None
    )


@transactional
def withdraw_report(public_id: str, *, revision_number: int, by: Viewer) -> Report:
    """Take the newest submission back before a verifier opens it; the draft can be written again.

    Where it was the first one, nothing has been sent any more: the next one decides "on time".
    Raises NotAllowed, NotFound, Conflict.
    """
    obligation, report = own_obligation(public_id, by)
    revision = report.latest if report else None
    if report is None or revision is None or revision.number != revision_number:
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum menariknya."))
    if not may_withdraw(report):
        raise Conflict(_("Laporan ini sudah dibuka pemeriksa dan tidak dapat ditarik lagi."))
    withdraw_submission(report, revision, by=by, is_objection=False)
    cancel_emails_of(("sent", revision.id))
    record(
        "report.withdrawn",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        before=ReportState.SUBMITTED.value,
        after=report.state.value,
    )
    return report


def withdraw_submission(
    report: Report, revision: ReportRevision, *, by: Viewer, is_objection: bool
) -> None:
    """Withdraw a submission, so that it no longer counts; part of the service that records why."""
    db.session.add(
        Withdrawal(
            revision_id=revision.id,
            withdrawn_at=now(),
            withdrawn_by_id=by.account_id or 0,
            is_objection=is_objection,
        )
    )
    db.session.flush()
    db.session.refresh(revision, ["withdrawal"])
    standing = {
        row.evidence_id
        for one in report.revisions
        if one.withdrawal is None
        for row in one.evidence
    }
    for row in revision.evidence:
        if row.evidence_id not in standing:
            row.evidence.handed_in_at = None  # the agency's alone again
    request_decision(revision, "", "", by=by)  # what it asked to be decided goes with it
    before = report.latest
    report.back_to_draft()
    report.kind = before.kind if before else None
    report.submitted_at = before.submitted_at if before else None
    if before is None:
        report.first_submitted_at = None
    db.session.flush()
