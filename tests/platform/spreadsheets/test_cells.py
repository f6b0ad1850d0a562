"""Cells as they are shown, no matter which program wrote them. No database."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from coordinator.platform.spreadsheets import kinds
from coordinator.platform.spreadsheets.cells import Book, Cell, Grid
from coordinator.platform.spreadsheets.formats import NumberFormat, parse
from coordinator.platform.spreadsheets.kinds import BadSheet, BookKind
from coordinator.platform.spreadsheets.marks import Fault
from coordinator.platform.spreadsheets.shapes import LeftOut, Reason
from tests.plans.actions.spreadsheets.builders import ODS, archive, raw_xlsx

ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
    )
)


def xlsx(write: Callable[[xlsxwriter.Workbook, Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet("A"))
    return out.getvalue()


def ods(rows: str, *, styles: str = "", columns: str = "", table: str = "") -> bytes:
    return archive(
        {
            "mimetype": ODS,
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>',
            "content.xml": f'<office:document-content {ODS_NAMES} office:version="1.2">'
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f'<office:spreadsheet><table:table table:name="A"{table}>{columns}{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        }
    )


def text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}>{value}</table:table-cell>'


def grid(data: bytes, **options: Any) -> Grid:
    return Book(data, kinds.kind_of(data)).grid("A" if data[:2] == b"PK" else "", **options)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0%", NumberFormat(is_percent=True)),
        ("0.0 %", NumberFormat(is_percent=True)),
        ('0"%"', NumberFormat(unit="%")),
        (r"0\%", NumberFormat(unit="%")),
        (r"0\ \%", NumberFormat(unit="%")),
        ('0" kali"', NumberFormat(unit="kali")),
        ('#,##0" orang";-#,##0" orang"', NumberFormat(unit="orang")),
        ('General" desa"', NumberFormat(unit="desa")),
        (r"0\ \k\a\l\i", NumberFormat(unit="kali")),
        ('"≥ "0', NumberFormat(before="≥")),
        ("[$Rp-421]#,##0", NumberFormat(before="Rp")),
        ('_-"Rp"* #,##0_-;-"Rp"* #,##0_-', NumberFormat(before="Rp")),
        ('#,##0,"rb"', NumberFormat(unit="rb", thousands=1)),
        ('0.0,," jt"', NumberFormat(unit="jt", thousands=2)),
        ("#,##0.00", NumberFormat()),
        ('#,##0",-"', NumberFormat()),
        ("[Red]0;[Blue]-0", NumberFormat()),
        ('[>=100]0"x";0%', NumberFormat(unit="x")),
        ("0.00E+00", NumberFormat()),
        ('""', NumberFormat(words="", zero="")),
        (";;;", NumberFormat(words="", zero="")),
        ('"ada";;"nol"', NumberFormat(words="ada", zero="nol")),
        ("0;-0;;@", NumberFormat(zero="")),
        ("#,###", NumberFormat(zero="")),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', NumberFormat(zero="-")),
        ('_("Rp"* #,##0_);_("Rp"* (#,##0);_("Rp"* "-"_)', NumberFormat(before="Rp", zero="-")),
        ('[=0]"-";0', NumberFormat(zero="-")),
        ("[Red]", NumberFormat()),
        ("@", NumberFormat()),
        ("dd/mm/yyyy", NumberFormat()),
        ("", NumberFormat()),
        ('0"', NumberFormat()),
        ("0\\", NumberFormat()),
        ("[", NumberFormat()),
    ],
)
def test_what_a_number_format_shows(code: str, shown: NumberFormat) -> None:
    assert parse(code) == shown


@pytest.mark.parametrize(
    ("value", "code", "cell"),
    [
        (80, '0"%"', Cell(Decimal(80), unit="%")),
        (90, r"0\%", Cell(Decimal(90), unit="%")),
        (0.95, "0%", Cell(Decimal(95), is_percent=True)),
        (0.125, "0.0%", Cell(Decimal("12.5"), is_percent=True)),
        (1250, '#,##0" orang"', Cell(Decimal(1250), unit="orang")),
        (2500000, '0.0,," jt"', Cell(Decimal("2.5"), unit="jt")),
        ("90", '0" kali"', Cell("90")),
    ],
)
def test_a_cell_of_a_workbook_is_read_as_it_is_shown(value: Any, code: str, cell: Cell) -> None:
    data = xlsx(lambda book, sheet: sheet.write(0, 0, value, book.add_format({"num_format": code})))
    found = grid(data).cell(0, 0)
    assert found is not None
    assert (found.value, found.is_percent, found.unit) == (cell.value, cell.is_percent, cell.unit)


ODS_FORMATS = (
    '<number:number-style style:name="N1"><number:number number:decimal-places="0"/>'
    "<number:text>%</number:text></number:number-style>"
    '<number:number-style style:name="N2"><number:text>≥ </number:text><number:number/>'
    "<number:text> kali</number:text></number:number-style>"
    '<number:percentage-style style:name="N3"><number:number/><number:text>%</number:text>'
    "</number:percentage-style>"
    + "".join(
        f'<style:style style:name="c{n}" style:family="table-cell" style:data-style-name="N{n}"/>'
        for n in (1, 2, 3)
    )
)


@pytest.mark.parametrize(
    ("kind", "value", "style", "cell"),
    [
        ("float", "80", "c1", Cell(Decimal(80), unit="%")),
        ("float", "12", "c2", Cell(Decimal(12), unit="kali", before="≥")),
        ("percentage", "0.9", "c3", Cell(Decimal(90), is_percent=True)),
    ],
)
def test_a_cell_of_an_ods_is_read_as_it_is_shown(
    kind: str, value: str, style: str, cell: Cell
) -> None:
    row = (
        f'<table:table-row><table:table-cell table:style-name="{style}" '
        f'office:value-type="{kind}" office:value="{value}"/></table:table-row>'
    )
    assert grid(ods(row, styles=ODS_FORMATS)).cell(0, 0) == cell
    # The style of the whole column counts as that of the cell.
    column = f'<table:table-column table:default-cell-style-name="{style}"/>'
    row = row.replace(f'table:style-name="{style}" ', "")
    assert grid(ods(row, styles=ODS_FORMATS, columns=column)).cell(0, 0) == cell


@pytest.mark.parametrize(
    "data",
    [
        xlsx(lambda _book, sheet: sheet.write_string(0, 0, "Dinas A\nDinas B\r\nDinas C")),
        ods(
            "<table:table-row>"
            + text("<text:p>Dinas A</text:p><text:p>Dinas B<text:line-break/>Dinas C</text:p>")
            + "</table:table-row>"
        ),
        b'"Dinas A\nDinas B\nDinas C";x\r\n',
    ],
    ids=["xlsx", "ods", "csv"],
)
def test_a_line_break_inside_a_cell_is_kept(data: bytes) -> None:
    cell = grid(data).cell(0, 0)
    assert cell is not None
    assert cell.value == "Dinas A\nDinas B\nDinas C"


def test_a_comment_is_no_content_of_its_cell() -> None:
    row = text(
        "<office:annotation><text:p>Cek</text:p><text:p>lagi</text:p></office:annotation>"
        "<text:p>Satu<text:s text:c='2'/>dua</text:p><text:p>Tiga</text:p>"
    )
    cell = grid(ods(f"<table:table-row>{row}</table:table-row>")).cell(0, 0)
    assert cell == Cell("Satu  dua\nTiga")


def test_repeated_rows_and_columns_end_where_the_sheet_does() -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="3">'
        + text("<text:p>x</text:p>", ' table:number-columns-repeated="2"')
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000" table:visibility="collapse">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    found = grid(ods(rows))
    assert {row: list(cells) for row, cells in found.rows.items()} == {
        key: [0, 1] for key in range(3)
    }
    assert found.left_out == []


def test_what_nobody_sees_in_a_text_is_not_read() -> None:
    written = "\u200bDinas\xa0Kese\xadhatan\u2060\ufeff"
    for data in (
        xlsx(lambda _book, sheet: sheet.write_string(0, 0, written)),
        f"{written};x\n".encode(),
        ods(f"<table:table-row>{text(f'<text:p>{written}</text:p>')}</table:table-row>"),
    ):
        assert grid(data).cell(0, 0) == Cell("Dinas Kesehatan")
    only = xlsx(lambda _book, sheet: sheet.write_string(0, 0, "\u200b\xa0"))
    assert grid(only).cell(0, 0) is None


def _merged() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "A"
    for row in (["OPD", 2026, 2027, 2028], ["Dinas A", 1, None, None], [None, 2, 3, None]):
        sheet.append(row)
    sheet["B2"].number_format = '0" kali"'
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:D2")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_merged_cells_fill_down_and_to_the_right_and_say_so() -> None:
    found = grid(_merged())
    assert found.cell(2, 0) is None
    assert found.at(2, 0) == Cell("Dinas A", from_merge=(1, 0))
    assert found.at(1, 3) == Cell(Decimal(1), unit="kali", from_merge=(1, 1))
    assert found.at(1, 1) == Cell(Decimal(1), unit="kali")
    assert found.at(2, 2) == Cell(Decimal(3))
    assert found.at(2, 3) is None
    assert found.at(0, 4) is None


def _hidden(book: xlsxwriter.Workbook, sheet: Any) -> None:
    struck = book.add_format({"font_strikeout": True})
    sheet.write_row(0, 0, ["No", "Kegiatan", "Target", "ID aksi"])
    sheet.write_row(1, 0, [1, "Satu", 10, "a"])
    sheet.write_row(2, 0, [2, "Dicoret", 20, "b"], struck)
    sheet.write_row(3, 0, [3, "Tersembunyi", 30, "c"])
    sheet.write(4, 0, 4)
    sheet.write(4, 1, "Sebagian", struck)
    sheet.write(4, 2, 40)
    sheet.write_rich_string(5, 1, struck, "Lama", " Baru")
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_column(2, 3, None, None, {"hidden": True})
    book.add_worksheet("Arsip").write(0, 0, "x")
    book.add_worksheet("Kosong").hide()
    book.worksheets()[1].hide()


def test_what_is_hidden_or_struck_out_is_left_out_and_said() -> None:
    data = xlsx(_hidden)
    found = grid(data, keep=("ID aksi",))
    assert {row + 1: {at: cell.value for at, cell in cells.items()} for row, cells in
            found.rows.items()} == {
        1: {0: "No", 1: "Kegiatan", 3: "ID aksi"},
        2: {0: Decimal(1), 1: "Satu", 3: "a"},
        5: {0: Decimal(4)},
        6: {1: " Baru"},
    }  # fmt: skip
    assert found.left_out == [
        LeftOut(reason=Reason.HIDDEN_ROW, sheet="A", places=["4"]),
        LeftOut(reason=Reason.HIDDEN_COLUMN, sheet="A", places=["C"]),
        LeftOut(reason=Reason.STRUCK_ROW, sheet="A", places=["3"]),
        LeftOut(reason=Reason.STRUCK_CELL, sheet="A", places=["B5", "B6"]),
    ]
    assert [part.sentence for part in Book(data, BookKind.XLSX).left_out_sheets] == [
        "Lembar tersembunyi tidak dibaca: Arsip."
    ]


def test_somebody_may_choose_what_is_hidden_or_struck_out() -> None:
    found = grid(xlsx(_hidden), take=tuple(Reason))
    assert {row + 1: len(cells) for row, cells in found.rows.items()} == {
        1: 4, 2: 4, 3: 4, 4: 4, 5: 3, 6: 1,
    }  # fmt: skip
    assert all(part.is_taken for part in found.left_out)
    assert found.left_out[0].sentence == "Baris tersembunyi ikut dibaca: 4."


def test_the_same_of_an_ods() -> None:
    styles = (
        '<style:style style:name="s" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="t" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    struck = ' table:style-name="s"'
    rows = (
        f"<table:table-row>{text('<text:p>a</text:p>')}{text('<text:p>b</text:p>')}"
        f"{text('<text:p>c</text:p>', struck)}</table:table-row>"
        f"<table:table-row>{text('<text:p>d</text:p>', struck)}</table:table-row>"
        f'<table:table-row table:visibility="filter">{text("<text:p>e</text:p>")}</table:table-row>'
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    found = grid(ods(rows, styles=styles, columns=columns))
    assert found.rows == {0: {0: Cell("a")}}
    assert [(part.reason, part.places) for part in found.left_out] == [
        (Reason.HIDDEN_ROW, ["3"]),
        (Reason.HIDDEN_COLUMN, ["B"]),
        (Reason.STRUCK_ROW, ["2"]),
        (Reason.STRUCK_CELL, ["C1"]),
    ]
    hidden = ods(rows, styles=styles, table=' table:style-name="t"')
    assert not Book(hidden, BookKind.ODS).sheets[0].is_visible


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_separators_of_csv(separator: str) -> None:
    lines = f"No{separator}Kegiatan\n1{separator}Melatih petugas\n".encode()
    assert grid(lines).rows[1] == {0: Cell("1"), 1: Cell("Melatih petugas")}


@pytest.mark.parametrize(
    ("data", "said"), [(b"No~Aksi\n1~Melatih\n", "“~”"), (b"Satu kolom\nDua baris\n", "(|)")]
)
def test_a_separator_that_is_not_read_is_named(data: bytes, said: str) -> None:
    with pytest.raises(BadSheet, match=r".") as refused:
        grid(data)
    assert said in str(refused.value)


def test_an_apostrophe_that_keeps_a_formula_text_is_dropped() -> None:
    found = grid(b"'0812111;'=A1;'Ali;Ja'far\n")
    assert [cell.value for cell in found.rows[0].values()] == ["'0812111", "=A1", "'Ali", "Ja'far"]


def test_names_of_parts_with_backslashes_are_read() -> None:
    source = zipfile.ZipFile(io.BytesIO(xlsx(lambda _book, sheet: sheet.write(0, 0, "Aksi"))))
    data = archive({n.replace("/", "\\"): source.read(n) for n in source.namelist()})
    assert grid(data).cell(0, 0) == Cell("Aksi")


def test_types_of_cells() -> None:
    def write(book: xlsxwriter.Workbook, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(0, 0, date(2026, 11, 29), day)
        sheet.write_boolean(0, 1, True)
        sheet.write_number(0, 2, 0.1 + 0.2)
        sheet.write_number(0, 3, 6472015505080001)  # of no person

    cells = grid(xlsx(write)).rows[0]
    assert [cell.value for cell in cells.values()] == [
        date(2026, 11, 29),
        True,
        Decimal("0.3"),
        Decimal(6472015505080001),
    ]


HEAD = b"No;Aksi;Indikator;Satuan;Target 2026\n"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (b'1;A;B;orang;5\n2;"Latih;P;orang;6\n3;C;D;orang;7\n', 3),  # to the end of the file
        (b'1;"Latih;P;orang;6\n2;C;D;orang;7\n3;"Rujuk";K;orang;8\n', 2),  # to the next quote
        (b'1;"Latih;P;orang;6\n2;C";D;orang;7\n3;E;F;orang;8\n', 2),  # to a quote at a cell's end
        (b'1;"Latih;P;orang;6\r\n2;C";D;orang;7\r\n', 2),
        (b'"Tanda ""A"";\nB";1\n1;"Latih" desa;P;orang;6\n', 4),
    ],
)
def test_a_quote_that_is_not_closed_is_named_with_its_line(rows: bytes, line: int) -> None:
    for separator in (b";", b",", b"\t"):
        with pytest.raises(BadSheet, match=rf"baris {line} ") as refused:
            grid((HEAD + rows).replace(b";", separator))
        assert "kutip" in str(refused.value)


def test_what_is_quoted_well_is_read_whole() -> None:
    cells = b'1;"Melatih:\n1. petugas; 2. kader;\n3. guru";"Kata ""ya""; 12"" pipa";5" x;\n'
    assert [cell.value for cell in grid(HEAD + cells).rows[1].values()] == [
        "1",
        "Melatih:\n1. petugas; 2. kader;\n3. guru",
        'Kata "ya"; 12" pipa',
        '5" x',
    ]


COMMAS = ", ".join("abcdefghij")  # nine of them


@pytest.mark.parametrize(
    "rows",
    [
        ["No;Aksi;PJ", f"1;{COMMAS};Dinsos", f"2;{COMMAS};Dinkes", f"3;{COMMAS};Polda"],
        ["No;Aksi;PJ", *(f"{n};{COMMAS};Dinsos" for n in range(40))],
        ["No;Aksi;PJ", *(f"{n};{COMMAS.replace(', ', ',')};Dinsos" for n in range(40))],
        ["Matriks, Samarinda, 2026", "", "No;Aksi;PJ", f"1;{COMMAS};A", f"2;{COMMAS};B"],
        ["No;Aksi;PJ", "1;Melatih", "2;Satu, dua", "3;Tiga, empat", "4;Lima, enam;Dinsos"],
        ["No,Aksi,PJ", "1,Melatih,Dinsos; Dinkes; Polda", "2,Rujuk,Dinsos; Polda; Dinkes"],
        ["No,Aksi,PJ", '1,"Satu; dua","Dinsos; Dinkes"', '2,"Satu; dua","Dinsos; Dinkes"'],
        ["No|Aksi|PJ", "1|a, b; c|Dinsos", "2|d, e; f|Polda"],
    ],
)
def test_the_separator_is_the_one_that_divides_rows_alike(rows: list[str]) -> None:
    found = grid("\n".join(rows).encode()).rows
    head = rows.index(next(row for row in rows if row.startswith("No")))
    assert [cell.value for cell in found[head].values()] == ["No", "Aksi", "PJ"]
    assert all(len(cells) <= 3 for cells in found.values())


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [(0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-', "-"), (0, "0;-0;", None), (5, '"ada"', "ada")],
)
def test_what_is_in_place_of_a_number_is_read(value: int, code: str, shown: Any) -> None:
    data = xlsx(lambda book, sheet: sheet.write(0, 0, value, book.add_format({"num_format": code})))
    found = grid(data).cell(0, 0)
    assert (found.value if found else None) == shown


def test_a_number_that_its_format_hides_is_left_out_and_said() -> None:
    data = xlsx(lambda book, sheet: sheet.write(0, 0, 5, book.add_format({"num_format": ";;;"})))
    found = grid(data)
    assert (found.rows, [part.places for part in found.left_out]) == ({}, [["A1"]])
    taken = grid(data, take=(Reason.UNSEEN_NUMBER,)).cell(0, 0)
    assert taken is not None
    assert taken.value == 5


def test_the_zero_of_a_formula_that_nobody_computed_is_no_result() -> None:
    def write(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula(0, 0, "=10+2")
        sheet.write_formula(1, 0, "=10+2", None, 12)

    found = grid(xlsx(write))
    first, second = found.cell(0, 0), found.cell(1, 0)
    assert first is not None
    assert second is not None
    assert (first.fault, second.value) == (Fault.NO_RESULT, 12)


RUN = "<is><r><t>{}</t></r><r><rPr><{}/></rPr><t>{}</t></r></is>"
RAISED, STRUCK = 'vertAlign val="superscript"', "strike"


@pytest.mark.parametrize(
    ("plain", "mark", "other", "read", "left_out"),
    [("5", RAISED, "1", "5¹", 0), ("Melatih", STRUCK, " lama", "Melatih", 1)],
)
def test_the_runs_of_a_text_in_a_cell_count(
    plain: str, mark: str, other: str, read: str, left_out: int
) -> None:
    cell = f'<c r="A1" t="inlineStr">{RUN.format(plain, mark, other)}</c>'
    found = Book(raw_xlsx(f'<sheetData><row r="1">{cell}</row></sheetData>'), BookKind.XLSX).grid(
        "Matriks"
    )
    assert [cell.value for cell in found.rows[0].values()] == [read]
    assert len(found.left_out) == left_out


def test_the_spans_of_an_ods_text_count() -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style><style:style style:name="T2" '
        'style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    )
    rows = (
        "<table:table-row>"
        + text('<text:p>Melatih<text:span text:style-name="T1"> lama</text:span></text:p>')
        + text('<text:p>5<text:span text:style-name="T2">1</text:span></text:p>')
        + text('<text:p><text:span text:style-name="T1">lama</text:span></text:p>')
        + '<table:table-cell office:value-type="float" office:value="0"><text:p>-</text:p>'
        "</table:table-cell></table:table-row>"
    )
    found = grid(ods(rows, styles=styles))
    assert [(at, cell.value) for at, cell in found.rows[0].items()] == [
        (0, "Melatih"),
        (1, "5¹"),
        (3, "-"),
    ]
    assert [part.places for part in found.left_out] == [["A1", "C1"]]
