"""Whether the parts that people depend on work: for monitoring, and for administrators."""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from coordinator.clock import now
from coordinator.platform.mail import queries as mail
from coordinator.platform.operations.holding import hold
from coordinator.platform.operations.rules import HoldReason
from coordinator.platform.operations.service import backup_age, database_takes_writes, last_tick
from coordinator.translation import gettext as _

LOWEST_FREE = 0.05
OLDEST_OUTBOX = timedelta(minutes=15)
OLDEST_TICK = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What each part says, and the names of those that do not work."""

    parts: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def readiness(settings: Any) -> Readiness:
    """Look at the database, the disk, the scheduler, the clock and the mail that waits."""
    if not database_takes_writes():
        return Readiness({"database": "cannot be written"}, ["database"])
    found = Readiness({"database": "ok"})
    usage = shutil.disk_usage(settings.data_dir)
    found.parts["disk_free"] = round(usage.free / usage.total, 3)
    if usage.free / usage.total < LOWEST_FREE:
        found.faults.append("disk")
    tick = last_tick()
    found.parts["scheduler_last_tick"] = tick.isoformat() if tick else None
    if tick is None or now() - tick > OLDEST_TICK:
        found.faults.append("scheduler")
    held = hold(settings)
    found.parts["mail_mode"] = "hold" if held else settings.mail_mode
    found.parts["mail_held"] = held.reason.value if held else None
    if held is not None and held.reason is HoldReason.CLOCK:
        found.faults.append("clock")
    oldest = mail.oldest_unsent(now())
    found.parts["outbox_oldest"] = oldest.isoformat() if oldest else None
    if held is None and oldest is not None and now() - oldest > OLDEST_OUTBOX:
        found.faults.append("outbox")
    newest_backup = backup_age()
    found.parts["backup"] = newest_backup.isoformat() if newest_backup else "never due"
    return found


def fault_sentences(faults: list[str]) -> list[str]:
    """Return what does not work, each with what to do."""
    words = {
        "database": _("Basis data tidak dapat ditulis. Periksa disk dan layanannya."),
        "disk": _("Ruang disk hampir habis. Kosongkan, atau pindahkan DATA_DIR."),
        "scheduler": _("Penjadwal tidak berjalan: pengingat dan email tertahan. Jalankan ulang."),
        "clock": _("Jam server diragukan. Benarkan jamnya, lalu pastikan di halaman Email keluar."),
        "outbox": _("Email menunggu lebih dari 15 menit. Periksa server email."),
    }
    return [words[fault] for fault in faults]
