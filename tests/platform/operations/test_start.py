"""What a web process carries: nothing that only the shell needs."""

import subprocess
import sys

import pytest

import config

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
