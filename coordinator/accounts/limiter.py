"""How often something may be tried. Counters are rows, shared by all processes and hosts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.accounts.models import AttemptCount, KnownDevice, UserSession
from coordinator.accounts.rules import (
    DEVICE_LIFE,
    FAILURES_IN_ALL,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    WINDOW,
    network_of,
)
from coordinator.clock import latest, now
from coordinator.db import db, transactional
from coordinator.errors import TooManyAttempts
from coordinator.mail.rules import token_hash


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count of failures, and how many of them there may be in five minutes."""

    name: str
    limit: int


def guesses(what: str, name: str, address: str) -> list[Bucket]:
    """Return the buckets for guessing `what` ("sign-in", "code") about the account `name` from a
    client `address`. Names are kept as a hash: a list of them helps nobody but an attacker."""
    return [
        Bucket(f"{what}:account:{token_hash(name)[:32]}", FAILURES_PER_ACCOUNT),
        *strangers(what, address),
    ]


def strangers(what: str, address: str) -> list[Bucket]:
    """Return the buckets for guessing `what` where no account is named."""
    return [
        Bucket(f"{what}:address:{network_of(address)}", FAILURES_PER_ADDRESS),
        Bucket(f"{what}:all", FAILURES_IN_ALL),
    ]


def known_device(device_hash: str) -> list[Bucket]:
    """Return the one bucket of a browser that the account was used in before."""
    return [Bucket(f"sign-in:device:{device_hash[:32]}", FAILURES_PER_ACCOUNT)]


def own_password(account_id: int) -> list[Bucket]:
    """Return the bucket for guessing the old password from inside a session."""
    return [Bucket(f"password:account:{account_id}", FAILURES_PER_ACCOUNT)]


def _window() -> tuple[datetime, int]:
    """Return the start of the running window and how many seconds of it are left."""
    stamp = now()
    seconds = int(WINDOW.total_seconds())
    start = int(stamp.timestamp()) // seconds * seconds
    return stamp.fromtimestamp(start, stamp.tzinfo), seconds - (int(stamp.timestamp()) - start)


def require_attempt_left(buckets: Sequence[Bucket]) -> None:
    """Raise TooManyAttempts where one of the buckets is full."""
    window, left = _window()
    counts = {
        row[0]: row[1]
        for row in db.session.execute(
            sa.select(AttemptCount.bucket, AttemptCount.count).where(
                AttemptCount.bucket.in_([bucket.name for bucket in buckets]),
                AttemptCount.window_at == window,
            )
        )
    }
    if any(counts.get(bucket.name, 0) >= bucket.limit for bucket in buckets):
        raise TooManyAttempts(
            _("Terlalu banyak percobaan masuk. Coba lagi dalam beberapa menit."), retry_after=left
        )


@transactional
def count_failure(buckets: Sequence[Bucket]) -> None:
    """Count one failure in each bucket."""
    window, _left = _window()
    for bucket in buckets:
        row = db.session.get(AttemptCount, (bucket.name, window))
        if row is None:
            db.session.add(AttemptCount(bucket=bucket.name, window_at=window, count=1))
        else:
            row.count += 1


@transactional
def forget_old_counters() -> int:
    """Delete counters older than a day, sessions over for a month and devices unused for half a
    year, and what a wrong clock dated in the future; return how many rows."""
    rows = 0
    for model, column, age in (
        (AttemptCount, AttemptCount.window_at, timedelta(days=1)),
        (UserSession, UserSession.seen_at, timedelta(days=30)),
        (KnownDevice, KnownDevice.seen_at, DEVICE_LIFE),
    ):
        done = db.session.execute(
            sa.delete(model).where(sa.or_(column < now() - age, column > latest()))
        )
        rows += int(done.rowcount)  # type: ignore[attr-defined]
    return rows
