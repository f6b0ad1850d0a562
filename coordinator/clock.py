"""The only clock. Instants are UTC; days are decided in a task force's own zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Makassar"


_acting_at: ContextVar[datetime | None] = ContextVar("acting_at", default=None)


def real_now() -> datetime:
    """Return the present instant, aware, in UTC, whatever day is being acted. For the audit."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _acting_at.get() or datetime.now(UTC)


@contextmanager
def acting_at(instant: datetime) -> Iterator[None]:
    """Let services act as on another day. Only the demo, to make up a past, uses this."""
    token = _acting_at.set(instant)
    try:
        yield
    finally:
        _acting_at.reset(token)


def today(zone: str = DEFAULT_ZONE) -> date:
    """Return the local calendar day in `zone` (an IANA name); never the host's own zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def local(instant: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """Return `instant` (aware) as wall-clock time in `zone`."""
    return instant.astimezone(ZoneInfo(zone))
