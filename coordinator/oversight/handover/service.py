"""Hand over in one step: the successor starts, the predecessor ends, the minutes are written."""

from dataclasses import dataclass
from datetime import date

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput, NotFound
from coordinator.oversight.handover import queries
from coordinator.oversight.handover.models import Handover
from coordinator.people.accounts import appointments
from coordinator.people.accounts import queries as people
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.rules import LinkPurpose, Standing
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import pass_on_emails
from coordinator.reporting.reports.rules import ReportState
from coordinator.translation import gettext as _

NEW_PERSON = "baru"
STEMS = {AccessKind.FOCAL_POINT: "narahubung", AccessKind.AGENCY_HEAD: "kepala"}


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over: an account of the agency (`account_id`, its public id), or a new person."""

    account_id: str
    name: str = ""
    position: str = ""
    standing: Standing | None = None
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class HandoverLetter:
    """The day of the handover and the letter it is based on."""

    on: date
    number: str = ""
    dated_on: date | None = None


@transactional
def hand_over(
    account_id: str,
    slug: str,
    successor: Successor,
    letter: HandoverLetter,
    *,
    by: Viewer,
    secret_key: str,
) -> Handover:
    """Move a person's work for an agency to a successor, at once.

    The successor's access begins today; the predecessor's ends now, their account is closed where
    they have no other access, their sessions and links die, unsent mails about the agency go to the
    successor (those with a personal link are cancelled). Drafts and open reports belong to the
    agency and stay where they are. All in one transaction, with the list for the berita acara.
    Raises NotFound (also a second time: the person has left), InvalidInput.
    """
    leaving = queries.leaving(by, account_id, slug, today(by.zone))
    if leaving is None:
        raise NotFound(_("Orang ini tidak bertugas di instansi itu, atau sudah menyerahkannya."))
    if letter.on > today(by.zone):
        raise InvalidInput({"on": _("Tanggal itu belum terjadi.")})
    tasks = queries.open_reports(by, leaving.agency.id)
    leaver, leaver_position = leaving.account, _position(leaving.grants[0])
    taking = _take(leaving, successor, letter, by, secret_key)
    for grant in leaving.grants:
        appointments.end_grant(grant)
    given, cancelled = pass_on_emails(
        leaver.id,
        by.own_task_force_id,
        to_account_id=taking.id,
        to_address=taking.mail_address,
        threads=queries.mail_threads(leaving.agency.id) if leaving.keeps_other_access else None,
    )
    if not leaving.keeps_other_access:
        accounts.close_account(leaver)
    row = Handover(
        task_force_id=by.own_task_force_id,
        agency_id=leaving.agency.id,
        kind=leaving.grants[0].kind,
        leaver_id=leaver.id,
        leaver_name=leaver.name,
        leaver_position=leaver_position,
        successor_id=taking.id,
        successor_name=taking.name,
        successor_position=_titled(successor.standing, successor.position)
        or _current_position(taking, leaving.agency.id),
        on=letter.on,
        letter_number=letter.number or None,
        letter_on=letter.dated_on,
        reports=[
            {
                "title": task.title,
                "period": task.period,
                "due_on": task.last_day.isoformat(),
                "is_draft": task.state is ReportState.DRAFT,
                "is_returned": task.state is ReportState.RETURNED,
            }
            for task in tasks
        ],
        account_closed=not leaving.keeps_other_access,
        done_by_id=by.account_id,
        done_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "duty.handed_over",
        by=by,
        subject=("handover", row.public_id),
        agency_id=leaving.agency.id,
        leaver=leaver.public_id,
        successor=taking.public_id,
        reports=len(tasks),
        mails_given=given,
        mails_cancelled=cancelled,
        account_closed=row.account_closed,
    )
    return row


def _take(
    leaving: queries.Leaving,
    successor: Successor,
    letter: HandoverLetter,
    by: Viewer,
    secret_key: str,
) -> Account:
    """Give the successor the accesses that move; return their account."""
    if successor.account_id != NEW_PERSON:
        found = next(
            (g.account for g in leaving.colleagues if g.account.public_id == successor.account_id),
            None,
        )
        if found is None:
            raise InvalidInput({"successor": _("Pilih penerus dari instansi ini.")})
        for grant in leaving.grants:
            _give(found, grant, successor, letter, by)
        return found
    if not successor.name:
        raise InvalidInput({"name": _("Isi nama penerus.")})
    first = leaving.grants[0]
    stem = "pengganti" if first.is_alternate else STEMS[first.kind]
    email = successor.email.strip().casefold()
    sign_in, mailbox = people.sign_in_name_for(
        email, successor.name, f"{leaving.agency.slug}.{stem}"[:60]
    )
    if sign_in == leaving.account.email:
        raise InvalidInput({"name": _("Penerus harus orang lain.")})
    account = None
    for grant in leaving.grants:
        account = accounts.give_access(
            accounts.NewPerson(
                email=sign_in,
                contact_email=mailbox,
                name=successor.name,
                telephone=successor.telephone,
                kind=grant.kind,
                task_force_id=grant.task_force_id,
                agency_id=grant.agency_id,
                is_alternate=grant.is_alternate,
                position=successor.position,
                standing=successor.standing,
                letter_number=letter.number,
                letter_on=letter.dated_on,
            ),
            by=by,
        )
    assert account is not None, "a leaving person has an access"
    if account.mail_address and account.password_hash is None:
        accounts.send_link(account, LinkPurpose.INVITATION, by.task_force_id, secret_key)
    return account


def _give(
    account: Account, grant: AccessGrant, successor: Successor, letter: HandoverLetter, by: Viewer
) -> None:
    """Give a colleague one access; an alternate who takes over becomes the focal point."""
    held = next(
        (
            each
            for each in account.grants
            if each.kind is grant.kind
            and each.agency_id == grant.agency_id
            and each.holds(today(by.zone))
        ),
        None,
    )
    if held is None:
        accounts.give_access(
            accounts.NewPerson(
                email=account.email,
                name=account.name,
                kind=grant.kind,
                task_force_id=grant.task_force_id,
                agency_id=grant.agency_id,
                is_alternate=grant.is_alternate,
                position=successor.position,
                standing=successor.standing,
                letter_number=letter.number,
                letter_on=letter.dated_on,
            ),
            by=by,
        )
        return
    held.is_alternate = held.is_alternate and grant.is_alternate
    held.position = successor.position or held.position
    held.standing = successor.standing or held.standing
    held.letter_number = letter.number or held.letter_number
    held.letter_on = letter.dated_on or held.letter_on


def _titled(standing: Standing | None, position: str | None) -> str:
    prefix = {Standing.PLT: "Plt. ", Standing.PLH: "Plh. "}.get(standing, "") if standing else ""
    return f"{prefix}{position}" if position else ""


def _position(grant: AccessGrant) -> str:
    if grant.position:
        return _titled(grant.standing, grant.position)
    if grant.kind is AccessKind.AGENCY_HEAD:
        return _("Kepala OPD")
    return _("Narahubung pengganti") if grant.is_alternate else _("Narahubung")


def _current_position(account: Account, agency_id: int) -> str:
    db.session.refresh(account, ["grants"])
    held = [g for g in account.grants if g.agency_id == agency_id and g.holds(today())]
    return _position(held[-1]) if held else _("Narahubung")
