"""How often something may be tried. Counters are rows, shared by all processes and hosts.

Not Flask-Limiter: that counts requests, and in memory or in Redis. Here failures count, a success
forgives them, and the count survives a restart in the one database there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from coordinator.clock import latest, now
from coordinator.db import db, if_possible, transactional
from coordinator.errors import TooManyAttempts
from coordinator.people.accounts.models import AttemptCount, KnownDevice, UserSession
from coordinator.people.accounts.rules import (
    DEVICE_LIFE,
    FAILURES_IN_ALL,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ACCOUNT_IN_ALL,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_ADDRESS_IN_ALL,
    FEW_FAILURES,
    WINDOW,
    network_of,
)
from coordinator.platform.mail.rules import token_hash
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count of failures in five minutes, and what it does once it is full."""

    name: str
    # At this count, no more tries are allowed.
    limit: int | None = None
    # At so many, the counters with a `few` have that for a limit, and none with `is_of_all` counts.
    crowded_at: int | None = None
    few: int | None = None
    is_of_all: bool = False


def guesses(what: str, name: str, address: str) -> list[Bucket]:
    """Return the buckets for guessing `what` ("sign-in", "code") about the account `name` from a
    client `address`. Names are kept as a hash: a list of them helps nobody but an attacker.

    A user is blocked by their own failures: of this account from this address. The counters of the
    address, of the account and of everybody also count strangers, so a full one only leaves each
    pair few tries (a whole office shares one address). An account tried from many addresses, and an
    address that tries many names, are blocked entirely far above that.
    """
    hashed, network = token_hash(name)[:32], network_of(address)
    return [
        Bucket(f"{what}:pair:{hashed}:{network}", FAILURES_PER_ACCOUNT, few=FEW_FAILURES),
        Bucket(
            f"{what}:account:{hashed}",
            FAILURES_PER_ACCOUNT_IN_ALL,
            crowded_at=FAILURES_PER_ACCOUNT,
        ),
        Bucket(
            f"{what}:address:{network}",
            FAILURES_PER_ADDRESS_IN_ALL,
            crowded_at=FAILURES_PER_ADDRESS,
        ),
        Bucket(f"{what}:all", crowded_at=FAILURES_IN_ALL, is_of_all=True),
    ]


def count_stranger(what: str, address: str) -> None:
    """Count an unknown token ("link", "calendar"). Raises TooManyAttempts.

    Call this only after looking up the token: a valid one works regardless of other attempts from
    the same address. If the database is read-only, nothing is counted: reading still works, and 256
    random bits cannot be guessed in that time.
    """
    buckets = [
        Bucket(f"{what}:address:{network_of(address)}", FAILURES_PER_ADDRESS),
        Bucket(f"{what}:all", FAILURES_IN_ALL),
    ]
    require_attempt_left(
        buckets, _("Terlalu banyak tautan yang tidak dikenal. Coba lagi dalam beberapa menit.")
    )
    with if_possible():
        count_failure(buckets)


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


def _counts(buckets: Sequence[Bucket], window: datetime) -> dict[str, int]:
    rows = db.session.execute(
        sa.select(AttemptCount.bucket, AttemptCount.count).where(
            AttemptCount.bucket.in_([bucket.name for bucket in buckets]),
            AttemptCount.window_at == window,
        )
    )
    counts = {row[0]: row[1] for row in rows}
    return {bucket.name: counts.get(bucket.name, 0) for bucket in buckets}


def _is_crowded(buckets: Sequence[Bucket], counts: dict[str, int]) -> bool:
    return any(b.crowded_at is not None and counts[b.name] >= b.crowded_at for b in buckets)


def require_attempt_left(buckets: Sequence[Bucket], message: str = "") -> None:
    """Raise TooManyAttempts (with `message`, or about signing in) where a bucket is full."""
    window, left = _window()
    counts = _counts(buckets, window)
    is_crowded = _is_crowded(buckets, counts)
    for bucket in buckets:
        limit = bucket.few if is_crowded and bucket.few is not None else bucket.limit
        if limit is not None and counts[bucket.name] >= limit:
            raise TooManyAttempts(
                message or _("Terlalu banyak percobaan masuk. Coba lagi dalam beberapa menit."),
                retry_after=left,
            )


@transactional
def count_failure(buckets: Sequence[Bucket]) -> None:
    """Count one failure in each bucket.

    If one is crowded, the global bucket is skipped: a few addresses must not use up everybody's
    tries.
    """
    window, _left = _window()
    is_crowded = _is_crowded(buckets, _counts(buckets, window))
    for bucket in buckets:
        if bucket.is_of_all and is_crowded:
            continue
        row = db.session.get(AttemptCount, (bucket.name, window))
        if row is None:
            db.session.add(AttemptCount(bucket=bucket.name, window_at=window, count=1))
        else:
            row.count += 1


@transactional
def forget_old_counters() -> int:
    """Delete old counters, sessions and devices; return how many rows.

    Counters are kept for a day, ended sessions for a month, unused devices for half a year. Rows
    that a wrong clock dated in the future are deleted too.
    """
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
