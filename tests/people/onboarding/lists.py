"""Lists of people as offices send them, made in the test."""

import csv
import io
from typing import Any

import openpyxl

HEADS = (
    "OPD",
    "Nama",
    "Peran",
    "Jabatan",
    "Status jabatan",
    "Email",
    "Telepon",
    "Nomor surat",
    "Tanggal surat",
)
# A made-up number in the shape of a NIK: province 64, an impossible date would not be refused.
NIK_LIKE = "6472015505080001"


def person(agency: str, name: str, **more: Any) -> list[Any]:
    """Return one row; `more` names columns by their Python name."""
    return [
        agency,
        name,
        more.get("role", ""),
        more.get("position", ""),
        more.get("standing", ""),
        more.get("email", ""),
        more.get("telephone", ""),
        more.get("letter_number", ""),
        more.get("letter_on", ""),
    ]


def xlsx(*rows: list[Any], heads: tuple[str, ...] = HEADS, above: int = 0) -> bytes:
    """Return a workbook with these rows under its heads; `above`: lines of a letterhead."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Daftar"
    for line in range(above):
        sheet.append([f"PEMERINTAH PROVINSI baris {line}"])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(
    *rows: list[Any], delimiter: str = ";", encoding: str = "utf-8-sig", heads: Any = HEADS
) -> bytes:
    """Return the same as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
