"""Withdrawing a file, and deciding about it when other agencies use it too.

No claim of one agency alone destroys another agency's evidence: an agency's own uses are removed at
once, other agencies' are hidden until the secretariat has looked.
"""

from collections.abc import Iterable, Sequence

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.removal import delete_bytes
from coordinator.reporting.evidence import labels, queries
from coordinator.reporting.evidence.hiding import add_uses, hide
from coordinator.reporting.evidence.models import Evidence, EvidenceReview
from coordinator.reporting.evidence.notices import notify_review, notify_withdrawn
from coordinator.reporting.evidence.removal import entomb, mark_refused
from coordinator.reporting.evidence.reports import Reports
from coordinator.reporting.evidence.review_queries import (
    held_by,
    is_cleared,
    open_review_of,
    review,
)
from coordinator.reporting.evidence.rules import ReviewState, WithdrawReason
from coordinator.reporting.evidence.service import kept, sentence
from coordinator.translation import gettext as _


def withdraw(
    public_id: str, reason: WithdrawReason, *, note: str = "", reports: Reports, by: Viewer
) -> None:
    """Withdraw a file: its bytes are deleted at once unless another use holds them.

    Who, when and why are kept. Call it outside any transaction. A file that identifies a victim is
    removed from every report of the agency, keeps no name, and is not accepted again. If other
    agencies of the task force use the same file, it is hidden there and put before the secretariat;
    what the secretariat itself withdraws is removed everywhere at once. Those agencies, and who
    verified a report based on it, are notified. Raises NotAllowed, NotFound, Conflict, InvalidInput
    (field `note`; `reason` if the file is under review, or the secretariat has found that it
    identifies nobody).
    """
    for sha256 in _withdraw(public_id, reason, note=note, reports=reports, by=by):
        delete_bytes(sha256)


@transactional
def _withdraw(
    public_id: str, reason: WithdrawReason, *, note: str, reports: Reports, by: Viewer
) -> set[str]:
    one = kept(public_id, by)
    texts = {
        WithdrawReason.IDENTITY: _("memuat identitas korban atau saksi"),
        WithdrawReason.WRONG_FILE: _("salah berkas"),
        WithdrawReason.OTHER: "",
    }
    text = texts[reason] or sentence(note, "note")
    if reason is not WithdrawReason.IDENTITY:
        if one.is_hidden:  # the secretariat needs the bytes to decide
            raise InvalidInput({"reason": labels.wait_for_decision()})
        sha256 = entomb(one, text, by)
        _record_withdrawn([(one, sha256)], reason, public_id, by)
        if one.agency_id != by.own_agency_id:
            notify_withdrawn(one, text)
        return {sha256}
    copies = queries.copies_of(one)
    is_decided = by.kind is AccessKind.SECRETARIAT
    own = [use for use in copies if is_decided or use.agency_id == by.own_agency_id]
    others = [use for use in copies if use not in own]
    if not is_decided and is_cleared(copies):
        raise InvalidInput({"reason": labels.cleared()})
    found = _review(copies, others, text, by)
    gone = [(use, entomb(use, text, by, is_identity=True)) for use in own]
    _record_withdrawn(gone, reason, public_id, by)
    hide([use for use in others if not use.is_hidden], found, agency_id=by.agency_id, by=by)
    notify_review(found, reports, agency_id=by.own_agency_id, account_id=by.account_id)
    return {sha256 for _use, sha256 in gone}


def _review(
    copies: Sequence[Evidence], others: Sequence[Evidence], text: str, by: Viewer
) -> EvidenceReview:
    """Return the review of a file, with all its uses: the one that is open, or a new one.

    Where it concerns nobody else, or the secretariat asks, it is decided from the start.
    """
    found = open_review_of(copies)
    is_decided = by.kind is AccessKind.SECRETARIAT
    if found is None:
        found = EvidenceReview(
            task_force_id=copies[0].task_force_id,
            asked_at=now(),
            asked_by_id=by.account_id,
            asked_for_id=by.agency_id,
            state=ReviewState.OPEN,
        )
        db.session.add(found)
        is_decided = is_decided or not others
    if is_decided:
        found.state, found.reason = ReviewState.DELETED, text
        found.decided_at, found.decided_by_id = now(), by.account_id
    db.session.flush()
    add_uses(found, copies)
    return found


def _record_withdrawn(
    gone: Iterable[tuple[Evidence, str]], reason: WithdrawReason, with_evidence: str, by: Viewer
) -> None:
    for use, sha256 in gone:
        record(
            "evidence.withdrawn",
            by=by,
            subject=("evidence", use.public_id),
            agency_id=use.agency_id,
            acting_agency_id=by.agency_id,
            reason=reason.value,
            with_evidence=with_evidence,
            sha256=sha256,
            size=use.size,
        )


# --- the secretariat decides ---------------------------------------------------------------------


def decide_review(
    public_id: str, *, is_kept: bool, reason: str, reports: Reports, by: Viewer
) -> None:
    """Decide about a file under review: show it again wherever it was hidden, or delete it for all.

    Call it outside any transaction. For a file that was deleted, only its refusal can be lifted
    (`is_kept`): it may be handed in again, but its bytes do not return.

    Raises NotAllowed, NotFound, Conflict (decided meanwhile), InvalidInput (field `reason`).
    """
    for sha256 in _decide(public_id, is_kept=is_kept, reason=reason, reports=reports, by=by):
        delete_bytes(sha256)


@transactional
def _decide(
    public_id: str, *, is_kept: bool, reason: str, reports: Reports, by: Viewer
) -> set[str]:
    if not by.may(Permission.DECIDE_EVIDENCE) or by.account_id is None:
        raise NotAllowed(_("Hanya Sekretariat yang memutuskan tinjauan bukti."))
    listed = review(by, public_id, today(by.zone))
    if listed is None:
        raise NotFound(_("Tinjauan itu tidak ada."))
    found = listed.review
    before = found.state
    if before is ReviewState.KEPT or (before is ReviewState.DELETED and not is_kept):
        raise Conflict(_("Tinjauan ini sudah diputuskan. Muat ulang halaman."))
    text = sentence(reason, "reason")
    found.state = ReviewState.KEPT if is_kept else ReviewState.DELETED
    found.reason, found.decided_at, found.decided_by_id = text, now(), by.account_id
    db.session.flush()
    hidden = [row.evidence for row in found.uses if row.evidence.review_id == found.id]
    gone: list[tuple[Evidence, str]] = []
    if is_kept:
        _show_again(hidden, found, by)
    else:
        why = _("memuat identitas korban atau saksi")
        gone = [(use, entomb(use, why, by, is_identity=True)) for use in hidden]
        for row in found.uses:
            if row.evidence.withdrawn_at is not None:
                mark_refused(row.evidence, by)
        _record_withdrawn(gone, WithdrawReason.IDENTITY, public_id, by)
    notify_review(found, reports, agency_id=by.own_agency_id, account_id=by.account_id)
    record(
        "evidence.review_decided",
        by=by,
        subject=("evidence_review", found.public_id),
        before=before.value,
        after=found.state.value,
        uses=len(hidden),
    )
    return {sha256 for _use, sha256 in gone}


def _show_again(uses: Iterable[Evidence], found: EvidenceReview, by: Viewer) -> None:
    for use in uses:
        held = held_by(use)
        assert held is not None
        use.file_id, use.name, use.review_id = held.file_id, held.name or use.name, None
        held.file_id = held.name = None
        db.session.flush()
        record(
            "evidence.shown_again",
            by=by,
            subject=("evidence", use.public_id),
            agency_id=use.agency_id,
            review=found.public_id,
        )
