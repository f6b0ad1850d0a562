"""How much room the files of one agency may take."""

import flask

from coordinator.platform.files.labels import quota_reached
from coordinator.platform.files.rules import MEGABYTE


def limit() -> int:
    """Return the room of an agency in this installation, in bytes."""
    return int(flask.current_app.config["SETTINGS"].evidence_quota_mb) * MEGABYTE


def refusal(used: int, size: int) -> str:
    """Return why `size` bytes do not fit in addition to `used` bytes; empty where they fit."""
    most = limit()
    return quota_reached(used, most) if used + size > most else ""
