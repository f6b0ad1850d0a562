"""Watches the clock, because mail is sent by it.

A wrong clock sends what is not due and then silences what is. See docs/decisions/0019-clock.md. The
last time known to be right is stored in the database and also in DATA_DIR: a restored database is
older than the clock.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.platform.operations.models import ClockWatch, JobRun
from coordinator.platform.operations.rules import ClockFault, clock_fault, has_jumped

CLOCK_FILE = "last_known_time"
NOTED_EACH = timedelta(minutes=1)


def steady_seconds() -> float:
    """Return the seconds of a clock that nobody can set and that goes on while the machine sleeps,
    where there is one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Watch:
    """One process's look at its two clocks; all its threads share one."""

    def __init__(
        self,
        wall: Callable[[], datetime] = now,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._last: tuple[datetime, float] | None = None
        self._lock = threading.Lock()

    def is_held(self, data_dir: Path) -> bool:
        """Look at the clocks, note what they say, and tell whether a person must confirm them."""
        with self._lock:
            at, steady = self._wall(), self._steady()
            before, self._last = self._last, (at, steady)
        jumped = before is not None and has_jumped(
            at - before[0], timedelta(seconds=steady - before[1])
        )
        return _look(data_dir, at, jumped) is not None


def _look(data_dir: Path, at: datetime, jumped: bool) -> ClockFault | None:
    row = db.session.get(ClockWatch, 1, populate_existing=True)
    if row is not None and row.fault is not None:
        return row.fault
    seen_at = _last_known(row, data_dir)
    fault = clock_fault(seen_at, at, has_jumped=jumped) if seen_at else None
    if fault is not None:
        _hold(fault, seen_at or at, at)
    elif row is None or at - row.seen_at >= NOTED_EACH:
        _note(at)
        _write(data_dir, at)
    return fault


def _last_known(row: ClockWatch | None, data_dir: Path) -> datetime | None:
    if row is not None:
        beside = _read(data_dir)
        return max(row.seen_at, beside) if beside else row.seen_at
    # Before the first look: what an older version left. A file alone may be another database's.
    return db.session.scalar(sa.select(sa.func.max(JobRun.started_at)))


@transactional
def _hold(fault: ClockFault, seen_at: datetime, at: datetime) -> None:
    row = db.session.get(ClockWatch, 1)
    if row is None:
        row = ClockWatch(id=1, seen_at=seen_at)
        db.session.add(row)
    if row.fault is None:  # the first to find it says what it was
        row.fault, row.held_at = fault, at


@transactional
def _note(at: datetime) -> None:
    row = db.session.get(ClockWatch, 1)
    if row is None:
        db.session.add(ClockWatch(id=1, seen_at=at))
    elif row.fault is None:
        row.seen_at = at


def held_clock() -> ClockWatch | None:
    """Return the watch where a person must confirm the clock."""
    row = db.session.get(ClockWatch, 1, populate_existing=True)
    return row if row is not None and row.fault is not None else None


def confirm(data_dir: Path) -> ClockFault | None:
    """Take the present time as right: a person said so. Part of a service; return what was wrong,
    or None where nothing was held."""
    row = db.session.get(ClockWatch, 1)
    if row is None or row.fault is None:
        return None
    fault, row.fault, row.held_at, row.seen_at = row.fault, None, None, now()
    _write(data_dir, row.seen_at)
    return fault


def _read(data_dir: Path) -> datetime | None:
    try:
        found = datetime.fromisoformat((data_dir / CLOCK_FILE).read_text().strip())
    except (OSError, ValueError):
        return None
    return found.astimezone(UTC)


def _write(data_dir: Path, at: datetime) -> None:
    """Write the file as a whole; a full disk is no reason not to send."""
    with suppress(OSError):
        written = data_dir / f"{CLOCK_FILE}.{os.getpid()}.{threading.get_ident()}"
        written.write_text(at.isoformat())
        written.replace(data_dir / CLOCK_FILE)
