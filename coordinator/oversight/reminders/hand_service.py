"""Note that an agency heard of late reports by letter, telephone or otherwise than by mail."""

from collections.abc import Collection

from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.oversight.reminders.late_queries import late_reports
from coordinator.oversight.reminders.models import HandNotice
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.service import NewNote, note_contact
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@transactional
def note_late_contact(
    slug: str, new: NewNote, report_ids: Collection[str], *, by: Viewer
) -> ContactNote:
    """Add a line to an agency's log of contacts, and the late reports that it was about: for them
    it counts as a notice. Raises NotFound, NotAllowed, InvalidInput."""
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mencatat kontak."))
    agency, late = late_reports(by, slug, today(by.zone))
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    chosen = [item for item in late if item.public_id in report_ids]
    if not chosen:
        raise InvalidInput({"reports": _("Pilih paling sedikit satu laporan.")})
    note = note_contact(slug, new, by=by)
    db.session.flush()
    db.session.add_all(
        HandNotice(
            note_id=note.id,
            obligation_id=item.obligation_id,
            subject=item.subject,
            due_on=item.last_day,
        )
        for item in chosen
    )
    record(
        "lateness.noted",
        by=by,
        subject=("agency", agency.key),
        agency_id=agency.id,
        means=new.means.value,
        on=new.on.isoformat(),
        reports=[item.public_id for item in chosen],
    )
    return note
