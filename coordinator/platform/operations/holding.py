"""Why no mail leaves, in one place for the sender, the pages, `/siap` and `flask doctor`."""

from dataclasses import dataclass
from datetime import datetime

from config import Settings
from coordinator.platform.operations.clockwatch import held_clock
from coordinator.platform.operations.rules import ClockFault, HoldReason
from coordinator.platform.operations.service import is_copy


@dataclass(frozen=True, slots=True)
class Hold:
    """Mail is held. For `clock`: what was found, the last time known to be right, and what the
    clock said then."""

    reason: HoldReason
    fault: ClockFault | None = None
    seen_at: datetime | None = None
    held_at: datetime | None = None


def hold(settings: Settings) -> Hold | None:
    """Return why no mail leaves, the clock first: that alone is released by a button."""
    row = held_clock()
    if row is not None:
        return Hold(HoldReason.CLOCK, row.fault, row.seen_at, row.held_at)
    if is_copy(settings.data_dir):
        return Hold(HoldReason.COPY)
    return Hold(HoldReason.SETTING) if settings.mail_mode == "hold" else None
