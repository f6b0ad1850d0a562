"""Scenes that take long to build, built once a worker and engine."""

import filecmp
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import time_machine

from coordinator.db import db
from coordinator.preparation import load_seed
from tests.engines import DATABASE, Captured, Postgres

T = TypeVar("T")
TEMPLATE = "template_seeded"
Key = tuple[bool, str]  # is it on PostgreSQL, and the name


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a builder returned, and the state it left: rows, files, the time of the clock."""

    value: bytes
    rows: Captured | None
    folder: Path
    at: datetime


def seed() -> None:
    """Fill an empty database: what a new installation has, and the sample plan, which a real one
    gets only when somebody asks for it."""
    load_seed(with_sample_plan=True)


class Scenes:
    """The scenes of a worker, for the database of one test."""

    def __init__(
        self,
        remembered: dict[Key, Remembered],
        server: Postgres | None,
        sqlite_template: Path,
        data_dir: Path,
        worker_dir: Path,
        clock: time_machine.Traveller,
    ) -> None:
        self._remembered = remembered
        self._server = server
        self._sqlite_template = sqlite_template
        self._data_dir = data_dir
        self._worker_dir = worker_dir
        self._clock = clock

    def remember(self, name: str, build: Callable[[], T]) -> T:
        """Build a scene, or bring back its rows, its files and the time it left. `build` returns
        ids and viewers, which are pickled, no entities. Runs in an app context."""
        key = (self._server is not None, name)
        if key in self._remembered:
            before = self._remembered[key]
            _let_go()
            self._bring_back(before)
            return cast(T, pickle.loads(before.value))
        value = build()
        _let_go()
        self._remembered[key] = self._as_it_is(value, f"scene{len(self._remembered)}")
        return value

    def remember_first(self, name: str, build: Callable[[], T]) -> T:
        """The same for a scene that tests build at different times, with or without others: kept
        and brought back only where nothing was written before it."""
        db.session.commit()
        _let_go()
        if self._is_written():
            return build()
        return self.remember(f"{name} {datetime.now(UTC)}", build)

    def _is_written(self) -> bool:
        if self._server is not None:
            return self._has_files() or self._server.is_changed(TEMPLATE)
        return self._has_files() or not filecmp.cmp(
            self._data_dir / DATABASE, self._sqlite_template, shallow=False
        )

    def _has_files(self) -> bool:
        files = (path for path in self._data_dir.rglob("*") if path.is_file())
        return any(not path.name.startswith(DATABASE) for path in files)

    def _bring_back(self, before: Remembered) -> None:
        if before.rows is None:
            with (
                closing(sqlite3.connect(before.folder / DATABASE)) as source,
                closing(sqlite3.connect(self._data_dir / DATABASE)) as target,
            ):
                source.backup(target)
        elif self._server is not None:
            self._server.put_in(TEMPLATE, before.rows)
        others = shutil.ignore_patterns(f"{DATABASE}*")
        shutil.copytree(before.folder, self._data_dir, ignore=others, dirs_exist_ok=True)
        self._clock.move_to(before.at)

    def _as_it_is(self, value: object, name: str) -> Remembered:
        folder = self._worker_dir / name
        shutil.copytree(self._data_dir, folder)
        if self._server is None:
            with closing(sqlite3.connect(folder / DATABASE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = self._server.captured(TEMPLATE) if self._server else None
        return Remembered(pickle.dumps(value), rows, folder, datetime.now(UTC))


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
