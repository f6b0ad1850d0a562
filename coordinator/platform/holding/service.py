"""Letting mail go."""

from datetime import datetime
from pathlib import Path

from coordinator.clock import now
from coordinator.db import transactional
from coordinator.errors import Conflict, NotAllowed
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.operations import clockwatch
from coordinator.platform.operations.service import adopt
from coordinator.translation import gettext as _

SHOWN_FOR_MINUTES = 30


@transactional
def confirm_clock(data_dir: Path, *, shown_at: datetime | None = None, by: Viewer | None) -> None:
    """Take the server's present time as right, and let reminders and mail go on.

    `shown_at` is the time that the person read before saying so; `by` None is the shell.
    Raises NotAllowed, Conflict (nothing is held, or the clock has moved since it was read).
    """
    if by is not None and not by.may(Permission.CONFIRM_CLOCK):
        raise NotAllowed(_("Anda tidak dapat melepas email yang ditahan."))
    if shown_at is not None and abs((now() - shown_at).total_seconds()) > SHOWN_FOR_MINUTES * 60:
        raise Conflict(_("Jam server sudah lain dari yang Anda baca. Periksa sekali lagi."))
    watched = clockwatch.held_clock()
    if watched is None:
        raise Conflict(_("Tidak ada email yang ditahan karena jam."))
    seen_at, held_at = watched.seen_at, watched.held_at
    fault = clockwatch.confirm(data_dir)
    record(
        "clock.confirmed",
        by=by,
        subject=("installation", 1),
        fault=fault.value if fault else "",
        last_known=seen_at.isoformat(),
        found=held_at.isoformat() if held_at else "",
        confirmed=now().isoformat(),
    )


@transactional
def adopt_copy(data_dir: Path) -> None:
    """Make a copied database this place's own: its mail leaves from here on. From the shell."""
    adopt(data_dir)
    record("installation.adopted", by=None, subject=("installation", 1))
