"""Signing in and out, inviting, passwords. A password is hashed outside any transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.clock import latest, now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.people.accounts import devices, emails, limiter, passwords, queries
from coordinator.people.accounts.models import (
    AccessGrant,
    Account,
    ActivationCode,
    OneTimeLink,
    UserSession,
)
from coordinator.people.accounts.rules import (
    INVITATION_LIFE,
    LINK_PURPOSE,
    RESET_LIFE,
    SHORTEST_PASSWORD,
    LinkPurpose,
    PasswordProblem,
    Standing,
    is_user_name,
    normal_email,
    password_problem,
    touch_after,
)
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.rules import derive_token, token_hash
from coordinator.platform.mail.service import cancel_emails_to, queue_email
from coordinator.translation import gettext as _

# --- sessions ------------------------------------------------------------------------------------


def sign_in(
    *,
    email: str,
    password: str,
    address: str,
    browser: str,
    cookies: Mapping[str, str],
    secret_key: str,
) -> str | None:
    """Check a password and open a session; return its token, or None where they do not match.

    `email` is an address or a user name. The answer is the same for an unknown one, a wrong
    password and a disabled account. A browser that the account was used in before has a limit of
    its own: an attack from elsewhere does not keep it out. Raises TooManyAttempts.
    """
    email = normal_email(email)
    account = queries.account_by_email(email)
    device = devices.known(account, cookies, secret_key=secret_key) if account else None
    buckets = limiter.known_device(device) if device else limiter.guesses("sign-in", email, address)
    limiter.require_attempt_left(buckets)
    stored = account.password_hash if account and account.is_active else None
    account_id = account.id if account else None
    db.session.rollback()  # hashing takes a third of a second: hold no transaction over it
    if not passwords.is_password(stored, password) or account_id is None:
        limiter.count_failure(buckets)
        return None
    return open_session(account_id=account_id, address=address, browser=browser)


@transactional
def open_session(*, account_id: int, address: str, browser: str) -> str:
    """Open a session for an account; return the token that goes into the cookie (256 bits).

    Where the account has exactly one access in force, it is chosen at once.
    """
    account = db.session.get_one(Account, account_id)
    grants = queries.grants_in_force(account_id, today())
    token = secrets.token_urlsafe(32)
    stamp = now()
    account.last_seen_at = stamp
    session = UserSession(
        token_hash=token_hash(token),
        account_id=account_id,
        grant_id=grants[0].id if len(grants) == 1 else None,
        created_at=stamp,
        seen_at=stamp,
        address=address,
        browser=browser[:200],
    )
    db.session.add(session)
    db.session.flush()
    record(
        "session.opened",
        by=None,
        subject=("account", account.public_id),
        task_force_id=grants[0].task_force_id if len(grants) == 1 else None,
    )
    return token


@transactional
def touch_session(session_id: int) -> None:
    """Note that a session is in use; called at most every few minutes."""
    session = db.session.get_one(UserSession, session_id)
    if now() - session.seen_at > touch_after(is_administrator=session.is_administrator):
        session.seen_at = now()


@transactional
def choose_access(session_id: int, *, account_id: int, grant_id: int) -> None:
    """Use one of the account's accesses in this session. Raises NotFound."""
    if grant_id not in {grant.id for grant in queries.grants_in_force(account_id, today())}:
        raise NotFound(_("Akses itu tidak ada atau sudah berakhir."))
    db.session.get_one(UserSession, session_id).grant_id = grant_id


@transactional
def end_session(public_id: str, *, account_id: int) -> None:
    """End one of the account's own sessions. Raises NotFound."""
    session = db.session.scalar(
        sa.select(UserSession).where(
            UserSession.public_id == public_id, UserSession.account_id == account_id
        )
    )
    if session is None:
        raise NotFound(_("Sesi itu tidak ada."))
    session.ended_at = session.ended_at or now()


def end_all_sessions(account_id: int) -> None:
    """End every session of an account. Part of a service."""
    for session in db.session.scalars(
        sa.select(UserSession).where(
            UserSession.account_id == account_id, UserSession.ended_at.is_(None)
        )
    ):
        session.ended_at = now()


# --- people --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is invited, and to what."""

    email: str
    name: str
    kind: AccessKind
    task_force_id: int | None = None
    agency_id: int | None = None
    home_agency_id: int | None = None
    is_alternate: bool = False
    from_on: date | None = None
    until_on: date | None = None
    # `email` is the sign-in name. Where it is a user name, mail goes here, or nowhere.
    contact_email: str | None = None
    telephone: str | None = None
    position: str | None = None
    standing: Standing | None = None
    letter_number: str | None = None
    letter_on: date | None = None


def _require_may_invite(by: Viewer | None, person: NewPerson) -> None:
    if by is None:
        return  # the shell: its user controls the machine
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengundang orang."))
    if by.kind is AccessKind.ADMINISTRATOR:
        return
    if person.kind is AccessKind.SECRETARIAT and _is_below(person.task_force_id, by):
        return  # the province invites the first officer of a kabupaten/kota
    if person.kind is AccessKind.ADMINISTRATOR or person.task_force_id != by.task_force_id:
        raise NotAllowed(_("Anda hanya dapat mengundang orang ke gugus tugas Anda sendiri."))


def _is_below(task_force_id: int | None, by: Viewer) -> bool:
    force = db.session.get(TaskForce, task_force_id) if task_force_id is not None else None
    return force is not None and force.parent_id == by.own_task_force_id


@transactional
def add_person(person: NewPerson, *, by: Viewer | None, is_sample: bool = False) -> Account:
    """Create an account (or find it by its address or user name) and give it an access.

    A closed account is opened again, without its password, where all its accesses were in the same
    task force. Raises InvalidInput, NotAllowed. `by` None is the shell.
    """
    _require_may_invite(by, person)
    return give_access(person, by=by, is_sample=is_sample)


def give_access(person: NewPerson, *, by: Viewer | None, is_sample: bool = False) -> Account:
    """Do the same as `add_person`, for a service that has checked permissions itself."""
    _require_sound(person)
    refuse_identity(name=person.name, letter_number=person.letter_number)
    email = normal_email(person.email)
    if "@" not in email and not is_user_name(email):
        raise InvalidInput(
            {"email": _("Nama pengguna: 3 sampai 60 huruf kecil, angka, titik, atau garis.")}
        )
    account = queries.account_by_email(email)
    if account is not None and not account.is_active:
        _open_again(account, person)
    if account is None:
        account = Account(
            email=email,
            contact_email=person.contact_email or None,
            telephone=person.telephone or None,
            name=person.name,
            home_agency_id=person.home_agency_id or person.agency_id,
            is_active=True,
            is_sample=is_sample,
            created_at=now(),
        )
        db.session.add(account)
        db.session.flush()
    elif any(
        grant.kind is person.kind
        and grant.task_force_id == person.task_force_id
        and grant.agency_id == person.agency_id
        for grant in queries.grants_in_force(account.id, today())
    ):
        raise InvalidInput({"email": _("Orang ini sudah mempunyai akses itu.")})
    db.session.add(
        AccessGrant(
            account_id=account.id,
            kind=person.kind,
            task_force_id=person.task_force_id,
            agency_id=person.agency_id,
            is_alternate=person.is_alternate and person.kind is AccessKind.FOCAL_POINT,
            from_on=person.from_on or today(),
            until_on=person.until_on,
            position=person.position or None,
            standing=person.standing,
            letter_number=person.letter_number or None,
            letter_on=person.letter_on,
        )
    )
    record(
        "access.granted",
        by=by,
        subject=("account", account.public_id),
        task_force_id=person.task_force_id,
        agency_id=person.agency_id,
        kind=person.kind.value,
    )
    return account


def _require_sound(person: NewPerson) -> None:
    """Raise InvalidInput, with a message, for what the table of accesses would reject."""
    is_administrator = person.kind is AccessKind.ADMINISTRATOR
    if is_administrator != (person.task_force_id is None):
        raise InvalidInput(
            {
                "task_force": _("Administrator tidak masuk gugus tugas mana pun.")
                if is_administrator
                else _("Pilih gugus tugas untuk akses ini.")
            }
        )
    if not is_administrator and db.session.get(TaskForce, person.task_force_id) is None:
        raise InvalidInput({"task_force": _("Pilih gugus tugas dari daftar.")})
    if (person.kind in AGENCY_KINDS) != (person.agency_id is not None):
        raise InvalidInput(
            {
                "agency": _("Pilih instansi untuk akses ini.")
                if person.agency_id is None
                else _("Akses ini tidak untuk satu instansi.")
            }
        )
    if person.agency_id is not None:
        agency = db.session.get(Agency, person.agency_id)
        if agency is None or agency.task_force_id != person.task_force_id:
            raise InvalidInput({"agency": _("Instansi itu bukan anggota gugus tugas ini.")})
    if person.until_on is not None and person.until_on < (person.from_on or today()):
        raise InvalidInput({"until_on": _("Tanggal berakhir mendahului tanggal mulai.")})


def _open_again(account: Account, person: NewPerson) -> None:
    if any(grant.task_force_id != person.task_force_id for grant in account.grants):
        raise InvalidInput({"email": _("Akun ini sudah ditutup. Pakai nama pengguna lain.")})
    account.is_active = True
    account.password_hash = None
    account.name = person.name


@transactional
def invite(
    person: NewPerson, *, form_key: str = "", by: Viewer | None, secret_key: str
) -> tuple[Account, str]:
    """Add a person and queue the invitation; return the account and the link's token.

    The link works once, for 48 hours. The same form sent twice (`form_key`) is one invitation.
    Raises InvalidInput, NotAllowed.
    """
    _require_may_invite(by, person)
    place = f"{person.kind.value}:{person.task_force_id}:{person.agency_id}"
    about = f"{LinkPurpose.INVITATION.value}:{place}:{normal_email(person.email)}"
    link_id = _link_id(about, form_key, by, secret_key)
    sent = queries.link_by_id(link_id)
    if sent is not None:
        return sent.account, derive_token(secret_key, LINK_PURPOSE, link_id)
    account = add_person(person, by=by)
    token = send_link(account, LinkPurpose.INVITATION, person.task_force_id, secret_key, link_id)
    return account, token


def _link_id(about: str, form_key: str, by: Viewer | None, secret_key: str) -> str:
    """Return the id of the link that a form of `by` makes (`about`: for what and whom): the same
    one each time the same form arrives; without a form (an empty key), a new one."""
    if by is None or not form_key:
        return secrets.token_urlsafe(18)
    return derive_token(secret_key, "formulir", f"{by.account_id}:{about}:{form_key}")[:32]


@transactional
def send_invitation(account_id: int, *, by: Viewer | None, secret_key: str) -> str:
    """Queue the invitation of somebody who is on the list already; return the link's token.

    An earlier invitation stops working. Raises NotFound, NotAllowed, Conflict.
    """
    if by is not None and not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat mengundang orang."))
    account = manageable(account_id, by)
    if not account.is_active:
        raise Conflict(_("Akun ini sudah ditutup."))
    if not account.mail_address:
        raise Conflict(_("Orang ini belum punya alamat email. Cetak surat aktivasi."))
    void_links(account.id)
    token = send_link(account, LinkPurpose.INVITATION, place_of(account, by), secret_key)
    record("account.invited", by=by, subject=("account", account.public_id))
    return token


@transactional
def send_reset(account_id: int, *, form_key: str = "", by: Viewer | None, secret_key: str) -> str:
    """Queue a link with which the person sets a new password (30 minutes); return its token.

    The same form sent twice (`form_key`) is one link. Raises NotFound, NotAllowed.
    """
    account = manageable(account_id, by)
    about = f"{LinkPurpose.RESET.value}:{account.public_id}"
    link_id = _link_id(about, form_key, by, secret_key)
    if queries.link_by_id(link_id) is not None:
        return derive_token(secret_key, LINK_PURPOSE, link_id)
    token = send_link(account, LinkPurpose.RESET, place_of(account, by), secret_key, link_id)
    record("account.reset_sent", by=by, subject=("account", account.public_id))
    return token


def place_of(account: Account, by: Viewer | None) -> int | None:
    """Return the task force whose outbox shows a mail to this person: the sender's; if the sender
    has none (an administrator, the shell, the person), the person's own."""
    if by is not None and by.task_force_id is not None:
        return by.task_force_id
    forces = {grant.task_force_id for grant in queries.grants_in_force(account.id, today())}
    return forces.pop() if len(forces) == 1 else None


def send_link(
    account: Account,
    purpose: LinkPurpose,
    task_force_id: int | None,
    secret_key: str,
    link_id: str = "",
) -> str:
    """Queue a one-time link to a person; return its token. Part of a service."""
    life = INVITATION_LIFE if purpose is LinkPurpose.INVITATION else RESET_LIFE
    link_id = link_id or secrets.token_urlsafe(18)
    token = derive_token(secret_key, LINK_PURPOSE, link_id)
    link = OneTimeLink(
        public_id=link_id,
        token_hash=token_hash(token),
        account_id=account.id,
        purpose=purpose,
        created_at=now(),
        expires_at=now() + life,
    )
    db.session.add(link)
    db.session.flush()
    queue_email(
        emails.account_link(account=account, purpose=purpose, link_id=link_id),
        occasion=(purpose.value, link_id),
        kind=purpose.value,
        to_address=account.mail_address,
        account_id=account.id,
        task_force_id=task_force_id,
    )
    return token


def void_links(account_id: int) -> None:
    """Invalidate all one-time links and codes of an account. Part of a service."""
    for model in (OneTimeLink, ActivationCode):
        db.session.execute(
            sa.update(model)
            .where(model.account_id == account_id, model.used_at.is_(None))
            .values(used_at=now())
        )


def visible(account_id: int, by: Viewer | None) -> Account:
    """Return an account on the list of `by` (None: the shell). Raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(_("Akun itu tidak ada."))
    if by is not None and account.id not in {person.id for person in queries.people(by)}:
        raise NotFound(_("Akun itu tidak ada."))
    return account


def manageable(account_id: int, by: Viewer | None) -> Account:
    """Return an account whose way in `by` (None: the shell) may change.

    Every change to how a person signs in or is reached calls this. Raises NotFound, and NotAllowed
    if the person has an access outside the task force of `by`: only an administrator may do that.
    """
    account = visible(account_id, by)
    if belongs_to_others(account, by):
        raise NotAllowed(_("Orang ini juga mempunyai akses lain; mintalah administrator."))
    return account


def belongs_to_others(account: Account, by: Viewer | None) -> bool:
    """Return whether an account has an access, now or later, outside the task force of `by`."""
    if by is None or by.kind is AccessKind.ADMINISTRATOR:
        return False
    return queries.has_access_elsewhere(account.id, by.own_task_force_id, today())


@transactional
def disable(account_id: int, *, by: Viewer | None) -> None:
    """Close an account: its sessions, links and unsent mails end at once.

    Raises NotFound, NotAllowed, Conflict.
    """
    if by is not None and not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat menutup akun."))
    account = manageable(account_id, by)
    if by is not None and account.id == by.account_id:
        raise Conflict(_("Anda tidak dapat menutup akun Anda sendiri."))
    close_account(account)
    record("account.disabled", by=by, subject=("account", account.public_id))


def close_account(account: Account) -> None:
    """Block all access with an account. Part of a service, which has checked permissions."""
    account.is_active = False
    end_all_sessions(account.id)
    void_links(account.id)
    devices.forget_all(account.id)
    cancel_emails_to(account.id)


# --- passwords -----------------------------------------------------------------------------------


def set_password(account: Account, password_hash: str) -> None:
    """Give an account a new password: sessions, links and known browsers end. Part of a service."""
    account.password_hash = password_hash
    end_all_sessions(account.id)
    void_links(account.id)
    devices.forget_all(account.id)


def require_good_password(password: str, *, email: str) -> None:
    problem = password_problem(password, email=email)
    if problem is PasswordProblem.TOO_SHORT:
        raise InvalidInput(
            {
                "password": _(
                    "Kata sandi paling pendek %(n)s karakter. Beberapa kata biasa sudah cukup.",
                    n=SHORTEST_PASSWORD,
                )
            }
        )
    if problem is PasswordProblem.TOO_LONG:
        raise InvalidInput({"password": _("Kata sandi terlalu panjang.")})
    if problem is PasswordProblem.GUESSABLE:
        raise InvalidInput({"password": _("Kata sandi ini mudah ditebak. Pilih yang lain.")})


def usable_link(token: str) -> OneTimeLink:
    """Return the one-time link of a token. Raises NotFound once used, expired or unknown.

    Looking changes nothing: mail scanners open links.
    """
    link = queries.link_by_hash(token_hash(token))
    if (
        link is None
        or link.used_at is not None
        or link.expires_at < now()
        or link.created_at > latest()
        or not link.account.is_active
    ):
        raise NotFound(_("Tautan sudah tidak berlaku. Minta tautan baru ke Sekretariat."))
    return link


def set_password_by_link(token: str, password: str) -> int:
    """Set a password with a one-time link; return the account's id. Ends all its sessions.

    Raises NotFound, InvalidInput.
    """
    link = usable_link(token)
    require_good_password(password, email=link.account.email)
    db.session.rollback()
    return _store_password_by_link(token, passwords.hasher.hash(password))


@transactional
def _store_password_by_link(token: str, password_hash: str) -> int:
    link = usable_link(token)
    link.used_at = now()
    set_password(link.account, password_hash)
    record("account.password_set", by=None, subject=("account", link.account.public_id))
    return link.account_id


def change_password(*, account_id: int, old: str, new: str, keep_session_id: int) -> None:
    """Change one's own password; every other session of the account ends.

    Raises InvalidInput, TooManyAttempts.
    """
    account = db.session.get_one(Account, account_id)
    stored, email = account.password_hash, account.email
    buckets = limiter.own_password(account_id)
    limiter.require_attempt_left(buckets)
    db.session.rollback()
    if not passwords.is_password(stored, old):
        limiter.count_failure(buckets)
        raise InvalidInput({"old": _("Kata sandi lama tidak cocok.")})
    require_good_password(new, email=email)
    _store_password(account_id, passwords.hasher.hash(new), keep_session_id)


@transactional
def _store_password(account_id: int, password_hash: str, keep_session_id: int) -> None:
    account = db.session.get_one(Account, account_id)
    account.password_hash = password_hash
    devices.forget_all(account_id)
    for session in db.session.scalars(
        sa.select(UserSession).where(
            UserSession.account_id == account_id,
            UserSession.ended_at.is_(None),
            UserSession.id != keep_session_id,
        )
    ):
        session.ended_at = now()
    record("account.password_set", by=None, subject=("account", account.public_id))


@transactional
def store_password_hash(account_id: int, password_hash: str) -> None:
    """Give an account a password whose hash was made before (demo accounts)."""
    account = db.session.get_one(Account, account_id)
    account.password_hash = password_hash
    record("account.password_set", by=None, subject=("account", account.public_id))
