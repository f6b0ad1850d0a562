"""Documents from child processes: what they hold, and that the web process stays light."""

import io
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from coordinator import child
from coordinator.errors import Unavailable
from coordinator.platform.documents import qr, rendering
from coordinator.platform.documents.csvfile import csv_bytes
from coordinator.platform.documents.paper import Paper, Paragraph, Style, Table
from tests.engines import ROOT

MM = 25.4 / 72  # millimetres a point
HEAVY = ("typst", "docx", "xlsxwriter")
FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "{=1}", "https://contoh.test", "mailto:a@b"]


def test_text_in_a_sheet_stays_text() -> None:
    body = rendering.xlsx(
        [rendering.WorkbookSheet("Satu", [["Judul", "N"], *([text, 3] for text in FORMULAS)])]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Satu"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(FORMULAS)
    assert [cell.value for cell in cells] == FORMULAS
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [3] * len(FORMULAS)
    assert all(cell.hyperlink is None for cell in cells)


def test_numbers_and_days_in_a_sheet_can_be_counted_with() -> None:
    row = ["1.10", 3, Decimal("7.500"), Decimal("12.000"), date(2026, 12, 31), None]
    body = rendering.xlsx([rendering.WorkbookSheet("Satu", [["a", "b", "c", "d", "e", "f"], row])])
    found = next(openpyxl.load_workbook(io.BytesIO(body))["Satu"].iter_rows(min_row=2))
    values = [cell.value for cell in found]
    assert values == ["1.10", 3, 7.5, 12, datetime(2026, 12, 31), None]
    assert found[4].number_format == "dd/mm/yyyy"


def test_no_cell_of_a_csv_starts_a_formula() -> None:
    body = csv_bytes([["a;b", "=x", None, 5]])
    assert body == '\ufeff"a;b";\'=x;;5\r\n'.encode()


def test_a_word_without_spaces_stays_on_the_paper(tmp_path: Path) -> None:
    long = "melaporkan" * 12
    table = Table(
        heads=("No.", "Uraian", "Dasar"),
        widths=(10, 30, 140),
        rows=[[[(Style.PLAIN, text)] for text in ("1", f"{long}\tselesai", "Pasal 1")]],
    )
    paper = Paper("Uji", (), "", None, "", [table, Paragraph(long)])
    file = tmp_path / "uji.pdf"
    file.write_bytes(rendering.paper_pdf(paper, at=datetime(2026, 10, 1, tzinfo=UTC)))
    found = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    words = re.findall(
        r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]+)<', found
    )
    placed = [(float(x) * MM, float(end) * MM, word) for x, end, word in words]
    # The third column begins at 55 mm; the paragraph runs to the margin.
    in_table = [end for x, end, word in placed if 25 <= x < 55 and end < 60]
    assert len(in_table) > 3, placed
    assert max(end for _x, end, _word in placed) <= 210 - 15
    assert "\t" not in "".join(word for _x, _end, word in placed)


def test_a_code_is_made_once() -> None:
    qr.qr_code.cache_clear()
    size, path = qr.qr_code("https://tppo.example.go.id/kartu-peran/64/dispora")
    assert size >= 21
    assert path.startswith("M")
    assert qr.qr_code("https://tppo.example.go.id/kartu-peran/64/dispora") == (size, path)
    assert qr.qr_code.cache_info().hits == 1


def test_a_child_that_fails_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_more: object) -> bytes:
        raise child.ChildFailed(child.Failure.TIME)

    monkeypatch.setattr(child, "run", fail)
    with pytest.raises(Unavailable, match="belum dapat dibuat"):
        rendering.xlsx([])


def test_the_web_process_carries_none_of_the_libraries() -> None:
    code = f"import coordinator.app, sys; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
