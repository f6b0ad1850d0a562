"""`flask plan export`, and its way back through `flask plan import`."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NOTHING = {"new": [], "changed": [], "removed": [], "errors": []}


def _run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["plan", *map(str, arguments)])


def test_what_is_exported_is_imported_as_no_change(app: Flask, tmp_path: Path) -> None:
    for ending in (".xlsx", ".csv", ".yaml"):
        file = tmp_path / f"rencana{ending}"
        assert _run(app, "export", file).exit_code == 0
        # A table of rows says nothing of the plan itself: it is told which one it is.
        named = ["--plan", "ran-tppo-2025-2029"] if ending == ".csv" else []
        found = _run(app, "import", file, "--dry-run", "--json", *named)
        assert (found.exit_code, json.loads(found.stdout)) == (0, NOTHING), found.output


def test_a_plan_or_an_ending_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    assert _run(app, "export", tmp_path / "a.yaml", "--plan", "tidak-ada").exit_code == 2
    assert _run(app, "export", tmp_path / "a.docx").exit_code == 2
    assert list(tmp_path.iterdir()) == []
