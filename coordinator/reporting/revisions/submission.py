"""From a draft to a frozen submission: the steps shared by every way of sending a report.

Called inside the service that sends (from the screen, from a mail, after the head's approval, from
paper), which also writes the audit entry.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from coordinator import numbers
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.clock import now, today
from coordinator.db import Model, db
from coordinator.errors import Conflict, FieldQuestion
from coordinator.people.accounts.notices import AT_ONCE, notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.mail.service import cancel_emails_of
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.drafts.service import asked_in
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.service import hand_in
from coordinator.reporting.reports import emails
from coordinator.reporting.reports.last_answer import previous_values
from coordinator.reporting.reports.models import (
    LONGEST_KEY,
    IndicatorValue,
    Report,
    ReportRevision,
    RevisionEvidence,
)
from coordinator.reporting.reports.rules import (
    VERIFY_WITHIN,
    AskedIndicator,
    Content,
    FieldProblem,
    ReportState,
    SubmittedVia,
    Verdict,
    read_draft,
)
from coordinator.reporting.reports.targets import asked_items, targets_of
from coordinator.translation import gettext as _


def mail_thread(obligation: Obligation) -> str:
    """Return the thread of mails about an obligation's assignment."""
    return f"assignment-{obligation.party.assignment.public_id}"


def require_own_key(
    form_key: str, uses: Collection[tuple[int, int]], report_id: int | None
) -> None:
    """Raise Conflict for the key of another report's form, or one that no form of ours made.

    Such a key could not be stored. `uses` are the key's own (`all_uses_of_key`).
    """
    if len(form_key) > LONGEST_KEY or any(used_by != report_id for used_by, _account_id in uses):
        raise Conflict(_("Formulir ini milik laporan lain. Muat ulang, lalu kirim lagi."))


def problem_text(field: str, problem: FieldProblem, unit: str) -> str:
    """Return the message for a field that keeps a report from being sent."""
    if problem is FieldProblem.NOT_A_NUMBER:
        return _("Isi jumlah %(unit)s dengan angka, misalnya 3", unit=unit)
    if problem is FieldProblem.NOT_A_DATE:
        return _("Tulis tanggal seperti 12/11/2026")
    if problem is FieldProblem.NOT_YET:
        return _("Tanggal itu belum terjadi")
    words = {
        "kind": _("Pilih apa yang Anda laporkan"),
        "note": _("Tulis satu kalimat tentang dukungan yang diberikan"),
        "nil_reason": _("Tulis alasan nihil"),
        "blocked_by": _("Tulis pihak yang ditunggu"),
        "decision_question": _("Tulis keputusan apa yang dibutuhkan"),
        "decision_asked_of": _("Tulis siapa yang perlu memutuskan"),
    }
    return words.get(field, _("Isi jumlah %(unit)s dengan angka, misalnya 3", unit=unit))


def problems_of(
    draft: Mapping[str, str],
    obligation: Obligation,
    report: Report | None,
    zone: str,
    *,
    asks: bool = True,
) -> tuple[Content | None, dict[str, str]]:
    """Return what a draft says, and in words what keeps it from being sent, by field.

    `asks`: whether unlikely numbers are asked about. What its writer has sent is not asked again.
    """
    indicators = asked_in(obligation, report)
    items = (
        _items(obligation, indicators)
        if asks
        else [AskedIndicator(i.id, i.kind) for i in indicators]
    )
    units = {AskedIndicator(i.id, i.kind).field: i.unit for i in indicators}
    is_lead = obligation.party.kind is PartyKind.LEAD
    return problems_with(draft, items, units, is_lead=is_lead, zone=zone, asks=asks)


def problems_with(
    draft: Mapping[str, str],
    items: Sequence[AskedIndicator],
    units: Mapping[str, str],
    *,
    is_lead: bool,
    zone: str,
    asks: bool = True,
) -> tuple[Content | None, dict[str, str]]:
    """Do what `problems_of` says for what is asked; `units` are those of the values, by field."""
    content, problems = read_draft(draft, asked=items, is_lead=is_lead, on=today(zone), asks=asks)
    asked = {one.field: one for one in items}
    return content, {
        field: FieldQuestion(question_text(asked.get(field), draft[field]))
        if problem is FieldProblem.ASKED
        else problem_text(field, problem, units.get(field, _("dukungan")))
        for field, problem in problems.items()
    }


def _items(obligation: Obligation, indicators: Sequence[Indicator]) -> list[AskedIndicator]:
    if not indicators:
        return []
    return asked_items(
        indicators,
        targets_of(obligation.party.assignment.targets, obligation.period),
        previous_values(obligation.party_id, obligation.period),
    )


def question_text(of: AskedIndicator | None, text: str) -> str:
    """Return what is asked about a typed number of an indicator, or of the support given."""
    return of.question(text) if of else numbers.asked_of(text, is_percent=False)


def files_to_send(report: Report) -> list[Evidence]:
    """Return the files that are sent with a draft: all that were not withdrawn.

    A file under review is sent too, still hidden: a claim by others delays nobody's report.
    """
    return [row.evidence for row in report.draft_evidence if row.evidence.withdrawn_at is None]


def freeze(
    report: Report,
    obligation: Obligation,
    content: Content,
    *,
    evidence: Sequence[Evidence],
    form_key: str,
    via: SubmittedVia,
    submitted_by_id: int,
    by: Viewer,
) -> ReportRevision:
    """Add the next revision and hand the report to the secretariat.

    The first one decides "on time". A decision that is asked for joins the leadership's queue.
    """
    stamp = now()
    revision = ReportRevision(
        number=len(report.revisions) + 1,
        form_key=form_key,
        kind=content.kind,
        note=content.note,
        held_on=content.held_on,
        place=content.place,
        nil_reason=content.nil_reason,
        blocked_by=content.blocked_by,
        contribution=content.contribution,
        via=via,
        submitted_at=stamp,
        submitted_by_id=submitted_by_id,
        verification=None,
        withdrawal=None,
    )
    report.revisions.append(revision)
    hand_in(evidence)
    report.state = ReportState.SUBMITTED
    report.kind = content.kind
    report.first_submitted_at = report.first_submitted_at or stamp
    report.submitted_at = stamp
    report.mend_by_on = None
    report.version += 1
    report.number = report.number or f"LAP-{obligation.period.year}-{report.id:05d}"
    db.session.flush()
    _insert(
        IndicatorValue,
        [
            {"revision_id": revision.id, "indicator_id": indicator_id, "value": value}
            for indicator_id, value in content.values.items()
        ],
    )
    _insert(
        RevisionEvidence,
        [{"revision_id": revision.id, "evidence_id": one.id} for one in evidence],
    )
    request_decision(revision, content.decision_question, content.decision_asked_of, by=by)
    cancel_mails_about_verdicts(report)
    return revision


def _insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows by one statement, however many; entities would take one each."""
    if rows:
        db.session.execute(sa.insert(model), rows)


def cancel_mails_about_verdicts(report: Report) -> None:
    """Cancel the mails about returning this report, and about no other report.

    The thread of the mails covers all agencies and periods of an assignment.
    """
    for one in report.revisions:
        verdict = one.verification
        if verdict is not None and verdict.verdict is Verdict.RETURNED:
            cancel_emails_of(("returned", verdict.id))
        elif verdict is not None and verdict.reopened_at is not None:
            cancel_emails_of(("reopened", verdict.id))


def notify_sent(report: Report, obligation: Obligation, revision: ReportRevision) -> None:
    """Queue the receipt to the person who sent the report.

    After a link of a mail it goes to all contacts of the agency, so that nobody sends in its name
    unnoticed.
    """
    force = db.session.get_one(TaskForce, obligation.task_force_id)
    agency = called_in(obligation)
    on = today(force.zone)
    for grant in contacts_of_agencies({agency.id}, on)[agency.id]:
        is_sender = grant.account_id == revision.submitted_by_id
        if not is_sender and revision.via is not SubmittedVia.MAIL_LINK:
            continue
        notify(
            grant,
            emails.sent(
                agency=agency,
                obligation=obligation,
                report=report,
                by_link=revision.via is SubmittedVia.MAIL_LINK,
                to_sender=is_sender,
                verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=("sent", revision.id),
            kind="sent",
            thread=mail_thread(obligation),
            wait=AT_ONCE,
        )
