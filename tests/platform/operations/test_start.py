"""What a web process carries: nothing that only the shell needs; and how it starts."""

import gc
import runpy
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


def _loaded_by(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {statement}; print(*sys.modules)"],
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a web process holds once it is ready."""
    return _loaded_by("wsgi")


@pytest.mark.parametrize("library", FOR_THE_SHELL)
def test_a_web_process_starts_without(loaded: set[str], library: str) -> None:
    assert "coordinator.app" in loaded
    assert library not in loaded


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
