"""The fixtures of scenes that take long to build."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import flask
import pytest
import time_machine

from tests.scenes import Key, Remembered, Scenes

T = TypeVar("T")


@pytest.fixture(scope="session")
def remembered() -> dict[Key, Remembered]:
    """What is kept of the worker's scenes."""
    return {}


@pytest.fixture
def scenes(
    engine_name: str,
    data_dir: Path,
    worker_dir: Path,
    clock: time_machine.Traveller,
    remembered: dict[Key, Remembered],
    sqlite_templates: dict[str, Path],
    request: pytest.FixtureRequest,
) -> Scenes:
    """The scenes that this worker has built on the test's engine."""
    server = request.getfixturevalue("postgres") if engine_name == "postgresql" else None
    return Scenes(remembered, server, sqlite_templates["seeded"], data_dir, worker_dir, clock)


@pytest.fixture
def remember(app: flask.Flask, scenes: Scenes) -> Callable[[str, Callable[[], T]], T]:
    """Return a function for scenes that take long to build: `remember(name, build)` builds once a
    worker and engine, in an app context; see `Scenes.remember`."""

    def keep(name: str, build: Callable[[], T]) -> T:
        with app.app_context():
            return scenes.remember(name, build)

    return keep
