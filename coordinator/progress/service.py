"""Submitting and judging reports: one per obligation, one revision per submission."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator import screening
from coordinator.accounts.queries import contacts_of_agencies, own_agencies
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory import queries as directory
from coordinator.directory.models import TaskForce
from coordinator.directory.rules import add_working_days
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound, Question
from coordinator.evidence.rules import CheckState
from coordinator.evidence.service import tick, unanswered
from coordinator.mail.service import GRACE, queue_email
from coordinator.periods.models import Obligation
from coordinator.periods.names import called_in
from coordinator.permissions import Permission, Viewer
from coordinator.plan.rules import IndicatorKind
from coordinator.progress import emails
from coordinator.progress.approval.asking import ask_head, asks_head
from coordinator.progress.drafts.service import (
    changed_by_somebody,
    own_obligation,
    report_sent_with,
    report_to_write,
    require_no_identity,
)
from coordinator.progress.links.making import mail_addresses
from coordinator.progress.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.progress.rules import (
    LONGEST_MENDING,
    MEND_WITHIN,
    Asked,
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    SubmittedVia,
    Verdict,
    may_verify,
)
from coordinator.progress.submission import (
    files_to_send,
    freeze,
    mail_thread,
    problems_of,
    require_own_key,
    tell_sent,
)
from coordinator.words import parse_number

# --- the agency's side ---------------------------------------------------------------------------


@transactional
def submit_report(
    public_id: str,
    *,
    version: int,
    form_key: str,
    confirmed: bool,
    by: Viewer,
    via: SubmittedVia = SubmittedVia.SCREEN,
    seen_files: frozenset[str] | None = None,
    is_told: bool = True,
) -> Report:
    """Freeze the draft as the next revision and hand it to the secretariat; where the agency wants
    its head's word first, lay it before the head.

    The same form sent twice (`form_key`) is one submission. `confirmed` is the sender's word that
    nothing identifies a victim. `seen_files` are the files (public ids) on the page the sender
    read: nobody sends a file they did not see. Many reports sent at once (`is_told` False) bring no
    mail each. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation = own_obligation(public_id, by)
    sent = report_sent_with(obligation, form_key, by)
    if sent is not None:
        return sent
    report = report_to_write(obligation, by)
    require_own_key(form_key, report.id)
    laid = {row.evidence.public_id for row in report.draft_evidence}
    if report.version != version or (seen_files is not None and seen_files != laid):
        raise changed_by_somebody()
    content, messages = problems_of(report.draft, obligation, by.zone)
    if not confirmed:
        messages["confirmed"] = _("Centang setelah Anda memastikan tidak ada identitas korban")
    files = files_to_send(report)
    messages |= unanswered(files)
    if content is None or messages:
        raise InvalidInput(messages)
    require_no_identity(report.draft)
    if asks_head(obligation.agency_id, by.zone):
        ask_head(report, obligation, form_key=form_key, via=via, by=by, is_told=is_told)
        return report
    before = report.state
    revision = freeze(
        report,
        obligation,
        content,
        evidence=files,
        form_key=form_key,
        via=via,
        submitted_by_id=by.account_id or report.saved_by_id,
        by=by,
    )
    if is_told:
        tell_sent(report, obligation, revision)
    record(
        "report.submitted",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        kind=content.kind.value,
        via=via.value,
        before=before.value,
        files=len(files),
    )
    return report


# --- the secretariat's side ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the verifier decided about the revision they saw."""

    revision_number: int
    identity_checked: bool = False
    # Ids of the files a person has looked at for victims' identity.
    checked_files: Collection[str] = frozenset()
    # The accepted value by indicator id, as typed; an indicator left out is accepted as reported.
    values: Mapping[int, str] | None = None
    # The texts of which the verifier said "memang benar", by indicator id.
    meant: Mapping[int, str] = field(default_factory=dict)
    shortfall_reason: ShortfallReason | None = None
    return_reason: ReturnReason | None = None
    remark: str = ""
    mend_by_on: date | None = None


def _judgeable(
    public_id: str, judgement: Judgement, by: Viewer
) -> tuple[Obligation, Report, ReportRevision]:
    if not by.may(Permission.VERIFY_REPORTS) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat memverifikasi."))
    obligation = db.session.scalar(
        sa.select(Obligation).where(
            Obligation.public_id == public_id, Obligation.task_force_id == by.own_task_force_id
        )
    )
    report = (
        db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
        if obligation
        else None
    )
    revision = report.latest if report else None
    if obligation is None or report is None or revision is None:
        raise NotFound(_("Laporan itu tidak ada."))
    if report.state is not ReportState.SUBMITTED or revision.number != judgement.revision_number:
        raise Conflict(_("Laporan ini sudah berubah. Muat ulang sebelum memutuskan."))
    if not may_verify(
        verifier_id=by.account_id,
        own_agencies=own_agencies(by.account_id, today(by.zone)),
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
    ):
        raise NotAllowed(
            _("Laporan instansi Anda sendiri, atau yang Anda ketik, diperiksa orang lain.")
        )
    if screening.blocks(judgement.remark):
        raise InvalidInput({"remark": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    return obligation, report, revision


def judged_already(
    public_id: str, judgement: Judgement, verdict: Verdict, *, by: Viewer
) -> Report | None:
    """Return the report where this very judgement of this person stands already (a double click, a
    lost reply), or None. Looked at before the state and the revision."""
    report = db.session.scalar(
        sa.select(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Obligation.public_id == public_id, Obligation.task_force_id == by.own_task_force_id)
    )
    revision = report.latest if report else None
    given = revision.verification if revision else None
    if (
        revision is None
        or given is None
        or given.reopened_at is not None
        or revision.number != judgement.revision_number
        or (given.verdict, given.verifier_id) != (verdict, by.account_id)
        or given.remark != judgement.remark
    ):
        return None
    if verdict is Verdict.RETURNED:
        said = (given.return_reason, given.mend_by_on)
        return report if said == (judgement.return_reason, judgement.mend_by_on) else None
    accepted, _is_partial = _accepted_values(revision, judgement)
    values = {row.indicator_id: row.value for row in given.values}
    same = (given.shortfall_reason, values) == (judgement.shortfall_reason, accepted)
    return report if same else None


def _verification(
    verdict: Verdict,
    obligation: Obligation,
    revision: ReportRevision,
    judgement: Judgement,
    by: Viewer,
) -> Verification:
    verification = Verification(
        revision_id=revision.id,
        verdict=verdict,
        verifier_id=by.account_id or 0,
        verifier_home_agency_id=by.home_agency_id,
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
        decided_at=now(),
        return_reason=judgement.return_reason if verdict is Verdict.RETURNED else None,
        shortfall_reason=judgement.shortfall_reason if verdict is Verdict.VERIFIED else None,
        remark=judgement.remark,
        mend_by_on=judgement.mend_by_on if verdict is Verdict.RETURNED else None,
        identity_checked=judgement.identity_checked,
    )
    db.session.add(verification)
    db.session.flush()
    return verification


@transactional
def verify_report(public_id: str, judgement: Judgement, *, by: Viewer) -> Report:
    """Accept a submission, whole or in part: what is verified may be less than was reported.

    Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    same = judged_already(public_id, judgement, Verdict.VERIFIED, by=by)
    if same is not None:
        return same
    obligation, report, revision = _judgeable(public_id, judgement, by)
    accepted, is_partial = _accepted_values(revision, judgement)
    problems = {
        f"file-{row.evidence.public_id}": _("Berkas ini sedang ditinjau. Putuskan itu dahulu.")
        for row in revision.evidence
        if row.evidence.is_hidden
    }
    problems |= {
        f"file-{row.evidence.public_id}": _("Buka berkas ini, lalu centang")
        for row in revision.evidence
        if row.evidence.check_state is CheckState.WAITING
        and row.evidence.file_id is not None
        and row.evidence.public_id not in judgement.checked_files
    }
    if not judgement.identity_checked:
        problems["identity_checked"] = _(
            "Centang setelah memastikan tidak ada identitas korban/saksi"
        )
    if is_partial and judgement.shortfall_reason is None:
        problems["shortfall_reason"] = _("Pilih alasan selisih")
    if problems:
        raise InvalidInput(problems)
    verification = _verification(Verdict.VERIFIED, obligation, revision, judgement, by)
    db.session.add_all(
        VerifiedValue(verification_id=verification.id, indicator_id=indicator_id, value=value)
        for indicator_id, value in accepted.items()
    )
    for row in revision.evidence:
        if row.evidence.public_id in judgement.checked_files:
            tick(row.evidence, by=by)
    report.state = ReportState.VERIFIED
    report.verified_at = verification.decided_at
    report.verified_by_id = by.account_id
    report.version += 1
    db.session.flush()
    record(
        "report.verified",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        reported={str(v.indicator_id): str(v.value) for v in revision.values},
        verified={str(key): str(value) for key, value in accepted.items()},
        files_checked=sum(
            row.evidence.public_id in judgement.checked_files for row in revision.evidence
        ),
    )
    return report


def _accepted_values(
    revision: ReportRevision, judgement: Judgement
) -> tuple[dict[int, Decimal], bool]:
    """Return the accepted value of each indicator, and whether any is less than reported."""
    accepted: dict[int, Decimal] = {}
    wrong: dict[str, str] = {}
    is_partial = False
    typed = judgement.values or {}
    for reported in revision.values:
        text = typed.get(reported.indicator_id)
        item = Asked(reported.indicator_id, reported.indicator.kind)
        plain = text
        if text is not None and item.kind is IndicatorKind.PERCENT:
            plain = text.strip().removesuffix("%")
        value = reported.value if plain is None else parse_number(plain)
        if value is None:
            wrong[item.field] = _("Isi dengan angka, misalnya 3")
            continue
        is_choice = item.kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE)
        if value > reported.value or (is_choice and value not in (0, 1)):
            wrong[item.field] = _("Terverifikasi tidak boleh melebihi yang dilaporkan")
            continue
        # What was reported was asked about when it was reported.
        question = item.question(text) if text and value != reported.value else ""
        if question and judgement.meant.get(reported.indicator_id) != text:
            wrong[item.field] = Question(question)
        is_partial = is_partial or value < reported.value
        accepted[reported.indicator_id] = value
    if wrong:
        raise InvalidInput(wrong)
    return accepted, is_partial


@transactional
def return_report(public_id: str, judgement: Judgement, *, by: Viewer) -> Report:
    """Send a submission back with a reason, a sentence and a mend-by date, and tell the agency.

    The default date is three working days from today. Raises NotAllowed, NotFound, Conflict,
    InvalidInput.
    """
    same = judged_already(public_id, judgement, Verdict.RETURNED, by=by)
    if same is not None:
        return same
    obligation, report, revision = _judgeable(public_id, judgement, by)
    on = today(by.zone)
    messages: dict[str, str] = {}
    if judgement.return_reason is None:
        messages["return_reason"] = _("Pilih alasan pengembalian")
    if not judgement.remark.strip():
        messages["remark"] = _("Tulis satu kalimat tentang apa yang perlu diperbaiki")
    messages |= mend_by_problems(judgement.mend_by_on, on)
    if messages:
        raise InvalidInput(messages)
    verification = _verification(Verdict.RETURNED, obligation, revision, judgement, by)
    report.state = ReportState.RETURNED
    report.mend_by_on = judgement.mend_by_on
    report.version += 1
    db.session.flush()
    tell_returned(obligation, report, verification)
    record(
        "report.returned",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        revision=revision.number,
        reason=judgement.return_reason.value if judgement.return_reason else "",
        mend_by_on=judgement.mend_by_on.isoformat() if judgement.mend_by_on else "",
    )
    return report


def mend_by_problems(mend_by_on: date | None, on: date) -> dict[str, str]:
    """Return what is wrong with the day by which a report must be mended, for its field."""
    if mend_by_on is None or mend_by_on <= on:
        return {"mend_by_on": _("Isi tanggal sesudah hari ini")}
    if (mend_by_on - on).days > LONGEST_MENDING:
        return {"mend_by_on": _("Paling lama %(n)s hari lagi", n=LONGEST_MENDING)}
    return {}


def default_mend_by(zone: str) -> date:
    """Return the day a returned report is asked back by, unless the verifier says otherwise."""
    return add_working_days(today(zone), MEND_WITHIN, directory.days_off())


def tell_returned(obligation: Obligation, report: Report, verification: Verification) -> None:
    """Queue the mail about a report that goes back to its agency, returned or reopened. Part of
    the service that sends it back."""
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    grants = contacts_of_agencies({agency.id}, today(force.zone))[agency.id]
    links = mail_addresses([(obligation, grant) for grant in grants])
    for grant in grants:
        queue_email(
            emails.returned(
                agency=agency,
                obligation=obligation,
                report=report,
                verification=verification,
                force=force,
                is_sample=grant.account.is_sample,
                link=links[obligation.id, grant.id],
            ),
            occasion=("reopened" if verification.reopened_at else "returned", verification.id),
            kind="returned",
            to_address=grant.account.mail_address,
            account_id=grant.account_id,
            task_force_id=force.id,
            thread=mail_thread(obligation),
            not_before=now() + GRACE,
        )


def reported_total(revision: ReportRevision) -> Decimal | None:
    """Return the value of a revision's first indicator, for a one-line summary."""
    return revision.values[0].value if revision.values else None


def is_achievement(revision: ReportRevision) -> bool:
    """Tell whether a revision reports an achievement (not nil, not blocked)."""
    return revision.kind is ReportKind.ACHIEVEMENT
