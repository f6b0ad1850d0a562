"""How much room the files of one agency may take."""

import flask

from coordinator.platform.files.rules import MEGABYTE
from coordinator.platform.files.words import quota_reached


def limit() -> int:
    """Return the room of an agency in this installation, in bytes."""
    return int(flask.current_app.config["SETTINGS"].evidence_quota_mb) * MEGABYTE


def refusal(used: int, size: int) -> str:
    """Return why a file of `size` bytes does not fit beside `used` bytes; empty where it fits."""
    most = limit()
    return quota_reached(used, most) if used + size > most else ""
