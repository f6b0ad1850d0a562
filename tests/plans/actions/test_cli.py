"""`flask plan check` and `flask plan template`."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.plans.actions.builders import SEED, seed_plan
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import HEADER, ROWS

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def run(app: Flask, *arguments: object) -> Result:
    """Run a command."""
    return app.test_cli_runner().invoke(args=["plan", *map(str, arguments)])


def test_check_says_what_is_wrong_and_where(app: Flask, tmp_path: Path) -> None:
    good = run(app, "check", SEED)
    assert (good.exit_code, good.stdout) == (
        0,
        f"{len(seed_plan().actions)} aksi: dapat dimuat.\n",
    ), good.output
    file = tmp_path / "matriks.xlsx"
    file.write_bytes(
        book([HEADER, *ROWS, [None, None, "X", "Y", None, "1-2", None, "Dinas Sosial Prop"]])
    )
    bad = run(app, "check", file)
    assert bad.exit_code == 1
    assert "matriks.xlsx:Matriks:F5: galat: Berisi rentang." in bad.stderr
    assert "instansi “Dinas Sosial Prop” tidak dikenal; mungkin: Dinsos (dinsos)" in bad.stderr, (
        bad.stderr
    )
    found = json.loads(run(app, "check", file, "--json", "--task-force", "64.72").stdout)
    assert found["shape"] == "matrix"
    assert found["plan"] is None
    assert [one["text"] for one in found["unknown_agencies"]]
    file.write_bytes(b"%PDF-1.7")
    refused = run(app, "check", file)
    assert (refused.exit_code, "PDF" in refused.stderr) == (1, True)
    assert run(app, "check", tmp_path / "tidak-ada.xlsx").exit_code == 2
    assert run(app, "check", SEED, "--task-force", "99").exit_code == 2


def test_the_empty_template_names_the_agencies_of_the_task_force(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "templat.xlsx"
    assert run(app, "template", file).exit_code == 0
    assert file.read_bytes().startswith(b"PK")
    checked = run(app, "check", file)
    assert checked.exit_code == 1
    assert "Tidak ada satu aksi pun" in checked.stderr
