"""The only clock. Instants are UTC; days are decided in a task force's own zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Makassar"
# Clocks of two hosts, and one that is set right, may differ by this much. A row dated further ahead
# was written while the clock was wrong, and is ignored.
TOLERANCE = timedelta(hours=1)


_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def real_now() -> datetime:
    """Return the real instant, aware, in UTC, even inside `frozen_time`. For the audit trail."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def latest() -> datetime:
    """Return the latest instant that a past event can be dated."""
    return now() + TOLERANCE


def is_within(span: timedelta, since: datetime, at: datetime) -> bool:
    """Return whether `at` is in the `span` of time that began at `since`.

    False if `since` is in the future, dated by a wrong clock.
    """
    return since <= at + TOLERANCE and at < since + span


@contextmanager
def frozen_time(instant: datetime) -> Iterator[None]:
    """Let services act as on another day. Only the demo uses this, to create past data."""
    token = _frozen_at.set(instant)
    try:
        yield
    finally:
        _frozen_at.reset(token)


def today(zone: str = DEFAULT_ZONE) -> date:
    """Return the local calendar day in `zone` (an IANA name); never the host's own zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def local(instant: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """Return `instant` (aware) as wall-clock time in `zone`."""
    return instant.astimezone(ZoneInfo(zone))
