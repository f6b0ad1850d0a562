"""When the server's clock is not to be believed. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum, auto

from coordinator.clock import TOLERANCE

# Under this name the application keeps what `flask doctor --rebuild` counts again.
REBUILDS = "rebuilds"
LONGEST_OFF = timedelta(days=60)


class ClockFault(StrEnum):
    """Why a person must say that the clock is right: at start it was far ahead of the last known
    time (`gap`), or behind it (`back`); or it was set while the scheduler ran (`jump`)."""

    GAP = auto()
    BACK = auto()
    JUMP = auto()


class HoldReason(StrEnum):
    """Why no mail leaves: the setting says so, this is a copy of another installation, or the
    clock must be confirmed."""

    SETTING = auto()
    COPY = auto()
    CLOCK = auto()


def clock_fault(seen_at: datetime, at: datetime, *, has_jumped: bool) -> ClockFault | None:
    """Return what is wrong with a clock that says `at` when it was right at `seen_at`.

    Up to 60 days ahead means that the server was off. `has_jumped`: it was set while somebody
    watched.
    """
    if at < seen_at - TOLERANCE:
        return ClockFault.BACK
    if has_jumped:
        return ClockFault.JUMP
    return ClockFault.GAP if at > seen_at + LONGEST_OFF else None


def has_jumped(wall: timedelta, steady: timedelta) -> bool:
    """Tell whether the wall clock was set: how far it went, against a clock nobody can set."""
    return abs(wall - steady) > TOLERANCE
