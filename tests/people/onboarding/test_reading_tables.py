"""How a table of people may be arranged: merged cells, odd headers, faulty formulas, "sda"."""

import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest

from coordinator.people.importing import reading
from coordinator.people.importing.headers import column_of, weak_column_of
from coordinator.people.importing.labels import file_problem
from coordinator.people.importing.rules import FileProblem, PeopleColumn, is_name, split_position
from tests.people.onboarding.lists import NIK_LIKE, saved

AGENCIES = [{"slug": "dinsos", "names": ["Dinsos"]}, {"slug": "dinkes", "names": ["Dinkes"]}]
HEAD = ["OPD", "Nama", "Peran", "Jabatan", "Email", "Telepon", "Nomor surat", "Tanggal surat"]


def listed(*rows: list[Any], merge: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what is read of a sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place in merge:
        sheet.merge_cells(place)
    return _read(saved(book))


def _read(data: bytes) -> dict[str, Any]:
    head = json.dumps({"agencies": AGENCIES}).encode()
    found: dict[str, Any] = json.loads(reading.main(head + b"\n" + data))
    return found


def test_a_cell_merged_down_counts_for_each_row_it_spans() -> None:
    first = ["Dinsos", "Satu", "Pengganti", "Plt. Kabid", "satu@x.example", None, "800/1"]
    second = [None, "Dua", None, None, "dua@x.example", None, None, None]
    merge = ("A2:A3", "C2:C3", "D2:D3", "G2:G3", "H2:H3")
    rows = listed(HEAD, [*first, "1/10/2026"], second, merge=merge)["rows"]
    for row, name in zip(rows, ("satu", "dua"), strict=True):
        assert row["problems"] == []
        assert row["cells"] == {
            "agency": "Dinsos",
            "name": name.title(),
            "role": "alternate",
            "position": "Kabid",
            "standing": "plt",
            "email": f"{name}@x.example",
            "telephone": "",
            "letter_number": "800/1",
            "letter_on": "2026-10-01",
        }


@pytest.mark.parametrize(
    ("column", "place"), [("name", "B2:B3"), ("email", "E2:E3"), ("telephone", "F2:F3")]
)
def test_what_is_one_persons_is_never_merged_down(column: str, place: str) -> None:
    first = ["Dinsos", "Satu", "", "", "satu@x.example", "0812-1111-0001"]
    second = ["Dinkes", "Dua", "", "", "dua@x.example", "0812-1111-0002"]
    rows = listed(HEAD, first, second, merge=(place,))["rows"]
    assert [row["problems"] for row in rows] == [[], [[column, "merged"]]]


def test_a_cell_merged_to_the_right_is_no_second_cell() -> None:
    row = listed(HEAD, ["Dinsos", "Satu"], merge=("B2:D2",))["rows"][0]
    assert (row["cells"]["name"], row["cells"]["position"], row["problems"]) == ("Satu", "", [])


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("E-Mail Dinas", PeopleColumn.EMAIL),
        ("Alamat e-mail", PeopleColumn.EMAIL),
        ("Email kantor", PeopleColumn.EMAIL),
        ("No. HP/WA", PeopleColumn.TELEPHONE),
        ("Nomor Telepon yang dapat dihubungi", PeopleColumn.TELEPHONE),
        ("WhatsApp", PeopleColumn.TELEPHONE),
        ("Kedudukan", PeopleColumn.ROLE),
        ("Kedudukan dlm Tim", PeopleColumn.ROLE),
        ("Nama & Gelar", PeopleColumn.NAME),
        ("Instansi/OPD", PeopleColumn.AGENCY),
        ("Jabatan Dinas", PeopleColumn.POSITION),
        ("SK", PeopleColumn.LETTER_NUMBER),
        ("Tgl. SK", PeopleColumn.LETTER_ON),
        ("Email / No. HP", None),
        ("Telepon kantor", None),
        ("Jabatan dalam tim", None),
        ("Alamat", None),
        ("No", None),
    ],
)
def test_headers_as_offices_write_them(header: str, column: PeopleColumn | None) -> None:
    assert column_of(header) is column


def test_a_weak_header_is_read_only_where_there_is_no_clearer_one() -> None:
    assert weak_column_of("Unit kerja") is PeopleColumn.AGENCY
    alone = listed(["Unit kerja", "Narahubung"], ["Dinsos", "Satu"])
    assert (alone["rows"][0]["slug"], alone["said"]) == ("dinsos", [])
    beside = listed(["OPD", "Unit kerja", "Nama"], ["Dinsos", "Bidang Satu", "Orang"])
    assert beside["rows"][0]["slug"] == "dinsos"
    assert beside["said"] == ["Kolom yang tidak dikenal tidak dibaca: B “Unit kerja”."]


def test_every_column_that_is_not_read_is_named() -> None:
    head = ["No", "OPD", "Nama", "Catatan", None, f"NIK {NIK_LIKE}", "Kosong"]
    answer = listed(head, [1, "Dinsos", "Satu", "x", "y", "z", None])
    assert answer["said"] == [
        "Kolom yang tidak dikenal tidak dibaca: D “Catatan”, E (tanpa judul), F (tanpa judul)."
    ]


@pytest.mark.parametrize(
    ("head", "below", "merge"),
    [
        (
            ["No", "OPD", "Nama", "Kontak", None],
            [None, None, None, "Email", "Telepon"],
            ("D1:E1", "A1:A2", "B1:B2", "C1:C2"),
        ),
        (
            ["No", "OPD", "Narahubung", None, None],
            [None, None, "Nama", "E-mail", "No. HP"],
            ("C1:E1",),
        ),
    ],
)
def test_a_header_of_two_rows(head: list[Any], below: list[Any], merge: tuple[str, ...]) -> None:
    row = [1, "Dinsos", "Satu", "satu@x.example", "0812-1111-0001"]
    answer = listed(head, below, row, merge=merge)
    assert answer["said"] == []
    (found,) = answer["rows"]
    cells = found["cells"]
    assert (found["row"], found["slug"], cells["name"], cells["email"], cells["telephone"]) == (
        3,
        "dinsos",
        "Satu",
        "satu@x.example",
        "+6281211110001",
    )


def test_number_and_date_of_a_letter_under_one_title() -> None:
    head = ["OPD", "Nama", "Surat", None]
    below = [None, None, "Nomor", "Tanggal"]
    (row,) = listed(head, below, ["Dinsos", "Satu", "800/1", "1/10/2026"], merge=("C1:D1",))["rows"]
    assert (row["cells"]["letter_number"], row["cells"]["letter_on"]) == ("800/1", "2026-10-01")


def test_a_person_below_the_header_is_no_second_header() -> None:
    (row,) = listed(["OPD", "Nama", "Peran"], ["Dinsos", "Satu", "Narahubung"])["rows"]
    assert (row["row"], row["cells"]["name"]) == (2, "Satu")


def test_a_second_table_is_read_by_its_own_header() -> None:
    rows = listed(
        ["OPD", "Nama", "Jabatan"],
        ["Dinsos", "Satu", "Kabid"],
        [],
        ["OPD", "Jabatan", "Nama"],
        ["Dinkes", "Kasi", "Dua"],
    )["rows"]
    assert [(row["cells"]["name"], row["cells"]["position"]) for row in rows] == [
        ("Satu", "Kabid"),
        ("Dua", "Kasi"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "email", "problems"),
    [
        ("", "dinas@x.example", "dinas@x.example", []),
        ("a@x.example", "A@x.example", "a@x.example", []),
        ("a@x.example", "b@x.example", "", [["email", "two_columns"]]),
    ],
)
def test_two_columns_of_a_kind(first: str, second: str, email: str, problems: list[Any]) -> None:
    answer = listed(["OPD", "Nama", "Email", "E-mail dinas"], ["Dinsos", "Satu", first, second])
    (row,) = answer["rows"]
    assert (row["cells"]["email"].casefold(), row["problems"]) == (email, problems)
    assert "C dan D sama-sama dibaca sebagai Email" in answer["said"][0]


def test_a_header_that_is_not_found_says_which_words_are_looked_for(in_app: None) -> None:
    assert listed(["Kantor", "Siapa"], ["Dinsos", "Satu"]) == {"problem": "no_header"}
    said = file_problem(FileProblem.NO_HEADER)
    assert "Perangkat daerah" in said
    assert "Nama lengkap" in said


def test_a_sheet_without_people_is_named_but_for_those_of_the_template() -> None:
    book = openpyxl.Workbook()
    for title in ("Daftar", "Rekap", "Pilihan", "Petunjuk"):
        sheet = book.create_sheet(title)
        sheet.append(["OPD", "Nama"] if title == "Daftar" else ["OPD", "Jumlah"])
        sheet.append(["Dinsos", "Satu"])
    assert _read(saved(book))["said"] == [
        "Lembar tidak dibaca, karena tidak ada kolom OPD dan Nama: Rekap."
    ]


@pytest.mark.parametrize(
    ("written", "problem"),
    [('=HYPERLINK("mailto:a@x.example")', "formula"), ("#REF!", "fault")],
)
@pytest.mark.parametrize("column", [0, 1, 2, 3, 4, 5, 6, 7])
def test_a_faulty_formula_is_an_error_at_its_place(column: int, written: str, problem: str) -> None:
    row: list[Any] = ["Dinsos", "Satu", "", "", "", "", "", ""]
    row[column] = written
    names = [column.value for column in PeopleColumn if column is not PeopleColumn.STANDING]
    assert listed(HEAD, row)["rows"][0]["problems"] == [[names[column], problem]]


def test_a_fault_in_a_csv_and_what_is_no_number() -> None:
    (row,) = _read(b"OPD;Nama;Jabatan\nDinsos;Satu;#N/A\n")["rows"]
    assert row["problems"] == [["position", "fault"]]
    data = saved_with(b"<v>5</v>", b"<v>NaN</v>")
    (row,) = _read(data)["rows"]
    assert row["problems"] == [["position", "fault"]]


def saved_with(old: bytes, new: bytes) -> bytes:
    """Return a list with a number as its office, changed as no program of ours would."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["OPD", "Nama", "Jabatan"])
    book.active.append(["Dinsos", "Satu", 5])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as old_file, zipfile.ZipFile(out, "w") as made:
        for part in old_file.infolist():
            made.writestr(part.filename, old_file.read(part).replace(old, new))
    return out.getvalue()


def test_the_same_as_above_is_filled_and_said() -> None:
    answer = listed(
        HEAD,
        ["Dinsos", "Satu", "Pengganti", "Kabid", "kantor@x.example", None, "800/1", "1/10/2026"],
        ["sda", "Dua", "idem", '"', "s.d.a", None, "ditto", "sda"],
        ["Dinkes", "Tiga", None, "sda"],
        ["idem", "Empat", "sda"],
    )
    first, second, third, fourth = answer["rows"]
    assert {**second["cells"], "name": "Satu", "agency": "Dinsos"} == first["cells"]
    assert (second["slug"], third["cells"]["position"], fourth["slug"]) == (
        "dinsos",
        "Kabid",
        "dinkes",
    )
    [[column, said]] = fourth["problems"]
    assert (column, "di atasnya kosong" in said) == ("role", True), "never over an empty cell"
    assert answer["said"] == [
        "Tanda “sama dengan di atas” (sda, idem, tanda petik) diisi dari baris di atasnya: "
        "baris 3, 4, 5."
    ]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("A", True),
        ("Orang 2", True),
        ("Ja'far", True),
        ("-", False),
        ("12345", False),
        ("Satu (081211110001)", False),
        ("satu@x.example", False),
        ("Belum ada", False),
        ("TRUE", False),
        ("...", False),
    ],
)
def test_what_can_be_a_name(text: str, right: bool) -> None:
    assert is_name(text) is right


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        (1, "-", ["name", "missing"]),
        (1, 12345, ["name", "no_name"]),
        (1, "x" * 121, ["name", "too_long"]),
        (2, "Narahubung/Pengganti", ["role", "no_role"]),
        (3, "x" * 121, ["position", "too_long"]),
        (6, "8" * 81, ["letter_number", "too_long"]),
        (7, "2 Februari 1926", ["letter_on", "odd_year"]),
        (7, "1 Januari 2206", ["letter_on", "odd_year"]),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(
    column: int, text: object, problem: list[str]
) -> None:
    row: list[Any] = ["Dinsos", "Satu", "", "", "", "", "", ""]
    row[column] = text
    assert listed(HEAD, row)["rows"][0]["problems"] == [problem]


def test_the_number_of_a_row_is_no_part_of_a_name() -> None:
    assert listed(HEAD, ["Dinsos", "1. Satu"])["rows"][0]["cells"]["name"] == "Satu"


@pytest.mark.parametrize(
    "text",
    [
        "Plt. Kepala Dinas",
        "Kepala Dinas (Plt)",
        "Kepala Dinas, Plt.",
        "(PLT) Kepala Dinas",
        "Pelaksana Tugas Kepala Dinas",
        "Plt.Kepala Dinas",
        "Kepala (Plt.) Dinas",
    ],
)
def test_an_acting_officer_wherever_it_is_written(text: str) -> None:
    assert split_position(text) == ("plt", "Kepala Dinas")


def test_a_position_that_says_another_standing_is_refused() -> None:
    head = ["OPD", "Nama", "Jabatan", "Status jabatan"]
    (row,) = listed(head, ["Dinsos", "Satu", "Plt. Kepala", "definitif"])["rows"]
    assert row["problems"] == [["standing", "two_standings"]]
