"""What somebody's spreadsheet program leaves in the reporting sheet: read right, or said."""

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from coordinator.reporting.sheet import reader
from coordinator.reporting.sheet.rules import Expected, Noted, SheetColumns, SheetLine, read_lines

LAYOUT = SheetColumns(1)
PLACE = {name: at for at, name in enumerate(LAYOUT.columns, start=1)}
LETTER = {name: openpyxl.utils.get_column_letter(at) for name, at in PLACE.items()}
DRAFT = {"kind": "achievement", "value-7": "25", "note": "DATA CONTOH"}
VALUE, NOTE, SEND = PLACE["value1"], PLACE["note"], PLACE["send"]
Fill = Callable[[Any], None]


def _read(*fills: Fill, draft: dict[str, str] | None = None) -> tuple[list[SheetLine], list[str]]:
    """Fill a sheet of two reports and read it; return its lines and what is said of it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Laporan"
    page.append(list(LAYOUT.columns))
    for key in ("a", "b"):
        cells = {"key": key, "version": "1", "indicators": "7", "kind": "Capaian"}
        cells |= {"value1": "25", "note": "DATA CONTOH"}
        page.append([cells.get(name, "") for name in LAYOUT.columns])
    for fill in fills:
        fill(page)
    out = io.BytesIO()
    book.save(out)
    answer = json.loads(reader.main(out.getvalue()))
    kept = DRAFT if draft is None else draft
    lines = read_lines(
        answer["rows"][1:],
        {key: Expected(key, key, 1, ("value-7",), True, kept) for key in ("a", "b")},
        layout=LAYOUT,
        kinds={"capaian": "achievement"},
        yes="ya",
        no="tidak",
        choices={"sudah": "1"},
        choice_fields=frozenset(),
        noted=[Noted(row + 1, *note) for row, *note in answer["noted"]],
    )
    return lines, answer["said"]


def _put(row: int, column: int, value: object, style: str | None = None) -> Fill:
    def fill(page: Any) -> None:
        cell = page.cell(row, column)
        cell.value = value
        if style:
            cell.number_format = style

    return fill


def test_a_sheet_that_was_left_alone_says_nothing() -> None:
    lines, said = _read()
    assert said == []
    for line in lines:
        assert (line.draft, line.is_changed) == (DRAFT, False)
        assert (line.problems, line.remarks, line.emptied) == ([], [], [])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (VALUE, "=1+1", "Rumus tanpa hasil"),
        (VALUE, "#REF!", "galat rumus"),
        (NOTE, "#N/A", "galat rumus"),
        (SEND, "=A1", "Rumus tanpa hasil"),
        (VALUE, '"', "ditto"),
        (VALUE, "sda", "ditto"),
        (NOTE, "idem", "ditto"),
    ],
)
def test_a_cell_without_a_value_of_its_own_is_refused_at_its_place(
    column: int, value: str, words: str
) -> None:
    [first, second], _said = _read(_put(3, column, value))
    assert first.problems == []
    [problem] = second.problems
    assert problem.cell == f"{openpyxl.utils.get_column_letter(column)}3"
    assert words in problem.what


def test_a_row_with_nothing_but_a_fault_is_not_passed_over() -> None:
    [*_reports, line], _said = _read(_put(4, VALUE, "=1+1"))
    assert line.row == 4
    assert line.problems


def test_an_emptied_cell_is_asked_about() -> None:
    lines, _said = _read(_put(2, VALUE, None), _put(2, PLACE["kind"], None))
    assert [(one.cell, one.what) for one in lines[0].emptied] == [
        (f"{LETTER['value1']}2", "25"),
        (f"{LETTER['kind']}2", "capaian"),
    ]
    assert lines[1].emptied == []


def test_a_merged_cell_holds_for_each_of_its_rows_and_is_said() -> None:
    def fill(page: Any) -> None:
        page.cell(2, VALUE).value, page.cell(2, SEND).value = 7, "ya"
        for column in (LETTER["value1"], LETTER["send"]):
            page.merge_cells(f"{column}2:{column}3")
        page.merge_cells(f"{LETTER['note']}2:{LETTER['nil_reason']}2")

    lines, _said = _read(fill)
    assert [(line.draft["value-7"], line.send) for line in lines] == [("7", True), ("7", True)]
    assert [one.cell for one in lines[1].remarks] == [
        f"{LETTER['value1']}3",
        f"{LETTER['send']}3",
    ]
    assert all("gabungan" in one.what for one in lines[1].remarks)
    assert lines[0].draft["note"] == "DATA CONTOH"
    assert "nil_reason" not in lines[0].draft


@pytest.mark.parametrize(
    ("value", "style", "read"),
    [
        (1500000, '0.0,,"jt"', "1500000"),
        (1500000, "#,##0.0,,", "1500000"),
        (1.5, '0.0" juta"', "1500000"),
        (25000, '0,"rb orang"', "25000"),
    ],
)
def test_a_number_that_a_format_shows_smaller_is_read_whole_and_asked(
    value: float, style: str, read: str
) -> None:
    [line, _other], _said = _read(_put(2, VALUE, value, style))
    assert line.draft["value-7"] == read
    [question] = line.remarks
    assert question.cell == f"{LETTER['value1']}2"
    assert read in question.what


@pytest.mark.parametrize(
    ("value", "style", "read"),
    [(12, '0" orang"', "12"), (0.9, "0%", "90%"), (1500, "#,##0", "1500")],
)
def test_other_formats_are_read_without_a_word(value: float, style: str, read: str) -> None:
    [line, _other], _said = _read(_put(2, VALUE, value, style))
    assert (line.draft["value-7"], line.remarks) == (read, [])


def test_a_sheet_that_is_not_read_is_named() -> None:
    def fill(page: Any) -> None:
        page.parent.copy_worksheet(page)
        page.parent.create_sheet("Petunjuk").append(["Isi kolom yang putih"])
        page.parent.create_sheet("Kosong")
        page.parent["Laporan Copy"].sheet_state = "visible"

    _lines, [said] = _read(fill)
    assert "“Laporan”" in said
    assert said.endswith("bukan: Laporan Copy.")
