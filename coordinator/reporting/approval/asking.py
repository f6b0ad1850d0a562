"""Asking the agency's head to approve a report, if the agency wants that."""

from collections.abc import Sequence

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.notices import AT_ONCE, notify
from coordinator.people.accounts.queries import recipients_of_agency
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.approval import emails
from coordinator.reporting.reports.models import HeadApproval, Report
from coordinator.reporting.reports.rules import ReportState, SubmittedVia
from coordinator.reporting.revisions.submission import mail_thread
from coordinator.reporting.settings.queries import head_approves


def heads(agency_id: int, zone: str) -> list[AccessGrant]:
    """Return the heads of an agency whose access holds today."""
    return [
        grant
        for grant in recipients_of_agency(agency_id, today(zone))
        if grant.kind is AccessKind.AGENCY_HEAD
    ]


def asks_head(agency_id: int, zone: str) -> bool:
    """Return whether an agency's head must approve its reports.

    If nobody holds that access, the report goes straight to the secretariat: it must not wait for a
    vacant post.
    """
    return head_approves(agency_id) and bool(heads(agency_id, zone))


def ask_head(
    report: Report,
    obligation: Obligation,
    *,
    form_key: str,
    via: SubmittedVia,
    by: Viewer,
    is_told: bool = True,
) -> None:
    """Lock the draft and ask the head; part of the service that submits.

    If many reports are sent at once (`is_told` False), the caller notifies the head of them
    together. Nothing is sent yet: whether a report is in time is decided when it reaches the
    secretariat.
    """
    approval = HeadApproval(
        report_id=report.id,
        form_key=form_key,
        via=via,
        asked_at=now(),
        asked_by_id=by.account_id or report.saved_by_id,
    )
    db.session.add(approval)
    before = report.state
    report.state = ReportState.AWAITING_HEAD
    report.mend_by_on = None
    report.version += 1
    db.session.flush()
    if is_told:
        notify_heads([obligation])
    record(
        "report.sent_to_head",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        before=before.value,
        via=via.value,
    )


def notify_heads(obligations: Sequence[Obligation]) -> None:
    """Queue one mail to an agency's head about its reports that wait for approval.

    Part of the service that asks for the approval.
    """
    first = obligations[0]
    waiting = db.session.scalars(
        sa.select(HeadApproval.id)
        .join(Report, Report.id == HeadApproval.report_id)
        .where(Report.obligation_id == first.id, HeadApproval.decided_at.is_(None))
    ).one()
    force = db.session.get_one(TaskForce, first.task_force_id)
    agency = called_in(first)
    # Withdrawing a report cancels its mail by this key; a mail about many reports stays.
    occasion = "head-asked" if len(obligations) == 1 else "head-asked-sheet"
    for grant in heads(agency.id, force.zone):
        notify(
            grant,
            emails.asked(
                agency=agency,
                obligations=obligations,
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=(occasion, waiting),
            kind="head_asked",
            thread=mail_thread(first),
            wait=AT_ONCE,
        )


def waiting_approval(report_id: int) -> HeadApproval | None:
    """Return the open request for the head's approval of a report."""
    return db.session.scalar(
        sa.select(HeadApproval).where(
            HeadApproval.report_id == report_id, HeadApproval.decided_at.is_(None)
        )
    )


def approvals_of(report_id: int) -> list[HeadApproval]:
    """Return the approval requests of a report, oldest first."""
    return list(
        db.session.scalars(
            sa.select(HeadApproval)
            .where(HeadApproval.report_id == report_id)
            .order_by(HeadApproval.id)
        )
    )
