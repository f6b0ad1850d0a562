"""What a web process carries: nothing that only the shell needs; and how it starts."""

import gc
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import config
from coordinator.app import create_app
from coordinator.platform.operations import gunicorn_conf

# Each costs time at every start and memory in every worker.
FOR_THE_SHELL = ("alembic", "flask_migrate", "mako", "apscheduler", "docx", "xlsxwriter", "lxml")


def _printed(*arguments: str, **environ: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=config.ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a web process holds once it is ready."""
    return _printed("-c", "import sys, wsgi; print(*sys.modules)")


@pytest.mark.parametrize("library", [*FOR_THE_SHELL, "pydantic", "pydantic_core"])
def test_a_web_process_starts_without(loaded: set[str], library: str) -> None:
    assert "coordinator.app" in loaded
    assert library not in loaded


def test_everyday_pages_are_served_without_what_checks_files(
    sqlite_templates: dict[str, Path], memory_path: Path
) -> None:
    file = memory_path / "everyday.db"
    shutil.copy(sqlite_templates["seeded"], file)
    held = _printed(
        "-m",
        "tests.children.first_pages",
        DATA_DIR=str(memory_path),
        DATABASE_URL=f"sqlite:///{file}",
        SECRET_KEY="uji",
        DEMO="off",
    )
    assert "coordinator.oversight.matrix.views" in held
    assert "pydantic" not in held


def test_a_start_looks_for_no_garbage(tmp_path: Path) -> None:
    assert gc.isenabled()  # a program that only imports the settings keeps its collector
    app = create_app(config.load({"DATA_DIR": str(tmp_path), "SECRET_KEY": "uji"}))
    server = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app))
    try:
        hooks = runpy.run_path(str(gunicorn_conf.__file__), run_name="__config__")
        assert not gc.isenabled()
        hooks["when_ready"](server)
        assert not gc.isenabled()
        assert gc.get_freeze_count()
    finally:
        gc.enable()
        gc.unfreeze()
