"""Sealing the trail, and taking in what could not be noted at its time."""

import flask

from coordinator import logs
from coordinator.platform.audit import access, service


def seal_audit_entries() -> str:
    """Seal what was committed since the last minute, and keep the head outside the table."""
    count = service.seal_audit_entries()
    settings = flask.current_app.config["SETTINGS"]
    if service.keep_head(settings.data_dir, flask.current_app.config["SECRET_KEY"]):
        return f"{count} catatan disegel"
    logs.warning("the audit trail does not go on from its head; see flask audit verify")
    return f"{count} catatan disegel; kepala tidak cocok, jalankan `flask audit verify`"


def take_in_access_log() -> str:
    """Take in who read what while the database could not be written."""
    count = access.take_in_waiting_lines(flask.current_app.config["SETTINGS"].data_dir)
    return f"{count} pembacaan dicatat"
