"""Noting who read something sensitive, without making the reading depend on it.

A line that the database cannot take now (locked, full, read-only) goes into a file of DATA_DIR, and
a job takes it in later. Where even the file cannot be written, the log says that it is missing.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import flask
from sqlalchemy.exc import DBAPIError

from coordinator import logs, web
from coordinator.clock import now
from coordinator.db import db, is_storage_fault, random_id, transactional, without_waiting
from coordinator.permissions import Viewer
from coordinator.platform.audit.models import AccessLog

WAITING = "access_log.jsonl"
TAKEN = "access_log.*.taken"
PATIENCE = 250  # milliseconds: longer than usual writing takes, too short to be noticed


def log_access(what: str, *, by: Viewer, subject_id: str) -> None:
    """Note, in a transaction of its own, that `by` read something sensitive ("evidence")."""
    _request_id, address = web.request_facts()
    line = {
        "at": now().isoformat(),
        "account_id": by.account_id,
        "task_force_id": by.task_force_id,
        "what": what,
        "subject_id": subject_id,
        "address": address,
    }
    try:
        with without_waiting(PATIENCE):
            _store([line])
    except DBAPIError as error:
        if not is_storage_fault(error):
            raise
        _keep_for_later(line)


def _keep_for_later(line: dict[str, Any]) -> None:
    path = Path(flask.current_app.config["SETTINGS"].data_dir) / WAITING
    data = (json.dumps(line) + "\n").encode()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if os.write(file, data) != len(data):
                raise OSError("half a line")
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        logs.trouble(
            "who read this could not be recorded",
            error,
            account=line["account_id"],
            what=line["what"],
            subject=line["subject_id"],
        )


@transactional
def _store(lines: list[dict[str, Any]]) -> None:
    db.session.add_all(
        AccessLog(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines
    )


def take_in_waiting_lines(data_dir: Path) -> int:
    """Store the lines that wait in DATA_DIR; return how many.

    The file is renamed first, so that web workers begin another, and deleted last: a process that
    dies in between may store a line twice, but loses none.
    """
    waiting = data_dir / WAITING
    if waiting.exists():
        waiting.replace(data_dir / f"access_log.{random_id()}.taken")
    count = 0
    for path in sorted(data_dir.glob(TAKEN)):
        lines = list(_lines(path))
        _store(lines)
        path.unlink(missing_ok=True)
        count += len(lines)
    return count


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for text in path.read_text().splitlines():
        try:
            yield json.loads(text)
        except ValueError:  # a full disk cut it off
            logs.warning("a line on who read what is cut off", what=WAITING)
