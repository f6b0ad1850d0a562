"""Change and end an access: who has which office, since when, by which letter."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.people.accounts import queries
from coordinator.people.accounts.models import AccessGrant, Account, UserSession
from coordinator.people.accounts.rules import Standing
from coordinator.people.accounts.service import end_all_sessions, manageable, void_links
from coordinator.permissions import AccessKind, Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import readdress_emails
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Appointment:
    """What an access says about the office behind it."""

    from_on: date
    until_on: date | None = None
    position: str | None = None
    standing: Standing | None = None
    letter_number: str | None = None
    letter_on: date | None = None
    is_alternate: bool = False


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """How a person is called and reached."""

    name: str
    telephone: str | None = None
    contact_email: str | None = None


def _own_grant(grant_id: int, by: Viewer) -> AccessGrant:
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengubah akses orang."))
    grant = db.session.get(AccessGrant, grant_id)
    if grant is None or (
        by.kind is not AccessKind.ADMINISTRATOR and grant.task_force_id != by.task_force_id
    ):
        raise NotFound(_("Akses itu tidak ada."))
    return grant


@transactional
def edit_appointment(grant_id: int, new: Appointment, *, by: Viewer) -> None:
    """Change dates, office and letter of an access.

    Nobody may end their own by date: they would be locked out at once. Raises NotFound, NotAllowed,
    InvalidInput, Conflict (it was ended).
    """
    grant = _own_grant(grant_id, by)
    if grant.ended_at is not None:
        raise Conflict(_("Akses ini sudah diakhiri. Undang orang ini lagi bila perlu."))
    if new.until_on is not None and new.until_on < new.from_on:
        raise InvalidInput({"until_on": _("Tanggal berakhir mendahului tanggal mulai.")})
    refuse_identity(position=new.position, letter_number=new.letter_number)
    if grant.account_id == by.account_id:
        on = today()
        if new.from_on > on:
            raise InvalidInput({"from_on": _("Ini akses Anda sendiri: harus sudah berlaku.")})
        if new.until_on is not None and new.until_on < on:
            raise InvalidInput({"until_on": _("Ini akses Anda sendiri: harus masih berlaku.")})
    before = {
        "from_on": grant.from_on.isoformat(),
        "until_on": grant.until_on.isoformat() if grant.until_on else None,
        "is_alternate": grant.is_alternate,
    }
    grant.from_on, grant.until_on = new.from_on, new.until_on
    grant.position, grant.standing = new.position or None, new.standing
    grant.letter_number, grant.letter_on = new.letter_number or None, new.letter_on
    grant.is_alternate = new.is_alternate and grant.kind is AccessKind.FOCAL_POINT
    record(
        "access.changed",
        by=by,
        subject=("account", grant.account.public_id),
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        before=before,
        after={
            "from_on": new.from_on.isoformat(),
            "until_on": new.until_on.isoformat() if new.until_on else None,
            "is_alternate": grant.is_alternate,
        },
    )


def end_grant(grant: AccessGrant) -> None:
    """End an access at once: its user is refused from the next request on.

    Called by a service that has checked permissions and writes the audit entry.
    """
    grant.ended_at = now()
    last = max(grant.from_on, today())
    grant.until_on = min(grant.until_on, last) if grant.until_on else last
    for session in db.session.scalars(
        sa.select(UserSession).where(
            UserSession.grant_id == grant.id, UserSession.ended_at.is_(None)
        )
    ):
        session.ended_at = now()
    db.session.flush()
    if not queries.grants_in_force(grant.account_id, today()):
        end_all_sessions(grant.account_id)
        void_links(grant.account_id)


@transactional
def end_access(grant_id: int, *, by: Viewer) -> None:
    """End one access of a person at once. Raises NotFound, NotAllowed, Conflict."""
    grant = _own_grant(grant_id, by)
    if grant.account_id == by.account_id:
        raise Conflict(_("Anda tidak dapat mengakhiri akses Anda sendiri."))
    if grant.ended_at is not None:
        return
    end_grant(grant)
    record(
        "access.ended",
        by=by,
        subject=("account", grant.account.public_id),
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        kind=grant.kind.value,
    )


@transactional
def edit_person(account_id: int, new: PersonDetails, *, by: Viewer) -> Account:
    """Change a person's name, telephone and mailbox. Raises NotFound, NotAllowed.

    Unsent mail goes to the new mailbox; links sent to the old one stop working.
    """
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengubah data orang."))
    account = manageable(account_id, by)
    former = account.mail_address
    account.name, account.telephone = new.name, new.telephone or None
    contact = (new.contact_email or "").strip().casefold()
    account.contact_email = None if contact in ("", account.email) else contact
    if account.mail_address != former:
        void_links(account.id)
        readdress_emails(account.id, account.mail_address)
    record(
        "account.changed",
        by=by,
        subject=("account", account.public_id),
        address_changed=account.mail_address != former,
    )
    return account
