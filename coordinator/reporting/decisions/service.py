"""Asking for a decision, the secretariat's note on it, and the leadership's decision."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator import screening
from coordinator.clock import local, now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts.notices import notify
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.reporting.decisions import emails, queries
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.rules import LONGEST_ASKED_OF, LONGEST_QUESTION, DecisionState
from coordinator.reporting.reports.models import ReportRevision
from coordinator.translation import gettext as _

_WAITING = sa.select(DecisionRequest).where(
    DecisionRequest.report_id == sa.bindparam("report_id"),
    DecisionRequest.state == DecisionState.OPEN,
)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What was decided, on which day, and what it rests on (letter, minutes, meeting)."""

    text: str
    decided_on: date | None
    basis: str


def _screen(problems: dict[str, str], **texts: str) -> None:
    for field, text in texts.items():
        if screening.blocks(text):
            problems[field] = _("Ada angka seperti NIK di sini. Hapus angka itu.")


@transactional
def request_decision(
    revision: ReportRevision, question: str, asked_of: str, *, by: Viewer
) -> DecisionRequest | None:
    """Open, keep or withdraw a report's request, as its newest submission asks.

    Part of the service that submits. `question`: which decision is needed; `asked_of`: who takes
    it. The same text as before keeps the open request and its place in the queue, other text
    replaces it, and no text withdraws it. Returns the open request, or None if the submission asks
    nothing. Raises InvalidInput for the fields `decision_question` and `decision_asked_of`.
    """
    question, asked_of = question.strip(), asked_of.strip()
    waiting = db.session.scalar(_WAITING, {"report_id": revision.report_id})
    if waiting is not None and (waiting.question, waiting.asked_of) == (question, asked_of):
        return waiting
    require_request(question, asked_of)
    obligation = revision.report.obligation
    if waiting is not None:
        waiting.state = DecisionState.WITHDRAWN
        waiting.withdrawn_at = now()
        db.session.flush()
        record(
            "decision.withdrawn",
            by=by,
            subject=("decision_request", waiting.public_id),
            task_force_id=obligation.task_force_id,
            agency_id=obligation.agency_id,
        )
    if not question:
        return None
    request = DecisionRequest(
        task_force_id=obligation.task_force_id,
        report_id=revision.report_id,
        revision_id=revision.id,
        state=DecisionState.OPEN,
        question=question,
        asked_of=asked_of,
        created_at=now(),
    )
    db.session.add(request)
    db.session.flush()
    record(
        "decision.requested",
        by=by,
        subject=("decision_request", request.public_id),
        task_force_id=obligation.task_force_id,
        agency_id=obligation.agency_id,
        report=obligation.public_id,
        revision=revision.number,
    )
    return request


def require_request(question: str, asked_of: str) -> None:
    """Refuse a request that is half of one, too long, or names a victim; none at all is right.
    Raises InvalidInput for the fields `decision_question` and `decision_asked_of`."""
    if not question and not asked_of:
        return
    problems: dict[str, str] = {}
    if not question:
        problems["decision_question"] = _("Tulis keputusan apa yang dibutuhkan")
    if not asked_of:
        problems["decision_asked_of"] = _("Tulis siapa yang perlu memutuskan")
    if len(question) > LONGEST_QUESTION:
        problems["decision_question"] = _("Paling panjang 2.000 karakter.")
    if len(asked_of) > LONGEST_ASKED_OF:
        problems["decision_asked_of"] = _("Paling panjang 200 karakter.")
    _screen(problems, decision_question=question, decision_asked_of=asked_of)
    if problems:
        raise InvalidInput(problems)


def _open(public_id: str, by: Viewer) -> queries.RequestOfReport:
    asked = queries.request(by, public_id)
    if asked is None:
        raise NotFound(_("Permintaan keputusan itu tidak ada."))
    if asked.request.state is not DecisionState.OPEN:
        raise Conflict(_("Permintaan ini tidak menunggu keputusan lagi. Muat ulang halaman."))
    return asked


@transactional
def note_request(public_id: str, note: str, *, concerned: str = "", by: Viewer) -> DecisionRequest:
    """Save the secretariat's note on a request, and the other agency it is about.

    `concerned` is that agency's slug ("" for none). Raises NotAllowed, NotFound, InvalidInput,
    Conflict (decided or withdrawn meanwhile).
    """
    if not by.may(Permission.NOTE_DECISIONS) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang menulis catatan ini."))
    asked = _open(public_id, by)
    problems: dict[str, str] = {}
    if not note.strip():
        problems["note"] = _("Tulis catatan Sekretariat")
    _screen(problems, note=note)
    agency = None
    if concerned:
        agency = db.session.scalar(
            sa.select(Agency).where(
                Agency.task_force_id == by.own_task_force_id, Agency.slug == concerned
            )
        )
        if agency is None:
            problems["concerned"] = _("Pilih instansi dari daftar")
    if problems:
        raise InvalidInput(problems)
    request = asked.request
    request.note = note.strip()
    request.noted_at = now()
    request.noted_by_id = by.account_id
    request.concerned_agency_id = agency.id if agency else None
    db.session.flush()
    record(
        "decision.noted",
        by=by,
        subject=("decision_request", request.public_id),
        agency_id=asked.agency.id,
        concerned=agency.key if agency else None,
    )
    return request


@transactional
def decide_request(public_id: str, new: NewDecision, *, by: Viewer) -> DecisionRequest:
    """Decide a request, once: it leaves the queue, and both agencies get a mail two minutes later.

    The report stays as it is and can be verified. Raises NotAllowed, NotFound, InvalidInput,
    Conflict.
    """
    if not by.may(Permission.DECIDE_REQUESTS) or by.account_id is None:
        raise NotAllowed(_("Hanya pimpinan gugus tugas yang memutuskan."))
    asked = _open(public_id, by)
    request = asked.request
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    on = today(force.zone)
    problems: dict[str, str] = {}
    if not new.text.strip():
        problems["decision"] = _("Tulis keputusannya")
    if new.decided_on is None:
        problems["decided_on"] = _("Isi tanggal keputusan")
    elif new.decided_on > on:
        problems["decided_on"] = _("Tanggal keputusan tidak boleh sesudah hari ini")
    elif new.decided_on < local(request.created_at, force.zone).date():
        problems["decided_on"] = _("Tanggal ini sebelum keputusan diminta")
    if not new.basis.strip():
        problems["basis"] = _("Tulis dasarnya, misalnya nomor surat atau rapat")
    _screen(problems, decision=new.text, basis=new.basis)
    if problems:
        raise InvalidInput(problems)
    request.state = DecisionState.DECIDED
    request.decision = new.text.strip()
    request.basis = new.basis.strip()
    request.decided_on = new.decided_on
    request.decided_at = now()
    request.decided_by_id = by.account_id
    db.session.flush()
    _notify(asked, force, on)
    record(
        "decision.decided",
        by=by,
        subject=("decision_request", request.public_id),
        agency_id=asked.agency.id,
        decided_on=new.decided_on.isoformat() if new.decided_on else "",
        waited_days=(on - local(request.created_at, force.zone).date()).days,
    )
    return request


def _notify(asked: queries.RequestOfReport, force: TaskForce, on: date) -> None:
    for agency, grants in queries.recipients(asked, on):
        for grant in grants:
            notify(
                grant,
                emails.decided(
                    asked=asked, agency=agency, force=force, is_sample=grant.account.is_sample
                ),
                occasion=("decided", asked.request.id, agency.id),
                kind="decided",
                thread=f"assignment-{asked.obligation.party.assignment.public_id}",
            )
