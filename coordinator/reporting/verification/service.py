"""Verifying a submission, whole or in part."""

from decimal import Decimal

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import FieldQuestion, InvalidInput
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.evidence.rules import CheckState
from coordinator.reporting.evidence.service import mark_checked
from coordinator.reporting.reports.models import Report, ReportRevision, Verification, VerifiedValue
from coordinator.reporting.reports.rules import AskedIndicator, ReportState, Verdict
from coordinator.reporting.verification.rules import ValueProblem, VerifyInput, accepted_value
from coordinator.reporting.verification.verdict_queries import own_verdict, submission_to_verify
from coordinator.translation import gettext as _


@transactional
def verify_report(public_id: str, given: VerifyInput, *, by: Viewer) -> Report:
    """Accept a submission, whole or in part: what is verified may be less than was reported.

    The same verdict sent twice is one. Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    done = verified_already(public_id, given, by=by)
    if done is not None:
        return done
    obligation, report, revision = submission_to_verify(public_id, given.revision_number, by)
    accepted = _accepted_values(revision, given)
    is_partial = any(accepted[one.indicator_id] < one.value for one in revision.values)
    problems = _identity_problems(revision, given)
    if is_partial and given.shortfall_reason is None:
        problems["shortfall_reason"] = _("Pilih alasan selisih")
    if problems:
        raise InvalidInput(problems)
    verification = Verification(
        revision_id=revision.id,
        verdict=Verdict.VERIFIED,
        verifier_id=by.account_id or 0,
        verifier_home_agency_id=by.home_agency_id,
        agency_id=obligation.agency_id,
        submitted_by_id=revision.submitted_by_id,
        decided_at=now(),
        shortfall_reason=given.shortfall_reason,
        identity_checked=True,
    )
    db.session.add(verification)
    db.session.flush()
    db.session.add_all(
        VerifiedValue(verification_id=verification.id, indicator_id=indicator_id, value=value)
        for indicator_id, value in accepted.items()
    )
    checked = [
        row.evidence for row in revision.evidence if row.evidence.public_id in given.checked_files
    ]
    for evidence in checked:
        mark_checked(evidence, at=verification.decided_at, by=by)
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
        files_checked=len(checked),
    )
    return report


def verified_already(public_id: str, given: VerifyInput, *, by: Viewer) -> Report | None:
    """Return the report if this person has given the same verdict already, or None.

    That is a double click or a lost reply. Call it before checking the state and the submission.
    Raises InvalidInput.
    """
    found = own_verdict(public_id, given.revision_number, Verdict.VERIFIED, by)
    if found is None:
        return None
    report, revision, verification = found
    values = {row.indicator_id: row.value for row in verification.values}
    is_same = verification.shortfall_reason is given.shortfall_reason and (
        values == _accepted_values(revision, given)
    )
    return report if is_same else None


def _identity_problems(revision: ReportRevision, given: VerifyInput) -> dict[str, str]:
    """Return what is still to be looked at for victims' identity, by field.

    A file that waits for a person needs its own tick, which speaks of the report's texts too. Only
    where no file was ticked, the report as a whole is.
    """
    problems = {}
    is_seen, waits = given.identity_checked, False
    for evidence in (row.evidence for row in revision.evidence):
        is_seen = is_seen or evidence.public_id in given.checked_files
        must_be_seen = evidence.check_state is CheckState.WAITING and evidence.file_id is not None
        waits = waits or must_be_seen
        if must_be_seen and evidence.public_id not in given.checked_files:
            problems[f"file-{evidence.public_id}"] = _("Buka berkas ini, lalu centang")
        elif evidence.is_hidden:
            problems[f"file-{evidence.public_id}"] = _(
                "Berkas ini sedang ditinjau. Putuskan itu dahulu."
            )
    if not is_seen and not waits:
        problems["identity_checked"] = _(
            "Centang setelah memastikan tidak ada identitas korban/saksi"
        )
    return problems


def _accepted_values(revision: ReportRevision, given: VerifyInput) -> dict[int, Decimal]:
    """Return the accepted value of each reported indicator. Raises InvalidInput."""
    accepted: dict[int, Decimal] = {}
    problems: dict[str, str] = {}
    for reported in revision.values:
        text = given.values.get(reported.indicator_id)
        item = AskedIndicator(reported.indicator_id, reported.indicator.kind)
        value = accepted_value(text, reported.value, item.kind)
        if value is ValueProblem.NOT_A_NUMBER:
            problems[item.field] = _("Isi dengan angka, misalnya 3")
        elif isinstance(value, ValueProblem):
            problems[item.field] = _("Terverifikasi tidak boleh melebihi yang dilaporkan")
        else:
            accepted[reported.indicator_id] = value
            # What was reported was asked about when it was reported.
            question = item.question(text) if text and value != reported.value else ""
            if question and given.confirmed.get(reported.indicator_id) != text:
                problems[item.field] = FieldQuestion(question)
    if problems:
        raise InvalidInput(problems)
    return accepted
