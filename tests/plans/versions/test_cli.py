"""`flask plan export`, and its way back through `flask plan import`."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.plans.actions.spreadsheets.builders import book

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NOTHING = {"new": [], "changed": [], "removed": [], "errors": []}


def _run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["plan", *map(str, arguments)])


def test_what_is_exported_is_imported_as_no_change(app: Flask, tmp_path: Path) -> None:
    for ending in (".xlsx", ".csv", ".yaml"):
        file = tmp_path / f"rencana{ending}"
        assert _run(app, "export", file).exit_code == 0
        found = _run(app, "import", file, "--dry-run", "--json")
        assert found.exit_code == 0, found.output
        said = json.loads(found.stdout)
        assert {name: said[name] for name in NOTHING} == NOTHING, said
        assert _run(app, "check", file).exit_code == 0


def test_rows_in_another_order_are_no_change(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "rencana.csv"
    assert _run(app, "export", file).exit_code == 0
    head, *rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *reversed(rows)])
    file.write_text(out.getvalue(), "utf-8")
    shown = json.loads(_run(app, "import", file, "--dry-run", "--json").stdout)
    assert {name: shown[name] for name in NOTHING} == NOTHING
    done = _run(app, "import", file)
    assert "tidak ada perubahan" in done.stdout, done.output


def test_the_shell_asks_and_takes_the_answer(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "matriks.xlsx"
    labels = ["Target B03 2026", "Target B06 2026", "Target B09 2026", "Target B12 2026"]
    rows = [
        ["Strategi", "Aksi", "Indikator", "Satuan", *labels, "PJ"],
        ["1. Pencegahan", "Melatih (DATA CONTOH)", "Petugas", "orang", 10, 20, 30, 40, "Dispora"],
    ]
    file.write_bytes(book(rows, before={"Lain": [["x"]]}))
    usual = [file, "--plan", "ran-tppo-2025-2029", "--pokja", "1=pencegahan", "--dry-run", "--json"]
    asked = _run(app, "import", *usual)
    assert asked.exit_code == 1
    said = json.loads(asked.stdout)
    (error,) = said["errors"]
    assert "40" in error["message"]
    assert "100" in error["message"]
    assert any("1 lembar lain tidak dibaca: Lain" in note for note in said["notes"])
    for answer, value in (("last", "40"), ("sum", "100")):
        found = json.loads(_run(app, "import", *usual, "--answer", f"periods={answer}").stdout)
        assert (len(found["new"]), found["errors"]) == (1, [])
        assert found["rows"][0]["targets"] == [{"label": "2026", "text": value}]


def test_the_shell_names_columns_sheets_and_a_header(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "matriks.xlsx"
    rows = [
        ["x"],
        ["apa", "ukur", "t1", "siapa"],
        ["Melatih (DATA CONTOH)", "Petugas", 3, "Dispora"],
    ]
    file.write_bytes(book(rows, before={"Lain": rows}))
    usual = [file, "--plan", "ran-tppo-2025-2029", "--pokja", "1=pencegahan"]
    unread = _run(app, "check", *usual)
    assert unread.exit_code == 1
    assert "judul kolom" in unread.stderr
    columns = ["action=A", "indicator=b", "target:2026=C", "lead=D"]
    by_hand = [part for one in columns for part in ("--column", one)]
    by_hand += ["--header", "2", "--sheet", "Matriks"]
    shown = _run(app, "check", *usual, *by_hand, "--rows")
    assert shown.exit_code == 0, shown.output
    assert "2026: 3" in shown.stdout
    assert "1 lembar lain tidak dibaca: Lain" in shown.stderr
    assert _run(app, "check", *usual, "--column", "aksi=A").exit_code == 2
    assert _run(app, "check", *usual, "--header", "atas").exit_code == 2
    assert _run(app, "check", *usual, "--sheet", "Tak ada").exit_code == 1


def test_wrong_rows_stay_out_where_the_shell_says_so(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "matriks.xlsx"
    rows = [
        ["Strategi", "Aksi", "Indikator", "Satuan", "Target 2026", "PJ"],
        ["1. Pencegahan", "Melatih (DATA CONTOH)", "Petugas", "orang", "banyak", "Dispora"],
        [None, "Menyusun (DATA CONTOH)", "Modul", "modul", 2, "Dispora"],
    ]
    file.write_bytes(book(rows))
    usual = [file, "--plan", "ran-tppo-2025-2029", "--pokja", "1=pencegahan", "--dry-run", "--json"]
    assert _run(app, "import", *usual).exit_code == 1
    found = _run(app, "import", *usual, "--without-wrong")
    assert found.exit_code == 0, found.output
    said = json.loads(found.stdout)
    assert [one["label"] for one in said["new"]] == ["Menyusun (DATA CONTOH)"]
    assert len(said["left_out"]) == 1


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
