"""The submission that a verdict is given on, and the verdict it has already."""

from datetime import date, datetime

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import is_within, now, today
from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.people.accounts.queries import own_agencies
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import Report, ReportRevision, Verification
from coordinator.reporting.reports.rules import ReportState, Verdict, may_verify
from coordinator.reporting.verification.rules import UNDO_WITHIN, may_undo
from coordinator.translation import gettext as _


def _report(public_id: str, by: Viewer) -> tuple[Obligation, Report, ReportRevision] | None:
    row = db.session.execute(
        sa.select(Obligation, Report)
        .join(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.public_id == public_id, Obligation.task_force_id == by.own_task_force_id)
    ).first()
    revision = row[1].latest if row else None
    return (row[0], row[1], revision) if row and revision else None


def _may_verify(
    obligation: Obligation, revision: ReportRevision, verifier_id: int, on: date
) -> bool:
    return may_verify(
        verifier_id=verifier_id,
        own_agencies=own_agencies(verifier_id, on),
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
    )


def submission_to_verify(
    public_id: str, revision_number: int, by: Viewer
) -> tuple[Obligation, Report, ReportRevision]:
    """Return a report that waits for a verdict, with the submission that the verifier saw.

    Raises NotAllowed (no verifier, or their own agency's or typing), NotFound, Conflict (a verdict
    or a newer submission came between).
    """
    if not by.may(Permission.VERIFY_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat memverifikasi."))
    found = _report(public_id, by)
    if found is None:
        raise NotFound(_("Laporan itu tidak ada."))
    obligation, report, revision = found
    if report.state is not ReportState.SUBMITTED or revision.number != revision_number:
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum memutuskan."))
    if not _may_verify(obligation, revision, by.account_id, today(by.zone)):
        raise NotAllowed(
            _("Laporan instansi Anda sendiri, atau yang Anda ketik, diperiksa orang lain.")
        )
    return found


def verdict_to_reopen(
    public_id: str, revision_number: int, by: Viewer
) -> tuple[Obligation, Report, ReportRevision, Verification]:
    """Return a verified report with the submission and the verdict that the verifier saw.

    Raises NotAllowed (as for a verdict), NotFound, Conflict (not verified any more, another
    submission, or the agency owes the report no more).
    """
    if not by.may(Permission.VERIFY_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat membuka kembali verifikasi."))
    found = _report(public_id, by)
    if found is None:
        raise NotFound(_("Laporan itu tidak ada."))
    obligation, report, revision = found
    verification = revision.verification
    if (
        report.state is not ReportState.VERIFIED
        or verification is None
        or revision.number != revision_number
    ):
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum membuka kembali."))
    if obligation.ended_as is not None:
        raise Conflict(_("Laporan ini sudah dialihkan."))
    if not _may_verify(obligation, revision, by.account_id, today(by.zone)):
        raise NotAllowed(
            _("Laporan instansi Anda sendiri, atau yang Anda ketik, dibuka kembali orang lain.")
        )
    return obligation, report, revision, verification


def verdict_to_undo(
    public_id: str, version: int, by: Viewer
) -> tuple[Obligation, Report, ReportRevision, Verification]:
    """Return the report, the submission and the verdict that this verifier may still undo.

    `version` is the report's after the verdict. Raises NotAllowed (another person's verdict too),
    NotFound, Conflict (the time has passed, or something happened since).
    """
    if not by.may(Permission.VERIFY_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat memverifikasi."))
    found = _report(public_id, by)
    if found is None:
        raise NotFound(_("Laporan itu tidak ada."))
    obligation, report, revision = found
    verification = revision.verification
    if verification is None or report.version != version or obligation.ended_as is not None:
        raise Conflict(_("Laporan ini sudah berubah: keputusannya tidak dapat diurungkan lagi."))
    if verification.verifier_id != by.account_id:
        raise NotAllowed(_("Keputusan orang lain tidak dapat Anda urungkan."))
    if not may_undo(
        verification.verdict,
        report.state,
        decided_at=verification.decided_at,
        saved_at=report.saved_at,
        is_new=is_within(UNDO_WITHIN, verification.decided_at, now()),
    ) or _got_files_since(obligation, verification.decided_at):
        raise Conflict(
            _("Sudah lewat 60 detik, atau laporannya sudah berubah. Keputusannya tetap berlaku.")
        )
    return obligation, report, revision, verification


def _got_files_since(obligation: Obligation, at: datetime) -> bool:
    """Return whether a file was attached to the report since: the agency works on it."""
    query = sa.select(Evidence.id).where(
        Evidence.obligation_id == obligation.id, Evidence.uploaded_at > at
    )
    return db.session.scalar(query.limit(1)) is not None


def own_verdict(
    public_id: str, revision_number: int, verdict: Verdict, by: Viewer
) -> tuple[Report, ReportRevision, Verification] | None:
    """Return this person's verdict of a kind on this submission, if it was not taken back."""
    found = _report(public_id, by)
    given = found[2].verification if found else None
    if (
        found is None
        or given is None
        or given.reopened_at is not None
        or found[2].number != revision_number
        or (given.verdict, given.verifier_id) != (verdict, by.account_id)
    ):
        return None
    return found[1], found[2], given
