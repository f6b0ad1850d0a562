"""The template: what an officer finds in it, and what is said of one that was filled in wrongly."""

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from coordinator.plans.actions.rules import IndicatorKind
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import worker, writer
from coordinator.plans.reading.shapes import Choices, PlanReading, Shape
from tests.plans.actions.builders import seed_plan
from tests.plans.actions.spreadsheets.builders import book, saved
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row

FORMULAS = ("=1+1", "+62", "-1", "@x")


def opened(data: bytes) -> openpyxl.Workbook:
    """Open a workbook."""
    return openpyxl.load_workbook(io.BytesIO(data))


def column(sheet: Worksheet, label: str) -> int:
    """Return the number of the column with this header."""
    return next(cell.column for cell in sheet[1] if cell.value == label)


def filled(change: Callable[[openpyxl.Workbook], None]) -> PlanReading:
    """Read the sample plan's template after somebody changed it."""
    plan = seed_plan()
    made = opened(writer.xlsx_of(plan, KNOWN))
    change(made)
    known = replace(KNOWN, base=plan)
    return worker.read(saved(made), "rencana.xlsx", known=known, choices=Choices())


def put(made: openpyxl.Workbook, line: int, label: str, value: object) -> None:
    """Write into the sheet of actions."""
    sheet = made["Aksi"]
    sheet.cell(line, column(sheet, label), value)


def test_an_empty_template_has_lists_a_guide_and_hidden_ids() -> None:
    made = opened(writer.xlsx_of(None, KNOWN))
    assert made.sheetnames == ["Panduan", "Rencana", "Strategi", "Aksi", "Daftar"]
    assert made["Daftar"].sheet_state == "hidden"
    actions = made["Aksi"]
    listed = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule.formula1
        for rule in actions.data_validations.dataValidation
        if rule.type == "list"
    }
    letters = {
        label: openpyxl.utils.get_column_letter(column(actions, label))
        for label in ("Pokja", "Penanggung jawab", "Tugas gugus tugas", "Jenis indikator")
    }
    assert set(letters.values()) <= listed.keys()
    place = listed[letters["Penanggung jawab"]].removeprefix("Daftar!").replace("$", "")
    names = [cell.value for (cell,) in made["Daftar"][place]]
    assert "Dinas Sosial" in names
    assert len(names) == len(KNOWN.agencies)
    ids = [openpyxl.utils.get_column_letter(column(actions, f"ID {what}")) for what in ("aksi",)]
    assert all(actions.column_dimensions[letter].hidden for letter in ids)
    assert actions.freeze_panes == "D2"
    assert actions.protection.sheet
    assert actions["A1"].protection.locked
    assert "DATA CONTOH" in " ".join(
        str(cell.value) for line in made["Panduan"].iter_rows() for cell in line if cell.value
    )


def test_a_template_without_its_first_sheet_filled_in_says_what_is_missing() -> None:
    empty = writer.xlsx_of(None, KNOWN)
    refused = worker.read(empty, "templat.xlsx", known=KNOWN, choices=Choices()).refused
    assert refused == "Tidak ada satu aksi pun di bawah judul kolom lembar “Aksi”."

    def clear(made: openpyxl.Workbook) -> None:
        for line in range(2, 14):
            made["Rencana"].cell(line, 2).value = None

    missing = [p.message.split(":")[0] for p in filled(clear).problems if p.severity == "error"]
    assert missing == [
        "ID rencana",
        "Jenis rencana",
        "Judul",
        "Status",
        "Tahun pertama",
        "Tahun terakhir",
    ]


def test_no_text_of_a_plan_becomes_a_formula() -> None:
    plan = seed_plan()
    actions = [
        replace(action, title=text) for action, text in zip(plan.actions, FORMULAS, strict=False)
    ]
    risky = replace(plan, actions=actions)
    sheet = opened(writer.xlsx_of(risky, KNOWN))["Aksi"]
    cells = [cell for (cell,) in sheet[f"C2:C{sheet.max_row}"] if cell.value in FORMULAS]
    assert {cell.data_type for cell in cells} == {"s"}
    lines = writer.csv_of(risky, KNOWN).decode("utf-8-sig").splitlines()[1:]
    assert not [cell for line in lines for cell in line.split(";") if cell.startswith(FORMULAS)]


def test_each_mistake_is_said_at_its_cell() -> None:
    def change(made: openpyxl.Workbook) -> None:
        put(made, 2, "Jenis indikator", "persenan")
        put(made, 3, "Aksi", "Judul lain dari aksi yang sama")
        put(made, 4, "Tugas gugus tugas", "pencegahan")
        put(made, 4, "Target 2026", "dua belas")
        put(made, 5, "Pendukung", "Dinas Tidak Ada")
        put(made, 7, "Kode", "1.2")
        put(made, 8, "ID indikator", "BUKAN ID")
        made["Rencana"]["B2"] = "RAN 2025"

    result = filled(change)
    found = {(p.sheet, p.row): p.message for p in result.problems if p.severity == "error"}
    assert result.plan is None
    assert "salah satu: angka" in found["Aksi", 2]
    assert "baris 2 dari aksi yang sama" in found["Aksi", 3]
    assert found.keys() >= {("Aksi", 2), ("Aksi", 3), ("Aksi", 4), ("Aksi", 7), ("Rencana", 2)}
    assert "huruf kecil" in found["Rencana", 2]
    assert [one.text for one in result.unknown_agencies] == ["Dinas Tidak Ada"]


def test_sorted_rows_still_belong_to_their_actions() -> None:
    def change(made: openpyxl.Workbook) -> None:
        sheet = made["Aksi"]
        values = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
        for number, line in enumerate(reversed(values), start=2):
            for at, value in enumerate(line, start=1):
                sheet.cell(number, at).value = value

    result = filled(change)
    assert result.problems == []
    assert result.plan is not None
    plan = seed_plan()

    def content(file: PlanFile) -> dict[str, tuple[object, ...]]:
        return {
            action.id: (
                replace(action, indicators=[]),
                sorted(part.id for part in action.indicators),
            )
            for action in file.actions
        }

    assert content(result.plan) == content(plan)


def test_a_new_row_gets_an_id_and_a_question() -> None:
    def change(made: openpyxl.Workbook) -> None:
        sheet = made["Aksi"]
        line = sheet.max_row + 1
        for label, value in (
            ("Strategi", "1"),
            ("Aksi", "Penyuluhan di pelabuhan"),
            ("Pokja", "Pencegahan"),
            ("Penanggung jawab", "Dinas Sosial"),
            ("Indikator", "Jumlah penyuluhan"),
            ("Satuan", "kali"),
            ("Target 2026", 4),
        ):
            put(made, line, label, value)

    result = filled(change)
    assert result.plan is not None, result.problems
    new = result.plan.actions[-1]
    assert (new.id, new.code, new.lead) == ("penyuluhan-di-pelabuhan", "1.17", "dinsos")
    assert new.question == "Berapa jumlah penyuluhan?"
    assert new.origin.startswith("rencana.xlsx, lembar Aksi, baris ")
    assert new.indicators[0].targets == {2026: Decimal(4)}


def test_a_matrix_finds_its_actions_again_and_keeps_what_it_has_no_column_for() -> None:
    plan = seed_plan()
    first, second = plan.actions[0], plan.actions[1]
    third = plan.actions[2]
    data = book(
        [
            HEADER,
            row("9.9", "1. Lain", first.title.upper(), first.indicators[0].name, "kegiatan", 99),
            row(second.code, None, second.title + " baru", "Lokasi yang diawasi", "lokasi", 5),
            row(third.code, None, "Sesuatu yang sama sekali berbeda", "Jumlah lain", "buah", 5),
        ]
    )
    result = worker.read(
        data,
        "matriks.xlsx",
        known=replace(KNOWN, base=plan),
        choices=replace(DECIDED, plan=plan.plan),
    )
    assert result.plan is not None, result.problems
    assert result.shape is Shape.MATRIX
    by_title, by_code, new = result.plan.actions
    assert (by_title.id, by_title.tag, by_title.duties) == (first.id, first.tag, first.duties)
    assert by_title.question == first.question
    assert by_title.indicators[0].id == first.indicators[0].id
    assert by_code.id == second.id
    assert new.id == "sesuatu-yang-sama-sekali-berbeda"
    assert ["tadinya aksi lain" in p.message for p in result.problems].count(True) == 1


def test_a_share_in_a_row_of_percentages_is_asked_about_here_too() -> None:
    plan = seed_plan()
    line, part = next(
        (place, part)
        for place, part in enumerate(
            (part for action in plan.actions for part in action.indicators), start=2
        )
        if part.kind is IndicatorKind.PERCENT and part.targets
    )
    year = max(part.targets)
    for value in (0.9, "0,9", 8000):
        result = filled(lambda made, value=value: put(made, line, f"Target {year}", value))  # type: ignore[misc]
        assert result.plan is None
        assert [one.group[:7] for one in result.questions] == ["percent"]
    # What was decided once, and is in force, is not asked about again.
    assert filled(lambda made: None).questions == []
