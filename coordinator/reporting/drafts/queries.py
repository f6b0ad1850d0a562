"""What every service that changes a report loads: the obligation, its report, whether both can be
written in, and whether the form that is sent was sent before.

One statement loads the entities, with all that saving a text reads of them.
"""

import sqlalchemy as sa
from sqlalchemy.orm import defaultload, joinedload

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.clock import now
from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import DraftEvidence, HeadApproval, Report, ReportRevision
from coordinator.reporting.reports.rules import ReportState, is_locked, may_edit
from coordinator.translation import gettext as _

# What sending asks for besides (revisions, files) comes when it asks.
_IN_TASK_FORCE = (
    sa.select(Obligation, Report)
    .outerjoin(Report, Report.obligation_id == Obligation.id)
    .where(
        Obligation.public_id == sa.bindparam("public_id"),
        Obligation.task_force_id == sa.bindparam("task_force_id"),
    )
    .options(
        joinedload(Obligation.period),
        joinedload(Obligation.party)
        .joinedload(AssignmentParty.assignment)
        .joinedload(Assignment.action_item),
        defaultload(Report.revisions).joinedload(ReportRevision.verification),
        defaultload(Report.draft_evidence)
        .joinedload(DraftEvidence.evidence)
        .joinedload(Evidence.file),
    )
)
_OF_AGENCY = _IN_TASK_FORCE.where(Obligation.agency_id == sa.bindparam("agency_id"))
_USES_OF_KEY = sa.union_all(
    sa.select(ReportRevision.report_id, ReportRevision.submitted_by_id.label("account_id")).where(
        ReportRevision.form_key == sa.bindparam("form_key")
    ),
    sa.select(HeadApproval.report_id, HeadApproval.asked_by_id).where(
        HeadApproval.form_key == sa.bindparam("form_key")
    ),
)


def obligation_for(
    public_id: str, by: Viewer, *, is_own: bool = True
) -> tuple[Obligation, Report | None]:
    """Return an obligation of the viewer's agency and its report (None if not begun).

    With `is_own` False, of any agency of their task force. Raises NotFound.
    """
    row = db.session.execute(
        _OF_AGENCY if is_own else _IN_TASK_FORCE,
        {
            "public_id": public_id,
            "task_force_id": by.own_task_force_id,
            "agency_id": by.own_agency_id,
        },
    ).first()
    if row is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    obligation, report = row
    return obligation, report


def own_obligation(public_id: str, by: Viewer) -> tuple[Obligation, Report | None]:
    """Return what the writer's own agency owes, and its report.

    Raises NotAllowed, NotFound, Conflict.
    """
    if not by.may(Permission.WRITE_REPORTS):
        raise NotAllowed(_("Akses Anda tidak dapat menulis laporan."))
    obligation, report = obligation_for(public_id, by)
    if obligation.ended_as is ObligationEnd.TRANSFERRED:
        raise Conflict(_("Laporan ini sudah dialihkan."))
    if obligation.ended_as is not None:
        raise Conflict(_("Laporan ini sudah ditutup."))
    return obligation, report


def begin_report(obligation: Obligation, by: Viewer) -> Report:
    """Add an obligation's report with an empty draft. Raises NotAllowed."""
    if by.account_id is None:
        raise NotAllowed(_("Masuk lebih dahulu."))
    report = Report(
        obligation=obligation,
        state=ReportState.DRAFT,
        version=0,
        draft={},
        saved_at=now(),
        saved_by_id=by.account_id,
        revisions=[],
        draft_evidence=[],
    )
    db.session.add(report)
    return report


def report_to_write(obligation: Obligation, report: Report | None, by: Viewer) -> Report:
    """Return the report to write in, new where there is none.

    Raises Conflict where it is sent or its period was closed, NotAllowed.
    """
    require_unlocked(obligation, report)
    report = report or begin_report(obligation, by)
    if not may_edit(report.state):
        raise Conflict(_("Laporan ini sudah dikirim dan terkunci."))
    return report


def require_unlocked(obligation: Obligation, report: Report | None) -> None:
    """Raise Conflict if the period was closed before anything was sent.

    A report that was sent and returned can still be revised.
    """
    if is_locked(
        report.state if report else None,
        is_period_closed=obligation.period.closed_at is not None,
        was_sent=report is not None and report.first_submitted_at is not None,
    ):
        raise Conflict(_("%(title)s sudah ditutup. Draf terkunci.", title=obligation.period.title))


def all_uses_of_key(form_key: str) -> set[tuple[int, int]]:
    """Return the (report id, account id) pairs of the reports sent with a form's key.

    Sent means to the secretariat, or to a head.
    """
    if not form_key:
        return set()
    rows = db.session.execute(_USES_OF_KEY, {"form_key": form_key})
    return {(row.report_id, row.account_id) for row in rows}


def was_sent_with(report_id: int, form_key: str, by: Viewer) -> bool:
    """Return whether this person has sent the report with this form already.

    That is a double click or a lost reply. Checked inside each transaction of the form, before its
    version.
    """
    return (report_id, by.account_id) in all_uses_of_key(form_key)
