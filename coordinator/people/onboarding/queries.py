"""Who of an agency can be reached, and how far each person's invitation is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.clock import local, now
from coordinator.db import db
from coordinator.mapping.duties.models import Membership, WorkingGroup
from coordinator.people.accounts.models import AccessGrant, Account, ActivationCode, OneTimeLink
from coordinator.people.accounts.queries import people
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.people.onboarding.models import ContactNote, PeopleImport
from coordinator.people.onboarding.rules import InviteState, Reach, reachability
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail.models import UnclearAnswer


@dataclass(frozen=True, slots=True)
class Contact:
    """One access of a person of an agency, and whether they can be reached through it."""

    grant: AccessGrant
    reach: Reach
    since: date | None
    # What the server said, where mail does not arrive.
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AgencyReach:
    """An agency with its focal points, alternates and heads."""

    agency: Agency
    contacts: list[Contact]
    # Why nobody is reachable, from the person nearest to it; None if no person was ever named.
    reason: Reach | None
    since: date | None

    @property
    def is_reachable(self) -> bool:
        """Return whether a focal point or an alternate can be reached."""
        return self.reason is Reach.OK

    @property
    def only_alternate(self) -> bool:
        """Return whether an alternate can be reached and no focal point."""
        return self.is_reachable and not any(
            contact.reach is Reach.OK and not contact.grant.is_alternate
            for contact in self.contacts
            if contact.grant.kind is AccessKind.FOCAL_POINT
        )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the accounts that are asked about."""

    unreachable: dict[str, datetime]
    given_up: dict[int, tuple[str, datetime, str]]
    invited_at: dict[int, datetime]
    words: dict[str, str]

    def bounced_since(self, account: Account) -> datetime | None:
        """Return since when mail to this person does not arrive, or None."""
        address = account.mail_address
        if not address:
            return None
        if address.casefold() in self.unreachable:
            return self.unreachable[address.casefold()]
        failed = self.given_up.get(account.id)
        return failed[1] if failed and failed[0] == address else None

    def answer_about(self, account: Account) -> str:
        """Return what the server said of mail to this person that does not arrive, or ""."""
        address = account.mail_address
        failed = self.given_up.get(account.id)
        said = failed[2] if failed and failed[0] == address else ""
        return self.words.get(address.casefold(), said)


def _facts(accounts: Iterable[Account]) -> _Facts:
    by_id = {account.id: account for account in accounts}
    invited: dict[int, datetime] = {}
    for model in (OneTimeLink, ActivationCode):
        rows = db.session.execute(
            sa.select(model.account_id, sa.func.max(model.created_at))
            .where(model.account_id.in_(by_id))
            .group_by(model.account_id)
        )
        for account_id, at in rows:
            invited[account_id] = max(at, invited.get(account_id, at))
    addresses = {account.mail_address for account in by_id.values()} - {""}
    return _Facts(
        mail.unreachable(addresses, now()),
        mail.given_up(by_id),
        invited,
        mail.last_words(addresses),
    )


def _contact(grant: AccessGrant, facts: _Facts, on: date, at: datetime, zone: str) -> Contact:
    account = grant.account
    bounced = facts.bounced_since(account)
    invited = facts.invited_at.get(account.id)
    has_password = account.password_hash is not None
    seen = account.last_seen_at or invited or account.created_at
    is_over = grant.ended_at is not None or (grant.until_on is not None and grant.until_on < on)
    found = reachability(
        is_active=account.is_active,
        has_begun=grant.from_on <= on,
        is_over=is_over,
        has_mailbox=bool(account.mail_address),
        is_bounced=bounced is not None,
        was_invited=invited is not None or has_password,
        seen_at=seen,
        at=at,
    )
    since = {
        Reach.EXPIRED: grant.until_on,
        Reach.NOT_YET: grant.from_on,
        Reach.BOUNCED: local(bounced, zone).date() if bounced else None,
        Reach.NOT_INVITED: local(account.created_at, zone).date(),
        Reach.UNSEEN: local(seen, zone).date(),
    }.get(found)
    answer = facts.answer_about(account) if found is Reach.BOUNCED else ""
    return Contact(grant, found, since, answer)


def unclear_answers(viewer: Viewer, contacts: Iterable[Contact]) -> list[UnclearAnswer]:
    """Return what servers answered about mail to these people that somebody has yet to read."""
    addresses = {contact.grant.account.mail_address.casefold() for contact in contacts} - {""}
    return [row for row in mail.unclear_answers(viewer) if row.address in addresses]


# The order in which reasons are shown: the person nearest to being reachable first.
_NEAREST = (
    Reach.OK,
    Reach.NOT_INVITED,
    Reach.BOUNCED,
    Reach.UNSEEN,
    Reach.NOT_YET,
    Reach.EXPIRED,
    Reach.CLOSED,
)


def agencies(viewer: Viewer, on: date) -> list[AgencyReach]:
    """Return every agency of the viewer's task force that takes part in reporting, by name, with
    its people. A court shares data only and is left out."""
    rows = db.session.scalars(
        sa.select(Agency)
        .where(
            Agency.task_force_id == viewer.own_task_force_id,
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
        )
        .order_by(sa.func.lower(Agency.abbreviation))
    )
    found = list(rows)
    contacts = _contacts({agency.id for agency in found}, viewer, on)
    return [_agency_reach(agency, contacts.get(agency.id, [])) for agency in found]


def _contacts(agency_ids: set[int], viewer: Viewer, on: date) -> dict[int, list[Contact]]:
    grants = list(
        db.session.scalars(
            sa.select(AccessGrant)
            .where(
                AccessGrant.agency_id.in_(agency_ids),
                AccessGrant.kind.in_((AccessKind.FOCAL_POINT, AccessKind.AGENCY_HEAD)),
            )
            .options(joinedload(AccessGrant.account))
            .order_by(AccessGrant.kind.desc(), AccessGrant.is_alternate, AccessGrant.id)
        )
    )
    facts = _facts(grant.account for grant in grants)
    at = now()
    by_agency: dict[int, list[Contact]] = {}
    for grant in grants:
        contact = _contact(grant, facts, on, at, viewer.zone)
        by_agency.setdefault(grant.agency_id or 0, []).append(contact)
    return by_agency


def _agency_reach(agency: Agency, contacts: list[Contact]) -> AgencyReach:
    named = [c for c in contacts if c.grant.kind is AccessKind.FOCAL_POINT]
    if not named:
        return AgencyReach(agency, contacts, None, None)
    nearest = min(
        named, key=lambda c: (_NEAREST.index(c.reach), -(c.since or date.min).toordinal())
    )
    return AgencyReach(agency, contacts, nearest.reach, nearest.since)


def agency(viewer: Viewer, slug: str, on: date) -> AgencyReach | None:
    """Return one agency of the viewer's task force with its people; a court too."""
    found = db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == viewer.own_task_force_id, Agency.slug == slug
        )
    )
    if found is None:
        return None
    return _agency_reach(found, _contacts({found.id}, viewer, on).get(found.id, []))


def unreachable_agencies(viewer: Viewer, on: date) -> list[AgencyReach]:
    """Return the agencies of which no focal point or alternate can be reached on the day `on`:
    none named, appointment over, mail failed, not invited, or not seen for sixty days."""
    return [each for each in agencies(viewer, on) if not each.is_reachable]


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person of the list with how far their invitation is."""

    account: Account
    state: InviteState
    is_failed: bool
    # In the list of an agency's people: only accesses of the viewer's task force are shown.
    grants: list[AccessGrant]
    answer: str = ""  # what the server said, where mail does not arrive


def receiver(viewer: Viewer, email_id: int) -> str:
    """Return the public id of the person a mail was for; "" where the viewer manages none such."""
    account_id = mail.receiver(viewer, email_id)
    return next((one.public_id for one in people(viewer) if one.id == account_id), "")


def people_states(viewer: Viewer, *, pokja: str = "") -> list[PersonState]:
    """Return the people the viewer manages with the state of their invitation; those of one pokja
    where `pokja` (its key) is given."""
    accounts = people(viewer)
    facts = _facts(accounts)
    members = _members(viewer, pokja) if pokja else None
    found = []
    for account in accounts:
        grants = [
            grant
            for grant in account.grants
            if viewer.kind is AccessKind.ADMINISTRATOR
            or grant.task_force_id == viewer.own_task_force_id
        ]
        if members is not None and not any(grant.agency_id in members for grant in grants):
            continue
        is_failed = facts.bounced_since(account) is not None
        answer = facts.answer_about(account) if is_failed else ""
        state = _state(account, facts, is_failed)
        found.append(PersonState(account, state, is_failed, grants, answer))
    return found


def _state(account: Account, facts: _Facts, is_failed: bool) -> InviteState:
    if not account.is_active:
        return InviteState.CLOSED
    if account.password_hash is not None:
        return InviteState.ACTIVE
    if is_failed:
        return InviteState.FAILED
    if account.id in facts.invited_at:
        return InviteState.INVITED
    return InviteState.NOT_INVITED


def needing_letters(viewer: Viewer, *, slug: str = "") -> list[PersonState]:
    """Return the people who have no password yet and whom no mail reaches: their way in is a code
    on paper. Of one agency where `slug` is given."""
    return [
        person
        for person in people_states(viewer)
        if person.state is not InviteState.CLOSED
        and person.account.password_hash is None
        and (not person.account.mail_address or person.is_failed)
        and (not slug or any(grant.agency and grant.agency.slug == slug for grant in person.grants))
    ]


def _members(viewer: Viewer, pokja: str) -> set[int]:
    return set(
        db.session.scalars(
            sa.select(Membership.agency_id)
            .join(WorkingGroup, WorkingGroup.id == Membership.working_group_id)
            .where(
                WorkingGroup.task_force_id == viewer.own_task_force_id,
                WorkingGroup.key == pokja,
                Membership.until.is_(None),
            )
        )
    )


def contact_notes(viewer: Viewer, agency_id: int) -> list[tuple[ContactNote, str]]:
    """Return the log of contacts with an agency and who noted each, newest first."""
    rows = db.session.execute(
        sa.select(ContactNote, Account.name)
        .join(Account, Account.id == ContactNote.noted_by_id)
        .where(
            ContactNote.agency_id == agency_id,
            ContactNote.task_force_id == viewer.own_task_force_id,
        )
        .order_by(ContactNote.on.desc(), ContactNote.id.desc())
        .limit(100)
    )
    return [(note, name) for note, name in rows]


def people_import(viewer: Viewer, public_id: str) -> PeopleImport | None:
    """Return a list that the viewer uploaded and that has not expired."""
    return db.session.scalar(
        sa.select(PeopleImport).where(
            PeopleImport.public_id == public_id,
            PeopleImport.task_force_id == viewer.own_task_force_id,
            PeopleImport.owner_id == viewer.account_id,
            PeopleImport.expires_at > now(),
        )
    )
