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


def test_a_target_below_the_law_is_said_and_the_floor_survives_a_sheet(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "rencana.csv"
    assert _run(app, "export", file).exit_code == 0
    text = file.read_text(encoding="utf-8-sig")
    assert text.count("100") >= 25
    line = next(one for one in text.splitlines() if "layanan-kesehatan-tepat-waktu-tepat" in one)
    file.write_text(text.replace(line, line.replace("100", "80")), encoding="utf-8")
    done = _run(app, "import", file, "--plan", "ran-tppo-2025-2029")
    assert done.exit_code == 0, done.output
    assert "target 2025 80 persen di bawah kewajiban hukum: 100" in done.stderr
    again = _run(app, "export", tmp_path / "lagi.yaml")
    assert again.exit_code == 0
    written = (tmp_path / "lagi.yaml").read_text(encoding="utf-8")
    assert written.count("legal_floor") == 7
