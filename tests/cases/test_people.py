"""Lists of people, row by row: who, of which office, how to reach them, and what is wrong."""

import json

import pytest

from coordinator.people.importing import reading, service
from coordinator.people.importing.service import RowEffect, RowQuestion
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.cases import FILES

OFFICES = {
    "dispar": ["Dinas Pariwisata"],
    "dishub": ["Dinas Perhubungan", "Dishub"],
    "dinkes": ["Dinas Kesehatan"],
    "dinsos": ["Dinas Sosial"],
    "dpmpd": ["DPMPD"],
    "ksop": ["KSOP"],
    "kesbangpol": ["Kesbangpol"],
    "dispora": ["Dispora"],
    "dpmptsp": ["DPMPTSP"],
    "biro-hukum": ["Biro Hukum"],
    "diskominfo": ["Diskominfo"],
}
SPOILT = "Excel mengubah nomor ini menjadi 8.12E+11"
# Row, office, name, address, telephone; what is wrong, in the order of the columns.
CASES: dict[str, list[tuple[str, ...]]] = {
    "30-people-merged-opd.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
        ("3", "dispar", "Budi Contoh Dua", "budi.dua@contoh.example", "+6281211110002"),
        ("4", "dishub", "Tuti Contoh Tiga", "tuti.tiga@contoh.example", "+6281211110003"),
    ],
    "31-people-hidden-sheet.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
    ],
    "33-people-emails.xlsx": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
        (
            "3", "dishub", "Budi Contoh Dua", "budi.dua@contoh.example",
            "+6281211110002", "letter_on: no_date",
        ),
        (
            "4", "dinkes", "Tuti Contoh Tiga", "tuti.tiga@contoh.example", "",
            f"telephone: {SPOILT}", "letter_on: no_date",
        ),
        (
            "5", "dinsos", "Sari Contoh Empat", "sari.empat@contoh.example", "",
            "telephone: Bukan nomor telepon yang lengkap",
        ),
        ("6", "dpmpd", "Agus Contoh Lima", "", "", "email: no_address"),
        ("7", "ksop", "Dewi Contoh Enam", "dewi.enam+tppo@contoh.example", ""),
        ("8", "dishub", "Eka Contoh Tujuh", "", "", "email: no_address"),
        ("9", "kesbangpol", "Fajar Contoh Delapan", "rina.satu@contoh.example", ""),
    ],
    "34c-people-apostrophes.csv": [
        ("2", "dispar", "Rina Contoh Satu", "rina.satu@contoh.example", "+6281211110001"),
    ],
    "36-people-phones.xlsx": [
        (
            "2", "dispora", "Gita Contoh Sembilan", "gita9@contoh.example", "",
            f"telephone: {SPOILT}",
        ),
        ("3", "dpmptsp", "Hadi Contoh Sepuluh", "hadi10@contoh.example", "+6281211110010"),
        ("4", "biro-hukum", "Ika Contoh Sebelas", "ika11@contoh.example", "+6281211110011"),
        (
            "5", "diskominfo", "Joko Contoh Duabelas", "joko12@contoh.example", "",
            "telephone: Berisi lebih dari satu nomor",
        ),
    ],
}  # fmt: skip
SAID = {"31-people-hidden-sheet.xlsx": ["Lembar tersembunyi tidak dibaca: Arsip 2023."]}
MOVED = "37-people-moved.xlsx"


@pytest.mark.parametrize("file", CASES)
def test_a_list_is_read_row_by_row(file: str) -> None:
    head = {"agencies": [{"slug": key, "names": names} for key, names in OFFICES.items()]}
    data = (FILES / file).read_bytes()
    answer = json.loads(reading.main(json.dumps(head).encode() + b"\n" + data))
    assert answer["said"] == SAID.get(file, [])
    for row, expected in zip(answer["rows"], CASES[file], strict=True):
        cells = row["cells"]
        found = (str(row["row"]), row["slug"], cells["name"], cells["email"], cells["telephone"])
        assert found == expected[:5]
        for (column, problem), told in zip(row["problems"], expected[5:], strict=True):
            assert f"{column}: {problem}".startswith(told)


KNOWN_BEFORE = [
    ("Rina Contoh Satu", RowEffect.ASKED, RowQuestion.MOVED),
    ("Dr. Rina Contoh Satu, M.Si.", RowEffect.ASKED, RowQuestion.SAME_PERSON),
    ("RINA CONTOH SATU", RowEffect.SAME, None),
]
NOBODY_KNOWN = [
    ("Rina Contoh Satu", RowEffect.NEW, None),
    ("Dr. Rina Contoh Satu, M.Si.", RowEffect.ASKED, RowQuestion.TWICE),
    ("RINA CONTOH SATU", RowEffect.ASKED, RowQuestion.TWICE),
]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("before", "expected"),
    [("30-people-merged-opd.xlsx", KNOWN_BEFORE), ("", NOBODY_KNOWN)],
)
def test_one_person_never_gets_two_accounts_unasked(
    in_app: None, before: str, expected: list[tuple[str, RowEffect, RowQuestion | None]]
) -> None:
    by = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
    if before:
        known = service.read((FILES / before).read_bytes(), by=by).rows
        assert service.apply_rows(known, {}, by=by)["new"] == 3
    rows = service.read((FILES / MOVED).read_bytes(), by=by).rows
    judged = service.judge(rows, {}, by=by)
    assert [(one.row["cells"]["name"], one.verdict, one.question) for one in judged] == expected
    shown = [one.verdict.value for one in judged]
    done = service.apply_rows(rows, {}, by=by)
    assert {name: count for name, count in done.items() if count} == {
        name: shown.count(name) for name in shown
    }, "what was shown is what is done"
