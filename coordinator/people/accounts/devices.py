"""Browsers in which an account's password was right before.

The limiter stops guessing by account and by address, and a whole office shares one address. A
browser that signed in before has its own limit, so that an attack does not lock out the office.
"""

import secrets
from collections.abc import Mapping

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.people.accounts.models import Account, KnownDevice
from coordinator.platform.mail.rules import derive_token, token_hash


def cookie_name(account: Account, secret_key: str) -> str:
    """Return the name of an account's cookie: one a person and browser, telling nobody whose."""
    return f"kenal-{derive_token(secret_key, 'perangkat', account.public_id)[:16]}"


def known(account: Account, cookies: Mapping[str, str], *, secret_key: str) -> str | None:
    """Return the hash of the device's token where this account signed in from it before."""
    name = cookie_name(account, secret_key)
    token = next((value for key, value in cookies.items() if key.endswith(name)), "")
    if not token:
        return None
    found: str | None = db.session.scalar(
        sa.select(KnownDevice.token_hash).where(
            KnownDevice.account_id == account.id, KnownDevice.token_hash == token_hash(token)
        )
    )
    return found


@transactional
def remember(
    account_id: int, cookies: Mapping[str, str], *, secret_key: str
) -> tuple[str, str] | None:
    """Record that the account is used in this browser.

    Return the cookie to set, as (name, value), or None if the browser is already known.
    """
    account = db.session.get_one(Account, account_id)
    device = known(account, cookies, secret_key=secret_key)
    if device is not None:
        row = db.session.scalars(sa.select(KnownDevice).filter_by(token_hash=device)).one()
        row.seen_at = now()
        return None
    token = secrets.token_urlsafe(32)
    db.session.add(
        KnownDevice(
            account_id=account_id, token_hash=token_hash(token), created_at=now(), seen_at=now()
        )
    )
    return cookie_name(account, secret_key), token


def forget_all(account_id: int) -> None:
    """Forget every browser of an account. Part of a service: a new password, a closed account."""
    db.session.execute(sa.delete(KnownDevice).where(KnownDevice.account_id == account_id))
