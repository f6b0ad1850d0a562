"""Lists of people, row by row: who, of which office, how to reach them, and what is wrong."""

import json

import pytest

from coordinator.people.importing import reading, service
from coordinator.people.importing.service import RowEffect, RowQuestion
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.cases import FILES
from tests.cases.people import CASES, MOVED, SAID

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
