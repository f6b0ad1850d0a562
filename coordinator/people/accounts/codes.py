"""Activation codes on paper, for people without a mailbox that takes mail."""

import hashlib
import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa

from coordinator.clock import latest, now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed
from coordinator.people.accounts import limiter, passwords, queries
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import Account, ActivationCode
from coordinator.people.accounts.rules import (
    CODE_ALPHABET,
    CODE_LENGTH,
    CODE_LIFE,
    normal_code,
    normal_email,
)
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.queries import unreachable
from coordinator.translation import gettext as _


def _code_hash(account: Account, code: str, secret_key: str) -> str:
    # A code is short: with a plain hash a stolen table could be searched; this needs the secret.
    text = f"aktivasi:{account.public_id}:{code}"
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


@transactional
def new_code(account_id: int, *, by: Viewer, secret_key: str) -> tuple[str, datetime]:
    """Make a code with which the person sets a password once; return it and when it expires.

    It is known only now; earlier codes and links stop working. Only where mail does not reach the
    person: who has a working mailbox gets a link, which nobody else reads.
    Raises NotFound, NotAllowed, Conflict.
    """
    if not by.may(Permission.INVITE_PEOPLE):
        raise NotAllowed(_("Anda tidak dapat membuat kode aktivasi."))
    account = accounts.manageable(account_id, by)
    if not account.is_active:
        raise Conflict(_("Akun ini sudah ditutup."))
    if account.mail_address and not unreachable({account.mail_address}, now()):
        raise Conflict(_("Email orang ini dapat dipakai. Kirim undangan lewat email."))
    accounts.void_links(account.id)
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    expires_at = now() + CODE_LIFE
    db.session.add(
        ActivationCode(
            account_id=account.id,
            code_hash=_code_hash(account, code, secret_key),
            created_at=now(),
            expires_at=expires_at,
        )
    )
    record("account.code_printed", by=by, subject=("account", account.public_id))
    return code, expires_at


def _usable(email: str, code: str, secret_key: str) -> ActivationCode | None:
    account = queries.account_by_email(email)
    if account is None or not account.is_active:
        return None
    return db.session.scalar(
        sa.select(ActivationCode).where(
            ActivationCode.account_id == account.id,
            ActivationCode.code_hash == _code_hash(account, code, secret_key),
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at >= now(),
            ActivationCode.created_at <= latest(),
        )
    )


def activate(*, email: str, code: str, password: str, address: str, secret_key: str) -> int:
    """Set a password with an activation code; return the account's id.

    An unknown name, a wrong, used and expired code are answered alike. A bad password does not use
    the code up. Raises InvalidInput, TooManyAttempts.
    """
    email, code = normal_email(email), normal_code(code)
    buckets = limiter.guesses("code", email, address)
    limiter.require_attempt_left(buckets)
    if _usable(email, code, secret_key) is None:
        limiter.count_failure(buckets)
        raise _refused()
    accounts.require_good_password(password, email=email)
    db.session.rollback()
    return _store(email, code, passwords.hasher.hash(password), secret_key)


@transactional
def _store(email: str, code: str, password_hash: str, secret_key: str) -> int:
    found = _usable(email, code, secret_key)
    if found is None:
        raise _refused()
    found.used_at = now()
    accounts.set_password(found.account, password_hash)
    record("account.password_set", by=None, subject=("account", found.account.public_id))
    return found.account_id


def _refused() -> InvalidInput:
    return InvalidInput(
        {"code": _("Nama pengguna atau kode tidak cocok, sudah dipakai, atau lewat 14 hari.")}
    )
