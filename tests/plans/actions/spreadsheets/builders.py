"""Makes spreadsheet files: ordinary ones with openpyxl and XlsxWriter, the others by hand."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter

Row = Sequence[Any]


def book(
    rows: Iterable[Row],
    *,
    merge: Sequence[str] = (),
    name: str = "Matriks",
    formats: Mapping[str, str] | None = None,
    hidden: bool = False,
    before: Mapping[str, Iterable[Row]] | None = None,
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """Return an XLSX with these rows; `before` are sheets in front, `change` the last word."""
    made = openpyxl.Workbook()
    made.remove(made["Sheet"])
    for title, lines in (before or {}).items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    sheet = made.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
    for place in merge:
        sheet.merge_cells(place)
    for place, form in (formats or {}).items():
        sheet[place].number_format = form
    if hidden:
        sheet.sheet_state = "hidden"
    if change:
        change(made)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    """Return a workbook's bytes."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def computed(rows: Iterable[Row], formulas: Mapping[str, tuple[str, object]]) -> bytes:
    """Return an XLSX whose formulas have results, as Excel saves them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Matriks")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        for place, (formula, result) in formulas.items():
            sheet.write_formula(place, formula, None, result)
    return out.getvalue()


def text(rows: Iterable[Row], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Return separated text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        ["" if value is None else value for value in row] for row in rows
    )
    return out.getvalue().encode(encoding)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw_xlsx(sheet: str | bytes, prolog: str = "") -> bytes:
    """Return an XLSX of one sheet whose XML (of the sheet's data) is given."""
    if isinstance(sheet, str):
        sheet = f'{prolog}<worksheet xmlns="{SPREADSHEET}">{sheet}</worksheet>'.encode()
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="Matriks" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
            'package/2006/relationships"><Relationship Id="rId1" Type="'
            f'{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def many_rows(count: int) -> bytes:
    """Return an XLSX with a great many rows, small on disk."""
    row = '<row><c t="inlineStr"><is><t>Aksi</t></is></c><c><v>1</v></c></row>'
    return raw_xlsx(f"<sheetData>{row * count}</sheetData>")


ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def ods(
    rows: Iterable[Row], spans: Mapping[tuple[int, int], tuple[int, int]] | None = None
) -> bytes:
    """Return an ODS with these rows; `spans` gives (rows, columns) of merged cells by place."""
    body = []
    for number, row in enumerate(rows):
        cells = []
        for column, value in enumerate(row):
            span = ""
            if spans and (number, column) in spans:
                down, across = spans[number, column]
                span = (
                    f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                )
            if value is None:
                cells.append("<table:table-cell/>")
            elif isinstance(value, int | float):
                cells.append(
                    f'<table:table-cell{span} office:value-type="float" office:value="{value}">'
                    f"<text:p>{value}</text:p></table:table-cell>"
                )
            else:
                cells.append(
                    f'<table:table-cell{span} office:value-type="string"><text:p>'
                    f"{escape(str(value))}</text:p></table:table-cell>"
                )
        body.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return ods_of(f'<table:table table:name="Matriks">{"".join(body)}</table:table>')


def ods_of(tables: str, manifest: str = "<manifest/>") -> bytes:
    """Return an ODS with these tables."""
    return archive(
        {
            "mimetype": ODS,
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {ODS_NAMES}><office:body>"
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        }
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def noise(count: int) -> bytes:
    """Return bytes that are nothing and pack badly."""
    value, found = 12345, bytearray()
    for _place in range(count):
        value = (value * 1103515245 + 12345) % 2**31
        found.append(value >> 16 & 255)
    return bytes(found)
