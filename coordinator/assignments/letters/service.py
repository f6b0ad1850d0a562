"""Making letters of assignment."""

from coordinator.assignments.letters import queries
from coordinator.assignments.letters.models import AssignmentLetter
from coordinator.assignments.letters.rules import LetterHead
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@transactional
def make_letter(slug: str, head: LetterHead, *, by: Viewer) -> AssignmentLetter:
    """Store a letter to an agency with its text as of now.

    Nothing is sent: the letter is delivered on paper. Making the same letter again (same text,
    number and date) returns the stored one. Raises NotAllowed, NotFound (no such agency, or it
    holds nothing), InvalidInput.
    """
    if not by.may(Permission.ASSIGN_ACTIONS) or by.account_id is None:
        raise NotAllowed(_("Anda tidak dapat membuat surat penugasan."))
    agency = directory.agency_by_slug(by, slug)
    force = directory.task_force(by)
    if agency is None or force is None:
        raise NotFound(_("Instansi itu tidak ada."))
    body = queries.body(force, agency, on=head.dated_on)
    if body is None:
        raise NotFound(_("Instansi ini belum ditugasi, jadi tidak ada yang ditulis."))
    content = {"body": body.data(), "head": head.data()}
    newest = queries.newest_letter(agency.id)
    if newest is not None and newest.content == content:
        return newest
    _require_own_number(agency, head)
    letter = AssignmentLetter(
        task_force_id=agency.task_force_id,
        agency_id=agency.id,
        number=head.number or None,
        dated_on=head.dated_on,
        content=content,
        content_hash=body.substance,
        made_by_id=by.account_id,
        made_at=now(),
    )
    db.session.add(letter)
    db.session.flush()
    record(
        "letter.made",
        by=by,
        subject=("assignment_letter", letter.public_id),
        agency_id=agency.id,
        actions=len(body.actions),
        content_hash=letter.content_hash,
    )
    return letter


def _require_own_number(agency: Agency, head: LetterHead) -> None:
    """A number names one letter to an agency: two different papers may not share it."""
    if head.number and queries.has_number(agency.id, head.number):
        raise InvalidInput(
            {"number": _("Nomor ini sudah dipakai untuk surat lain ke instansi ini.")}
        )
