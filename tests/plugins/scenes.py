"""Scenes that take long to build, built once a worker and engine."""

import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import flask
import pytest
import time_machine

from coordinator.db import db
from tests.engines import DATABASE, Captured

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What a builder returned, and the state it left: rows, files, the time of the clock."""

    value: bytes
    rows: Captured | None
    folder: Path
    at: datetime


@pytest.fixture(scope="session")
def remembered() -> dict[tuple[str, str], _Remembered]:
    """What `remember` keeps, by engine and name."""
    return {}


@pytest.fixture
def remember(
    app: flask.Flask,
    engine_name: str,
    data_dir: Path,
    worker_dir: Path,
    clock: time_machine.Traveller,
    remembered: dict[tuple[str, str], _Remembered],
    request: pytest.FixtureRequest,
) -> Callable[[str, Callable[[], T]], T]:
    """Return a function for scenes that take long to build: `remember(name, build)` builds once a
    worker and engine, and afterwards brings back the rows, the files and the time of the clock.
    `build` runs in an app context and returns ids and viewers, which are pickled, no entities."""

    def keep(name: str, build: Callable[[], T]) -> T:
        server = request.getfixturevalue("postgres") if engine_name == "postgresql" else None
        key = (engine_name, name)
        if key in remembered:
            before = remembered[key]
            if server is None:
                with (
                    closing(sqlite3.connect(before.folder / DATABASE)) as source,
                    closing(sqlite3.connect(data_dir / DATABASE)) as target,
                ):
                    source.backup(target)
            elif before.rows is not None:
                server.put_in("template_seeded", before.rows)
            others = shutil.ignore_patterns(f"{DATABASE}*")
            shutil.copytree(before.folder, data_dir, ignore=others, dirs_exist_ok=True)
            clock.move_to(before.at)
            return cast(T, pickle.loads(before.value))
        with app.app_context():
            value = build()
            db.session.remove()
            db.engine.dispose()
        folder = worker_dir / f"{engine_name}-{name}"
        shutil.copytree(data_dir, folder)
        if server is None:
            with closing(sqlite3.connect(folder / DATABASE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        remembered[key] = _Remembered(
            pickle.dumps(value),
            server.captured("template_seeded") if server else None,
            folder,
            datetime.now(UTC),
        )
        return value

    return keep
