"""Log contacts, unblock addresses, invite many people at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from coordinator.clock import local, now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.codes import new_code
from coordinator.people.accounts.models import Account
from coordinator.people.accounts.rules import shown_code
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding import queries
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import ContactMeans, InviteState
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import clear_bounces
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewNote:
    """What was said to an agency, when and by what means."""

    on: date
    means: ContactMeans
    text: str
    letter_number: str = ""


@transactional
def note_contact(slug: str, new: NewNote, *, by: Viewer) -> ContactNote:
    """Add a line to an agency's log of contacts. Raises NotFound, NotAllowed, InvalidInput."""
    if not by.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(_("Anda tidak dapat mencatat kontak."))
    agency = directory.agency_by_slug(by, slug)
    if agency is None or by.account_id is None:
        raise NotFound(_("Instansi itu tidak ada."))
    if new.on > today(by.zone):
        raise InvalidInput({"on": _("Tanggal itu belum terjadi.")})
    if new.means is ContactMeans.LETTER and not new.letter_number:
        raise InvalidInput({"letter_number": _("Tulis nomor surat.")})
    refuse_identity(text=new.text, letter_number=new.letter_number)
    note = ContactNote(
        task_force_id=by.own_task_force_id,
        agency_id=agency.id,
        on=new.on,
        means=new.means,
        letter_number=new.letter_number or None,
        text=new.text,
        noted_by_id=by.account_id,
        noted_at=now(),
    )
    db.session.add(note)
    record(
        "contact.noted",
        by=by,
        subject=("agency", agency.key),
        agency_id=agency.id,
        means=new.means.value,
        on=new.on.isoformat(),
    )
    return note


@transactional
def mend_address(account_id: int, *, by: Viewer) -> None:
    """Allow mail again to a person's address that bounced. Raises NotFound, NotAllowed."""
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengubah data orang."))
    account = accounts.visible(account_id, by)
    cleared = clear_bounces(account.mail_address)
    record("address.mended", by=by, subject=("account", account.public_id), bounces=cleared)


@dataclass(frozen=True, slots=True)
class ActivationLetter:
    """An activation letter at the moment of printing: the code is stored nowhere else."""

    name: str
    user_name: str
    offices: list[str]
    region: str
    code: str
    expires_on: date


@transactional
def print_letters(
    public_ids: Collection[str], *, slug: str, by: Viewer, secret_key: str
) -> list[ActivationLetter]:
    """Make a letter with a code for each of these people whom no mail reaches. Raises NotAllowed.

    A letter printed before stops working. People who also have an access elsewhere are left out:
    only an administrator may print their code.
    """
    letters = []
    for person in queries.needing_letters(by, slug=slug):
        account = person.account
        if account.public_id not in public_ids or accounts.belongs_to_others(account, by):
            continue
        code, expires_at = new_code(account.id, by=by, secret_key=secret_key)
        current = [grant for grant in person.grants if grant.ended_at is None]
        offices = [grant.agency.name for grant in current if grant.agency]
        regions = [grant.task_force.region for grant in current if grant.task_force]
        letters.append(
            ActivationLetter(
                account.name,
                account.email,
                offices,
                regions[0] if regions else "",
                shown_code(code),
                local(expires_at, by.zone).date(),
            )
        )
    return letters


@dataclass(frozen=True, slots=True)
class Invited:
    """The result of inviting many people.

    It counts mails queued, people who need a letter, and people who also have an access elsewhere,
    whom only an administrator may invite.
    """

    mails: int
    without_mailbox: int
    elsewhere: int


@transactional
def invite_people(
    public_ids: Collection[str] | None, *, pokja: str, by: Viewer, secret_key: str
) -> Invited:
    """Invite everybody who was not invited yet, with one mail per person. Raises NotAllowed.

    `public_ids` names the people; None means all of the task force or of one pokja. Selected people
    who were invited before but never signed in get a new mail.
    """
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengundang orang."))
    mails = without = elsewhere = 0
    for person in queries.people_states(by, pokja=pokja if public_ids is None else ""):
        if public_ids is None:
            is_wanted = person.state is InviteState.NOT_INVITED
        else:
            is_wanted = person.account.public_id in public_ids and person.state in (
                InviteState.NOT_INVITED,
                InviteState.INVITED,
            )
        if not is_wanted:
            continue
        account: Account = person.account
        if accounts.belongs_to_others(account, by):
            elsewhere += 1
            continue
        if not account.mail_address:
            without += 1
            continue
        accounts.send_invitation(account.id, by=by, secret_key=secret_key)
        mails += 1
    if mails:
        subject = ("task_force", str(by.task_force_id)) if by.task_force_id else ("people", "all")
        record("people.invited", by=by, subject=subject, mails=mails)
    return Invited(mails, without, elsewhere)
