"""An agency's answers to its duties, and the messages about them."""

from collections.abc import Sequence

import sqlalchemy as sa

from coordinator import screening
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers import campaign_queries, queries
from coordinator.mapping.answers.campaign_service import cancel_what_is_answered
from coordinator.mapping.answers.models import DutyMessage, DutyResponse, PublishedQuestion
from coordinator.mapping.answers.notices import notify_message, notify_question
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.people.directory.models import Agency
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@transactional
def answer_duty(
    duty_id: int,
    answer: Answer,
    *,
    reason: str = "",
    suggested_agency_id: int | None = None,
    seen_version: int | None = None,
    by: Viewer,
) -> DutyResponse:
    """Record an agency's answer to the current version of a duty.

    `seen_version` is the mapping version that the person read, so that nobody accepts a later
    wording unseen.

    A question or a refusal needs a reason; until a ruling the duty is in dispute and no report that
    depends on it alone is requested. The secretariat and the suggested agency are notified.
    The same answer sent twice by the same person is recorded once and sends one mail.
    Raises NotAllowed, NotFound, InvalidInput, Conflict (the duty changed since `seen_version`).
    """
    response = _answer(
        duty_id,
        answer,
        reason=reason,
        suggested_agency_id=suggested_agency_id,
        seen_version=seen_version,
        by=by,
    )
    cancel_what_is_answered(by)
    return response


def _answer(
    duty_id: int,
    answer: Answer,
    *,
    reason: str = "",
    suggested_agency_id: int | None = None,
    seen_version: int | None = None,
    by: Viewer,
) -> DutyResponse:
    revision = _own_revision(duty_id, by)
    words = (reason.strip() or None) if answer is not Answer.ACCEPTED else None
    same = _said_already(
        revision, answer, words, suggested_agency_id if answer is Answer.NOT_OURS else None, by
    )
    if same is not None:
        return same
    if seen_version is not None and revision.substance_since > seen_version:
        raise Conflict(
            _("Tugas ini baru saja berubah. Baca bunyinya yang sekarang, lalu jawab lagi.")
        )
    if answer is not Answer.ACCEPTED:
        _require_reason(reason)
    if suggested_agency_id is not None:
        other = db.session.get(Agency, suggested_agency_id)
        if other is None or other.task_force_id != by.own_task_force_id or not other.is_active:
            raise InvalidInput({"suggested_agency": _("Pilih instansi dari daftar.")})
        if other.id == revision.agency_id:
            raise InvalidInput({"suggested_agency": _("Pilih instansi lain, bukan instansi Anda.")})
    response = DutyResponse(
        duty_id=duty_id,
        duty_revision_id=revision.id,
        agency_id=revision.agency_id,
        answer=answer,
        reason=words,
        suggested_agency_id=suggested_agency_id if answer is Answer.NOT_OURS else None,
        answered_by_id=by.account_id,
        answered_as=by.kind,
        answered_at=now(),
    )
    db.session.add(response)
    db.session.flush()
    if answer is not Answer.ACCEPTED:
        notify_question(response, by)
    record(
        "duty.answered",
        by=by,
        subject=("duty", revision.duty.public_id),
        agency_id=revision.agency_id,
        answer=answer.value,
    )
    return response


@transactional
def accept_duties(duty_ids: Sequence[int], *, seen_version: int | None = None, by: Viewer) -> int:
    """Accept several duties at once, "where clear"; return how many were not accepted before.

    Raises NotAllowed, NotFound, Conflict (one of them changed since `seen_version`).
    """
    known = {own.revision.duty_id: own.state for own in campaign_queries.own_duties(by)}
    left = [duty_id for duty_id in duty_ids if known.get(duty_id) != "accepted"]
    for duty_id in left:
        _answer(duty_id, Answer.ACCEPTED, seen_version=seen_version, by=by)
    if left:
        cancel_what_is_answered(by)
    return len(left)


def _said_already(
    revision: DutyRevision, answer: Answer, reason: str | None, suggested: int | None, by: Viewer
) -> DutyResponse | None:
    """Return the newest answer to this wording where it is the same person's same words, and
    neither a ruling nor a campaign that asks to confirm it has followed: a double click, a lost
    reply."""
    newest = db.session.scalar(
        sa.select(DutyResponse)
        .where(
            DutyResponse.duty_revision_id == revision.id,
            DutyResponse.agency_id == revision.agency_id,
        )
        .order_by(DutyResponse.id.desc())
        .limit(1)
    )
    if newest is None or newest.ruling is not None:
        return None
    asked = campaign_queries.asked_of_own_agency(by)
    if asked is not None and asked.asks_again(newest, revision.working_group_id):
        return None
    said = (newest.answer, newest.reason, newest.suggested_agency_id, newest.answered_by_id)
    return newest if said == (answer, reason, suggested, by.account_id) else None


def _own_revision(duty_id: int, by: Viewer) -> DutyRevision:
    if not by.may(Permission.ANSWER_DUTIES) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat menjawab uraian tugas."))
    revision = db.session.scalar(
        sa.select(DutyRevision).where(
            DutyRevision.duty_id == duty_id,
            DutyRevision.agency_id == by.own_agency_id,
            DutyRevision.until.is_(None),
        )
    )
    if revision is None:
        raise NotFound(_("Uraian tugas itu tidak ada pada instansi Anda."))
    return revision


def _require_reason(text: str, field: str = "reason") -> None:
    if not text.strip():
        raise InvalidInput({field: _("Tulis alasannya")})
    if screening.blocks(text):
        raise InvalidInput({field: _("Ada angka seperti NIK di sini. Hapus angka itu.")})


@transactional
def write_message(public_id: str, text: str, *, by: Viewer) -> DutyMessage:
    """Add a message to the thread of a question and notify the other side.

    Raises NotFound, NotAllowed, Conflict (ruled already), InvalidInput.
    """
    response = queries.thread(by, public_id)
    if response is None:
        raise NotFound(_("Pertanyaan itu tidak ada."))
    if by.account_id is None or not (
        by.may(Permission.RULE_ON_DUTIES) or by.may(Permission.ANSWER_DUTIES)
    ):
        raise NotAllowed(_("Akses Anda hanya dapat membaca percakapan ini."))
    if response.ruling is not None:
        raise Conflict(_("Pertanyaan ini sudah ditetapkan. Percakapannya sudah ditutup."))
    _require_reason(text, "text")
    message = DutyMessage(
        response_id=response.id,
        author_id=by.account_id,
        written_as=by.kind,
        text=text.strip(),
        written_at=now(),
    )
    db.session.add(message)
    db.session.flush()
    notify_message(message, response, by)
    record(
        "question.answered",
        by=by,
        subject=("question", response.public_id),
        agency_id=response.agency_id,
    )
    return message


@transactional
def publish_question(
    response_id: int, *, question: str, answer: str, by: Viewer
) -> PublishedQuestion:
    """Put an edited question and its answer on the role card, for everybody.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    if not by.may(Permission.RULE_ON_DUTIES) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang dapat menerbitkan tanya jawab."))
    response = db.session.get(DutyResponse, response_id)
    if response is None or response.duty.task_force_id != by.own_task_force_id:
        raise NotFound(_("Pertanyaan itu tidak ada."))
    _require_reason(question, "question")
    _require_reason(answer, "answer")
    revision = db.session.scalar(
        sa.select(DutyRevision).where(
            DutyRevision.duty_id == response.duty_id, DutyRevision.until.is_(None)
        )
    )
    row = PublishedQuestion(
        duty_id=response.duty_id,
        agency_id=revision.agency_id if revision else response.agency_id,
        question=question.strip(),
        answer=answer.strip(),
        published_by_id=by.account_id,
        published_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "question.published",
        by=by,
        subject=("published_question", row.public_id),
        agency_id=row.agency_id,
    )
    return row


@transactional
def withdraw_question(public_id: str, *, by: Viewer) -> None:
    """Take a published question off the card. Raises NotAllowed, NotFound."""
    if not by.may(Permission.RULE_ON_DUTIES):
        raise NotAllowed(_("Hanya Sekretariat yang dapat menarik tanya jawab."))
    row = db.session.scalar(
        sa.select(PublishedQuestion)
        .join(Duty, Duty.id == PublishedQuestion.duty_id)
        .where(PublishedQuestion.public_id == public_id, Duty.task_force_id == by.own_task_force_id)
    )
    if row is None:
        raise NotFound(_("Tanya jawab itu tidak ada."))
    row.withdrawn_at = row.withdrawn_at or now()
    record(
        "question.withdrawn",
        by=by,
        subject=("published_question", row.public_id),
        agency_id=row.agency_id,
    )
