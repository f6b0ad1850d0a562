"""Attaching files to an obligation, and describing them.

How a form uses it: take uploads in (taking_in.py) before any transaction; `attach` each file to the
obligation inside the one that saves the draft; at submission refuse while `unanswered` returns
something, then `hand_in`. The verifier's service calls `mark_checked`. Removing a file: removal.py
and review_service.py.
"""

from collections.abc import Iterable
from datetime import datetime

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files import quota
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.service import stored_file
from coordinator.reporting.evidence import labels, queries
from coordinator.reporting.evidence.hiding import put_before_secretariat
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.removal import entomb
from coordinator.reporting.evidence.reports import Reports
from coordinator.reporting.evidence.review_queries import one_sided, refused_as
from coordinator.reporting.evidence.rules import CheckState, Level, check_after
from coordinator.translation import gettext as _

LONGEST_REASON = 500


# --- taking in -----------------------------------------------------------------------------------


@transactional
def attach(
    received: Received, obligation: Obligation, account_id: int, *, reports: Reports
) -> Evidence:
    """Give a stored file its row as one obligation's evidence, and note whether it served before.

    Called inside the service that uses it, which also writes the audit entry. Raises InvalidInput
    (field `files`) where the agency's room is used up, the bytes were withdrawn meanwhile, or were
    withdrawn before because they tell who a victim is. Where only another agency said so, the file
    is taken, hidden, and put before the secretariat.
    """
    given = received.received_sha256 or received.sha256
    hashes, owner = (received.sha256, given), obligation.agency_id
    refused = refused_as(obligation.task_force_id, *hashes, agency_id=owner)
    if refused:
        raise InvalidInput({"files": labels.not_taken(refused)})
    file = stored_file(received, field="files")
    state = check_after(received.reading, len(received.warnings))
    one = Evidence(
        file_id=file.id,
        task_force_id=obligation.task_force_id,
        agency_id=obligation.agency_id,
        obligation_id=obligation.id,
        name=received.name,
        size=received.size,
        received_sha256=given,
        metadata_removed=received.metadata_removed,
        removed=sorted(one.value for one in received.removed),
        reading=received.reading,
        warnings=dict(received.warnings),
        level=Level.INTERNAL,
        uploaded_by_id=account_id,
        uploaded_at=now(),
        check_state=state,
        checked_at=now() if state is CheckState.CLEAN else None,
    )
    db.session.add(one)
    db.session.flush()
    used = queries.used_bytes(obligation.agency_id) - received.size
    if message := quota.refusal(used, received.size):
        raise InvalidInput({"files": message})
    one.reuse_of_id = queries.earliest_use(one)
    db.session.flush()
    doubted = one_sided(obligation.task_force_id, *hashes, agency_id=owner)
    if doubted:
        put_before_secretariat(one, doubted, reports)
    return one


def unanswered(uses: Iterable[Evidence]) -> dict[str, str]:
    """Return what the uploader must still answer before these files are handed in.

    It is a message for the field `files`, empty if nothing is open.
    """
    for one in uses:
        if one.needs_reason:
            return {"files": _("Tulis alasan memakai ulang %(name)s (Rincian).", name=one.name)}
        if one.needs_word:
            return {
                "files": _(
                    "%(name)s memuat %(what)s. Buka Rincian dan pastikan bukan milik korban.",
                    name=one.name,
                    what=labels.kinds(one.warnings),
                )
            }
    return {}


@transactional
def hand_in(uses: Iterable[Evidence]) -> None:
    """Note that a submission rests on these files: from now on readers of reports may open them.
    Part of submitting, which writes the audit entry."""
    for one in uses:
        one.handed_in_at = one.handed_in_at or now()


@transactional
def discard(one: Evidence, *, by: Viewer) -> None:
    """Withdraw a file removed from a draft before anything was based on it.

    The sweep deletes the bytes. Part of removing, which writes the audit entry. Raises Conflict
    while the file is reviewed.
    """
    if one.is_hidden:
        raise Conflict(labels.wait_for_decision())
    if one.handed_in_at is None and one.withdrawn_at is None:
        entomb(one, _("dihapus dari draf"), by)


# --- what people say of a file -------------------------------------------------------------------


def kept(public_id: str, by: Viewer) -> Evidence:
    """Return a use the viewer keeps: the agency its own, the secretariat what was handed in."""
    if not by.may(Permission.KEEP_EVIDENCE) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak dapat mengubah bukti."))
    one = queries.evidence(by, public_id)
    if one is None:
        raise NotFound(_("Berkas itu tidak ada, atau bukan untuk akses Anda."))
    if one.withdrawn_at is not None:
        raise Conflict(_("Berkas ini sudah ditarik."))
    return one


def _own(public_id: str, by: Viewer) -> Evidence:
    one = kept(public_id, by)
    if one.agency_id != by.own_agency_id:
        raise NotAllowed(_("Hanya instansi yang mengunggah yang dapat menjawab ini."))
    return one


def sentence(text: str, field: str) -> str:
    """Return a reason, trimmed.

    Raises InvalidInput (about `field`) where it is empty, longer than LONGEST_REASON, or holds a
    NIK.
    """
    text = text.strip()
    if not text:
        raise InvalidInput({field: _("Tulis alasannya dalam satu kalimat.")})
    if len(text) > LONGEST_REASON:
        raise InvalidInput({field: _("Paling panjang %(n)s karakter.", n=LONGEST_REASON)})
    if screening.blocks(text):
        raise InvalidInput({field: _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    return text


@transactional
def explain_reuse(public_id: str, reason: str, *, reports: Reports, by: Viewer) -> Evidence:
    """Save why the same file is used again, while the report can be edited.

    A verdict relies on the reason the verifier read. Raises NotAllowed, NotFound, Conflict,
    InvalidInput.
    """
    one = _own(public_id, by)
    if not one.is_reused:
        raise Conflict(_("Berkas ini tidak dipakai ulang."))
    if not reports.is_with_agency(one):
        raise Conflict(_("Laporannya sudah dikirim, jadi alasan ini tidak dapat diubah."))
    one.reuse_reason = sentence(reason, "reuse_reason")
    db.session.flush()
    record(
        "evidence.reuse_explained",
        by=by,
        subject=("evidence", public_id),
        agency_id=one.agency_id,
        acting_agency_id=by.agency_id,
    )
    return one


@transactional
def confirm_no_identity(public_id: str, *, by: Viewer) -> Evidence:
    """Save the uploader's answer to the detector: nothing it found identifies a victim or witness.

    The file still waits for the verifier's tick. Raises NotAllowed, NotFound, Conflict.
    """
    one = _own(public_id, by)
    one.acknowledged_by_id, one.acknowledged_at = by.account_id, now()
    db.session.flush()
    record(
        "evidence.acknowledged",
        by=by,
        subject=("evidence", public_id),
        agency_id=one.agency_id,
        kinds=sorted(one.warnings),
    )
    return one


@transactional
def set_level(public_id: str, level: Level, *, by: Viewer) -> Evidence:
    """Say who may open a file. Raises NotAllowed, NotFound, Conflict."""
    one = kept(public_id, by)
    before, one.level = one.level, level
    db.session.flush()
    record(
        "evidence.level_set",
        by=by,
        subject=("evidence", public_id),
        agency_id=one.agency_id,
        acting_agency_id=by.agency_id,
        before=before.value,
        after=level.value,
    )
    return one


@transactional
def mark_checked(one: Evidence, *, at: datetime, by: Viewer) -> None:
    """Note that a verifier looked `at` a time and found no victim's identity: part of verifying."""
    if one.file_id is not None and one.check_state is CheckState.WAITING:
        one.check_state = CheckState.CLEAN
        one.checked_by_id = by.account_id
        one.checked_at = at


@transactional
def undo_check(one: Evidence, *, at: datetime, by: Viewer) -> bool:
    """Let a file wait for a person again if this verifier checked it at that time; return whether.

    Part of undoing a verdict: the file waits as it did before.
    """
    is_checked = one.check_state is CheckState.CLEAN
    if not is_checked or (one.checked_by_id, one.checked_at) != (by.account_id, at):
        return False
    one.check_state = CheckState.WAITING
    one.checked_by_id = one.checked_at = None
    return True
