"""Sending a report back to its agency: a submission returned, a verdict taken back."""

from datetime import date

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.mail_links.tokens import mail_addresses
from coordinator.reporting.reports.models import Report, Verification
from coordinator.reporting.reports.rules import ReportState, Verdict
from coordinator.reporting.revisions.submission import mail_thread
from coordinator.reporting.verification import emails
from coordinator.reporting.verification.rules import (
    LONGEST_REVISION,
    REVISE_WITHIN,
    ReturnInput,
    ReviseByProblem,
    revise_by_problem,
)
from coordinator.reporting.verification.verdict_queries import (
    own_verdict,
    submission_to_verify,
    verdict_to_reopen,
)
from coordinator.translation import gettext as _


def default_revise_by(zone: str) -> date:
    """Return the default day to revise a report by: three working days from today."""
    return add_working_days(today(zone), REVISE_WITHIN, directory.days_off())


@transactional
def return_report(public_id: str, given: ReturnInput, *, by: Viewer) -> Report:
    """Send a submission back for revision and notify the agency.

    It gets a reason, a sentence and a day to revise it by. The same verdict sent twice is one.
    Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    done = returned_already(public_id, given, by=by)
    if done is not None:
        return done
    obligation, report, revision = submission_to_verify(public_id, given.revision_number, by)
    if screening.blocks(given.remark):
        raise InvalidInput({"remark": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    problems: dict[str, str] = {}
    if given.return_reason is None:
        problems["return_reason"] = _("Pilih alasan pengembalian")
    if not given.remark.strip():
        problems["remark"] = _("Tulis satu kalimat tentang apa yang perlu diperbaiki")
    problems |= _revise_by_problems(given.revise_by_on, today(by.zone))
    if problems:
        raise InvalidInput(problems)
    verification = Verification(
        revision_id=revision.id,
        verdict=Verdict.RETURNED,
        verifier_id=by.account_id or 0,
        verifier_home_agency_id=by.home_agency_id,
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
        decided_at=now(),
        return_reason=given.return_reason,
        remark=given.remark,
        mend_by_on=given.revise_by_on,
        identity_checked=given.identity_checked,
    )
    db.session.add(verification)
    db.session.flush()
    report.state = ReportState.RETURNED
    report.mend_by_on = given.revise_by_on
    report.version += 1
    db.session.flush()
    _notify_agency(obligation, report, verification)
    record(
        "report.returned",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        reason=given.return_reason.value if given.return_reason else "",
        mend_by_on=given.revise_by_on.isoformat() if given.revise_by_on else "",
    )
    return report


def returned_already(public_id: str, given: ReturnInput, *, by: Viewer) -> Report | None:
    """Return the report if this person has returned it with the same text already, or None.

    That is a double click or a lost reply. Call it before checking the state and the submission.
    """
    found = own_verdict(public_id, given.revision_number, Verdict.RETURNED, by)
    if found is None:
        return None
    report, _revision, verification = found
    said = (verification.return_reason, verification.remark, verification.mend_by_on)
    return report if said == (given.return_reason, given.remark, given.revise_by_on) else None


@transactional
def reopen_report(
    public_id: str, *, revision_number: int, reason: str, revise_by_on: date | None, by: Viewer
) -> Report:
    """Take a verdict back: its values no longer count, and the report is returned to its agency.

    This is the only way from verified to returned. Those who may verify may reopen. Raises
    NotAllowed, NotFound, InvalidInput, Conflict (not verified any more, or another submission than
    the one seen).
    """
    obligation, report, revision, verification = verdict_to_reopen(public_id, revision_number, by)
    problems: dict[str, str] = {}
    if not reason.strip():
        problems["reason"] = _("Tulis alasannya")
    elif screening.blocks(reason):
        problems["reason"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    problems |= _revise_by_problems(revise_by_on, today(by.zone))
    if problems:
        raise InvalidInput(problems)
    verification.reopened_at = now()
    verification.reopened_by_id = by.account_id
    verification.reopen_reason = reason.strip()
    report.state = ReportState.RETURNED
    report.mend_by_on = revise_by_on
    report.verified_at = report.verified_by_id = None
    report.version += 1
    db.session.flush()
    _notify_agency(obligation, report, verification)
    record(
        "report.reopened",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        mend_by_on=revise_by_on.isoformat() if revise_by_on else "",
        verified={str(v.indicator_id): str(v.value) for v in verification.values},
    )
    return report


def _revise_by_problems(revise_by_on: date | None, on: date) -> dict[str, str]:
    problem = revise_by_problem(revise_by_on, on)
    if problem is ReviseByProblem.NOT_LATER:
        return {"mend_by_on": _("Isi tanggal sesudah hari ini")}
    if problem is ReviseByProblem.TOO_FAR:
        return {"mend_by_on": _("Paling lama %(n)s hari lagi", n=LONGEST_REVISION)}
    return {}


def _notify_agency(obligation: Obligation, report: Report, verification: Verification) -> None:
    """Queue the mail about a report that goes back to its agency, returned or reopened."""
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    grants = contacts_of_agencies({agency.id}, today(force.zone))[agency.id]
    links = mail_addresses([(obligation, grant) for grant in grants])
    for grant in grants:
        notify(
            grant,
            emails.returned(
                agency=agency,
                obligation=obligation,
                report=report,
                verification=verification,
                force=force,
                is_sample=grant.account.is_sample,
                link=links[obligation.id, grant.id],
            ),
            # With the version: after an undo SQLite may give the verdict's id once more.
            occasion=(
                "reopened" if verification.reopened_at else "returned",
                verification.id,
                report.version,
            ),
            kind="returned",
            thread=mail_thread(obligation),
        )
