"""Spreadsheets as offices and attackers send them, read in the child process."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import openpyxl.styles
import pytest

from coordinator import child
from coordinator.people.accounts.rules import Standing
from coordinator.people.importing.headers import column_of
from coordinator.people.importing.rules import PeopleColumn, address_in, date_of, split_position
from coordinator.platform.spreadsheets import csvtext, kinds
from tests.people.onboarding.lists import HEADS, NIK_LIKE, csv_file, person, xlsx

AGENCIES = [
    {"slug": "dispora", "names": ["Dinas Pemuda dan Olahraga", "Dispora"]},
    {"slug": "dinsos", "names": ["Dinas Sosial", "Dinsos"]},
    {"slug": "dinkes", "names": ["Dinas Kesehatan", "Dinkes"]},
    {"slug": "kanwil-ham", "names": ["Kantor Wilayah Kementerian HAM", "Kanwil HAM"]},
]


def read(data: bytes) -> dict[str, Any]:
    """Return what the child says of a file."""
    head = json.dumps({"agencies": AGENCIES}).encode()
    found: dict[str, Any] = json.loads(
        child.run("coordinator.people.importing.reading", head + b"\n" + data)
    )
    return found


FULL = person(
    "Dispora",
    "Orang Contoh Satu",
    role="pengganti",
    position="Plt. Kepala Bidang",
    email="Satu@Dispora.example",
    telephone=81234567890,
    letter_number="800/12/CONTOH",
    letter_on=datetime(2026, 10, 1),
)


def test_a_full_row_is_read() -> None:
    row = read(xlsx(FULL))["rows"][0]
    assert row["slug"] == "dispora"
    assert row["problems"] == []
    assert row["cells"] == {
        "agency": "Dispora",
        "name": "Orang Contoh Satu",
        "role": "alternate",
        "position": "Kepala Bidang",
        "standing": "plt",
        "email": "satu@dispora.example",
        "telephone": "+6281234567890",
        "letter_number": "800/12/CONTOH",
        "letter_on": "2026-10-01",
    }


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_csv_as_excel_and_others_write_it(delimiter: str, encoding: str) -> None:
    data = csv_file(
        person("Dinas Sosial", "Orang é", position="Kepala; Bidang, Satu"),
        delimiter=delimiter,
        encoding=encoding,
    )
    row = read(data)["rows"][0]
    assert (row["slug"], row["cells"]["name"]) == ("dinsos", "Orang é")
    assert row["cells"]["position"] == "Kepala; Bidang, Satu"


def test_a_letterhead_above_and_other_headers_do_no_harm() -> None:
    heads = ("No", "NAMA INSTANSI", "Nama Lengkap", "No. HP", "E-mail")
    row = read(xlsx([1, "DINAS  SOSIAL", "Orang", "0812", "a@b.example"], heads=heads, above=5))
    assert row["rows"][0]["slug"] == "dinsos"
    assert row["rows"][0]["row"] == 7, "the row as the spreadsheet numbers it"
    assert row["rows"][0]["cells"]["email"] == "a@b.example"


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (person("", "Orang"), "agency", "missing"),
        (person("Dispora", ""), "name", "missing"),
        (person("Dinas Sosail", "Orang"), "agency", "unknown_agency"),
        (person("Dispora", "Orang", email="bukan email"), "email", "no_address"),
        (person("Dispora", "Orang", letter_on="besok"), "letter_on", "no_date"),
        (person("Dispora", "Orang", letter_on="31/02/2026"), "letter_on", "no_date"),
        (person("Dispora", "Orang", standing="sementara"), "standing", "no_standing"),
        (person("Dispora", "Orang", role="raja"), "role", "no_role"),
        (person("Dispora", "x" * 201), "name", "too_long"),
    ],
)
def test_each_fault_has_its_place(row: list[Any], column: str, problem: str) -> None:
    assert [column, problem] in read(xlsx(row))["rows"][0]["problems"]


def test_a_misspelt_agency_is_suggested_never_taken() -> None:
    row = read(xlsx(person("Dinas Sosail", "Orang")))["rows"][0]
    assert row["slug"] is None
    assert row["suggestions"][0] == "dinsos"


def test_a_name_repeated_is_a_fault_in_another_office_not() -> None:
    rows = read(
        xlsx(
            person("Dispora", "Orang"),
            person("Dispora", "ORANG"),
            person("Dinsos", "Orang"),
            person("Dispora", "Orang", role="pengganti"),
            person("Dispora", "Orang", role="kepala"),
        )
    )["rows"]
    assert [bool(row["problems"]) for row in rows] == [False, True, False, True, False]


@pytest.mark.parametrize("column", [0, 1, 2, 3, 4, 5, 6, 7, 8])
def test_a_nik_leaves_the_child_in_no_form(column: int) -> None:
    row = list(FULL)
    row[column] = NIK_LIKE
    answer = json.dumps(read(xlsx(row)))
    assert NIK_LIKE not in answer
    assert "identity" in answer


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", kinds.EMPTY),
        (b"  \r\n ", kinds.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, kinds.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            kinds.LOCKED,
        ),
        (_zip(bomb=b"\0" * 70_000_000), kinds.BOMB),
        (_zip(x=b"no workbook"), kinds.ARCHIVE),
        (b"PK\x03\x04 cut off", kinds.DAMAGED),
        (xlsx(FULL)[:2000], kinds.DAMAGED),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", kinds.PICTURE),
        (b"hanya teks biasa\nbaris dua", csvtext.NO_SEPARATOR),
        (b"satu;dua\ntiga;empat", "no_header"),
        (csv_file(heads=HEADS), "no_rows"),
        (csv_file(*[person("Dispora", f"Orang {n}") for n in range(1001)]), "too_many_rows"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value[:12],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    said = read(data)
    assert said.get("problem", said.get("refused")) == problem


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mailto:Rina@contoh.test", "rina@contoh.test"),
        ("Rina Contoh <rina@contoh.example>", "rina@contoh.example"),
        ("<rina@contoh.example>", "rina@contoh.example"),
        ("Rina <mailto:rina@contoh.example>", "rina@contoh.example"),
        ("mailto:rina@contoh.example?subject=Rapat", "rina@contoh.example"),
    ],
)
def test_an_address_is_taken_out_of_what_wraps_it_and_said(written: str, kept: str) -> None:
    assert address_in(written).casefold() == kept
    row = read(xlsx(person("Dispora", "Orang", email=written)))["rows"][0]
    assert (row["cells"]["email"], row["problems"]) == (kept, [])
    assert row["read_as"] == [["email", written, kept]]


@pytest.mark.parametrize(
    "written",
    ["a@x.example; b@x.example", "a@x.example <b@x.example>", "Rina <rina>", "a@b,example"],
)
def test_where_two_addresses_or_none_are_written_none_is_taken(written: str) -> None:
    row = read(xlsx(person("Dispora", "Orang", email=written)))["rows"][0]
    assert row["problems"] == [["email", "no_address"]]


def test_a_telephone_kept_otherwise_than_written_is_said() -> None:
    rows = read(
        xlsx(
            person("Dispora", "Orang Satu", telephone="(0541) 733-766 ext 12"),
            person("Dispora", "Orang Dua", telephone="+62541733766"),
        )
    )["rows"]
    assert [row["read_as"] for row in rows] == [
        [["telephone", "(0541) 733-766 ext 12", "+62541733766 ext. 12"]],
        [],
    ]


def test_a_thousand_rows_are_read() -> None:
    rows = read(xlsx(*[person("Dispora", f"Orang {n}") for n in range(1000)]))["rows"]
    assert len(rows) == 1000


def test_a_sheet_that_claims_to_be_endless_is_ended(real_children: None) -> None:
    """One cell in the last row and column: a reader that fills the gaps takes all memory."""
    book = xlsx(FULL)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            new.writestr(part.filename, data)
    ended: child.Failure | None = None
    try:
        read(out.getvalue())
    except child.ChildFailed as failed:
        ended = failed.why
    assert ended is not child.Failure.CRASH


def _made(change: Callable[[openpyxl.Workbook], None], *rows: list[Any]) -> bytes:
    """A list, changed as a person would in their program."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*rows)))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_one_merged_office_serves_everybody_below() -> None:
    rows = (person("Dispora", "Orang Satu"), person("", "Orang Dua"), person("", "Orang Tiga"))
    found = read(_made(lambda book: book["Daftar"].merge_cells("A2:A3"), *rows))["rows"]
    assert [row["slug"] for row in found] == ["dispora", "dispora", None]
    assert found[2]["problems"] == [["agency", "missing"]], "only where the cells are merged"


def test_hidden_sheets_and_struck_out_people_are_not_read_and_said() -> None:
    def change(book: openpyxl.Workbook) -> None:
        old = book.copy_worksheet(book["Daftar"])
        old.title, old.sheet_state = "Arsip 2023", "hidden"
        for cell in book["Daftar"][3]:
            cell.font = openpyxl.styles.Font(strike=True)
        book["Daftar"].row_dimensions[4].hidden = True

    names = ("Orang Satu", "Orang Dua", "Orang Tiga")
    answer = read(_made(change, *(person("Dispora", name) for name in names)))
    assert [row["cells"]["name"] for row in answer["rows"]] == ["Orang Satu"]
    assert answer["said"] == [
        "Lembar tersembunyi tidak dibaca: Arsip 2023.",
        "Daftar: Baris tersembunyi tidak dibaca: 4.",
        "Daftar: Baris yang dicoret tidak dibaca: 3.",
    ]


def test_what_nobody_sees_in_a_name_or_an_address_is_dropped() -> None:
    row = read(
        xlsx(person("Dinas\xa0Sosial\u200b", "Ja’far \u200bContoh", email="a@b.example\u200b\xa0"))
    )["rows"][0]
    assert (row["slug"], row["cells"]["name"], row["cells"]["email"], row["problems"]) == (
        "dinsos",
        "Ja'far Contoh",
        "a@b.example",
        [],
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("8.12E+11", "Excel mengubah"),
        ("8,12E+11", "Excel mengubah"),
        ("081211110012/081311110012", "lebih dari satu"),
        ("0812", "Bukan nomor"),
    ],
)
def test_a_damaged_telephone_number_is_refused_with_a_reason(written: str, reason: str) -> None:
    row = read(xlsx(person("Dispora", "Orang", telephone=written)))["rows"][0]
    assert row["cells"]["telephone"] == ""
    [[column, said]] = row["problems"]
    assert (column, reason in said) == ("telephone", True)


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2026-11-12", "12/11/2026", "12-11-2026", "12.11.2026", "12 Nov 2026", "12 NOVEMBER 2026"],
)
def test_days_are_read_day_first(text: str) -> None:
    assert date_of(text) == date(2026, 11, 12)


@pytest.mark.parametrize("text", ["", "besok", "11/31/2026", "12 Foo 2026", "12/11/26", "0"])
def test_rejects_invalid_dates(text: str) -> None:
    assert date_of(text) is None


def test_the_standing_before_an_office() -> None:
    assert split_position("Plt. Kepala Dinas") == (Standing.PLT, "Kepala Dinas")
    assert split_position("PLH Sekretaris") == (Standing.PLH, "Sekretaris")
    assert split_position("Pelatih") == (None, "Pelatih")


def test_headers_with_marks() -> None:
    assert column_of("  No. HP ") is PeopleColumn.TELEPHONE
    assert column_of("E-Mail") is PeopleColumn.EMAIL
    assert column_of("Keterangan") is None
