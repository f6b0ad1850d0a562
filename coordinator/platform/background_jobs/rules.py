"""States of long work. Pure."""

from datetime import timedelta
from enum import StrEnum, auto

# A worker must report progress more often than this, or its work is given to another.
LEASE = timedelta(seconds=90)
MOST_ATTEMPTS = 3  # the first try and two more after a worker died
KEPT = timedelta(hours=24)  # how long a result file can be fetched


class TaskState(StrEnum):
    """Where a piece of long work is."""

    QUEUED = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()


ENDED = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED})


def share(done: int, total: int) -> int:
    """Return how much is done, in percent, 0 to 100; 0 while the total is not known."""
    return min(100, max(0, 100 * done // total)) if total > 0 else 0
