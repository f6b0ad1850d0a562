"""Signing in and out, inviting, passwords. A password is hashed outside any transaction."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from coordinator.accounts import emails, queries
from coordinator.accounts.models import (
    AccessGrant,
    Account,
    AttemptCount,
    OneTimeLink,
    UserSession,
)
from coordinator.accounts.rules import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    INVITATION_LIFE,
    RESET_LIFE,
    SHORTEST_PASSWORD,
    TOUCH,
    WINDOW,
    LinkPurpose,
    PasswordProblem,
    network_of,
    normal_email,
    password_problem,
)
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory.models import Agency, TaskForce
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooManyAttempts
from coordinator.mail.rules import derive_token, token_hash
from coordinator.mail.service import queue_email
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission, Viewer

hasher = PasswordHasher()  # argon2id, 64 MiB, 3 passes: the library's own RFC 9106 profile
# Verified when the address is unknown, so that both answers take the same time.
_NOBODY = hasher.hash(secrets.token_hex(16))


# --- limiter -------------------------------------------------------------------------------------


def _window_at() -> tuple[object, int]:
    stamp = now()
    seconds = int(WINDOW.total_seconds())
    start = int(stamp.timestamp()) // seconds * seconds
    return stamp.fromtimestamp(start, stamp.tzinfo), seconds - (int(stamp.timestamp()) - start)


def _failures(bucket: str) -> int:
    window, _left = _window_at()
    return (
        db.session.scalar(
            sa.select(AttemptCount.count).where(
                AttemptCount.bucket == bucket, AttemptCount.window_at == window
            )
        )
        or 0
    )


def _buckets(email: str, address: str) -> list[tuple[str, int]]:
    # The address is kept as a hash: a list of who failed to sign in helps nobody but an attacker.
    return [
        (f"sign-in:account:{token_hash(email)[:32]}", FAILURES_PER_ACCOUNT),
        (f"sign-in:address:{network_of(address)}", FAILURES_PER_ADDRESS),
    ]


def _require_attempt_left(email: str, address: str) -> None:
    for bucket, limit in _buckets(email, address):
        if _failures(bucket) >= limit:
            left = _window_at()[1]
            raise TooManyAttempts(
                _("Terlalu banyak percobaan masuk. Coba lagi dalam beberapa menit."),
                retry_after=left,
            )


@transactional
def _count_failure(email: str, address: str) -> None:
    window, _left = _window_at()
    for bucket, _limit in _buckets(email, address):
        row = db.session.get(AttemptCount, (bucket, window))
        if row is None:
            db.session.add(AttemptCount(bucket=bucket, window_at=window, count=1))
        else:
            row.count += 1


@transactional
def forget_old_counters() -> int:
    """Delete counters older than a day and sessions over for a month; return how many rows."""
    counters = db.session.execute(
        sa.delete(AttemptCount).where(AttemptCount.window_at < now() - timedelta(days=1))
    )
    sessions = db.session.execute(
        sa.delete(UserSession).where(UserSession.seen_at < now() - timedelta(days=30))
    )
    return int(counters.rowcount) + int(sessions.rowcount)  # type: ignore[attr-defined]


# --- sessions ------------------------------------------------------------------------------------


def sign_in(*, email: str, password: str, address: str, browser: str) -> str | None:
    """Check a password and open a session; return its token, or None where they do not match.

    The answer is the same for an unknown address, a wrong password and a disabled account.
    Raises TooManyAttempts.
    """
    email = normal_email(email)
    _require_attempt_left(email, address)
    account = queries.account_by_email(email)
    stored = account.password_hash if account and account.is_active else None
    account_id = account.id if account else None
    db.session.rollback()  # hashing takes a third of a second: hold no transaction over it
    try:
        matches = hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        matches = False
    if not matches or account_id is None:
        _count_failure(email, address)
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
    if now() - session.seen_at > TOUCH:
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


def _end_all_sessions(account_id: int) -> None:
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


def _require_may_invite(by: Viewer | None, person: NewPerson) -> None:
    if by is None:
        return  # the shell: whoever runs it owns the machine
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
    """Create an account (or find it by its address) and give it an access.

    Raises InvalidInput, NotAllowed. `by` None is the shell.
    """
    _require_may_invite(by, person)
    if (person.kind in AGENCY_KINDS) != (person.agency_id is not None):
        raise InvalidInput({"agency": _("Pilih instansi untuk akses ini.")})
    if person.agency_id is not None:
        agency = db.session.get(Agency, person.agency_id)
        if agency is None or agency.task_force_id != person.task_force_id:
            raise InvalidInput({"agency": _("Instansi itu bukan anggota gugus tugas ini.")})
    email = normal_email(person.email)
    account = queries.account_by_email(email)
    if account is None:
        account = Account(
            email=email,
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
            is_alternate=person.is_alternate,
            from_on=person.from_on or today(),
            until_on=person.until_on,
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


@transactional
def invite(person: NewPerson, *, by: Viewer | None, secret_key: str) -> tuple[Account, str]:
    """Add a person and queue the invitation; return the account and the link's token.

    The link works once, for 48 hours. Raises InvalidInput, NotAllowed.
    """
    account = add_person(person, by=by)
    token = _send_link(account, LinkPurpose.INVITATION, person.task_force_id, secret_key)
    return account, token


@transactional
def send_reset(account_id: int, *, by: Viewer | None, secret_key: str) -> str:
    """Queue a link with which the person sets a new password (30 minutes); return its token."""
    account = _manageable(account_id, by)
    token = _send_link(account, LinkPurpose.RESET, by.task_force_id if by else None, secret_key)
    record("account.reset_sent", by=by, subject=("account", account.public_id))
    return token


def _send_link(
    account: Account, purpose: LinkPurpose, task_force_id: int | None, secret_key: str
) -> str:
    life = INVITATION_LIFE if purpose is LinkPurpose.INVITATION else RESET_LIFE
    link_id = secrets.token_urlsafe(18)
    token = derive_token(secret_key, "undangan", link_id)
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
        key=f"{purpose.value}:{link_id}",
        kind=purpose.value,
        to_address=account.email,
        account_id=account.id,
        task_force_id=task_force_id,
    )
    return token


def _manageable(account_id: int, by: Viewer | None) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(_("Akun itu tidak ada."))
    if by is not None and account.id not in {person.id for person in queries.people(by)}:
        raise NotFound(_("Akun itu tidak ada."))
    return account


@transactional
def disable(account_id: int, *, by: Viewer | None) -> None:
    """Close an account: its sessions end with the next request. Raises NotFound, NotAllowed."""
    if by is not None and not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat menutup akun."))
    account = _manageable(account_id, by)
    if by is not None and account.id == by.account_id:
        raise Conflict(_("Anda tidak dapat menutup akun Anda sendiri."))
    if by is not None and by.kind is not AccessKind.ADMINISTRATOR:
        for grant in queries.grants_in_force(account.id, today()):
            if grant.task_force_id != by.task_force_id:
                raise NotAllowed(_("Orang ini juga mempunyai akses lain; mintalah administrator."))
    account.is_active = False
    _end_all_sessions(account.id)
    record("account.disabled", by=by, subject=("account", account.public_id))


# --- passwords -----------------------------------------------------------------------------------


def _require_good_password(password: str, *, email: str) -> None:
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
        or not link.account.is_active
    ):
        raise NotFound(_("Tautan sudah tidak berlaku. Minta tautan baru ke Sekretariat."))
    return link


def set_password_by_link(token: str, password: str) -> int:
    """Set a password with a one-time link; return the account's id. Ends all its sessions.

    Raises NotFound, InvalidInput.
    """
    link = usable_link(token)
    _require_good_password(password, email=link.account.email)
    db.session.rollback()
    return _store_password_by_link(token, hasher.hash(password))


@transactional
def _store_password_by_link(token: str, password_hash: str) -> int:
    link = usable_link(token)
    link.used_at = now()
    link.account.password_hash = password_hash
    _end_all_sessions(link.account_id)
    record("account.password_set", by=None, subject=("account", link.account.public_id))
    return link.account_id


def change_password(*, account_id: int, old: str, new: str, keep_session_id: int) -> None:
    """Change one's own password; every other session of the account ends.

    Raises InvalidInput.
    """
    account = db.session.get_one(Account, account_id)
    stored, email = account.password_hash, account.email
    db.session.rollback()
    try:
        hasher.verify(stored or _NOBODY, old)
    except (VerificationError, InvalidHashError):
        raise InvalidInput({"old": _("Kata sandi lama tidak cocok.")}) from None
    _require_good_password(new, email=email)
    _store_password(account_id, hasher.hash(new), keep_session_id)


@transactional
def _store_password(account_id: int, password_hash: str, keep_session_id: int) -> None:
    account = db.session.get_one(Account, account_id)
    account.password_hash = password_hash
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
