"""What was decided for a number is said, and what nobody has decided yet shows no number."""

from dataclasses import replace
from decimal import Decimal

import pytest

from coordinator.plans.reading import worker
from coordinator.plans.reading.number_words import in_words
from coordinator.plans.reading.shapes import PlanReading
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row


def read(rows: list[list[object]], **choices: object) -> PlanReading:
    """Return how the rows are read."""
    chosen = replace(DECIDED, **choices)
    return worker.read(book(rows), "a.xlsx", known=KNOWN, choices=chosen)


def one(unit: str, *targets: object, **choices: object) -> PlanReading:
    """Return how one row with these targets is read."""
    return read(
        [list(HEADER), row("1.1", "1. Desa", "Menyusun", "Pedoman", unit, *targets)], **choices
    )


def targets(found: PlanReading) -> list[list[str]]:
    """Return the targets of each row as they are shown."""
    return [[f"{target.label}: {target.text}" for target in one.targets] for one in found.table]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "nol"),
        ("11", "sebelas"),
        ("1234", "seribu dua ratus tiga puluh empat"),
        ("1.234", "satu koma dua tiga empat"),
        ("1001", "seribu satu"),
        ("110", "seratus sepuluh"),
        ("215000", "dua ratus lima belas ribu"),
        ("1001000000", "satu miliar satu juta"),
        ("12.50", "dua belas koma lima"),
        ("-2", "minus dua"),
    ],
)
def test_a_number_in_words(number: str, words: str) -> None:
    assert in_words(Decimal(number)) == words


def test_the_readings_of_a_number_cannot_be_taken_for_each_other() -> None:
    found = one("orang", "1,234", 5)
    assert [way.label for way in found.questions[0].options] == [
        "1234 (seribu dua ratus tiga puluh empat)",
        "1,234 (satu koma dua tiga empat)",
    ]
    assert targets(found) == [["2025: menunggu jawaban", "2026: 5"]]


def test_an_answer_is_among_the_remarks() -> None:
    found = one("orang", "1,234", 5, answers={"number": "ribuan"})
    assert targets(found) == [["2025: 1.234", "2026: 5"]]
    said = [note for note in found.notes if "Menurut jawaban Anda" in note]
    assert said == [
        "Menurut jawaban Anda, “1,234” dibaca: 1234 (seribu dua ratus tiga puluh empat) "
        "(Matriks F2)."
    ]


def test_a_word_that_became_a_number_of_the_unit_is_said() -> None:
    found = one("dokumen", "ada", 2)
    said = [one.message for one in found.problems if one.column == "F"]
    assert said == [
        "“ada” dibaca 1 dokumen, dijumlahkan, bukan ya/tidak, karena satuannya tertulis. Periksa."
    ]
    assert not [p for p in one("ya/tidak", "ada", "ada").problems if "dibaca" in p.message]


def test_all_years_of_one_cell_wait_for_its_answer() -> None:
    rows = [list(HEADER), row("1.1", "1. Desa", "Melatih", "Petugas", "orang", 300, None)]
    data = book(rows, merge=("F2:G2",))
    found = worker.read(data, "a.xlsx", known=KNOWN, choices=DECIDED)
    assert targets(found) == [["2025: menunggu jawaban", "2026: menunggu jawaban"]]


NO_YEAR: list[list[object]] = [
    ["No", "Strategi", "Aksi", "Indikator", "Satuan", "Target", "PJ"],
    ["1.1", "1. Desa", "Melatih", "Petugas", "orang", 30, "Dinsos"],
]


def test_a_target_without_a_year_is_asked_about_and_no_row_is_applied_without_it() -> None:
    for choices in ({}, {"headings": {"F": "-"}}):  # as the page sends it unseen
        found = read(NO_YEAR, **choices)
        assert [one.group for one in found.questions] == ["target-year"]
        assert (found.plan, [one.state.value for one in found.table]) == (None, ["asked"])
        assert read(NO_YEAR, without_wrong=True, **choices).plan is None
    found = read(NO_YEAR, answers={"target-year": "2027"}, headings={"F": "-"})
    assert found.plan is not None
    assert targets(found) == [["2027: 30"]]
    assert not [one for one in found.problems if "Tahun kolom" in one.message]


def test_a_row_without_a_target_is_named() -> None:
    found = read(NO_YEAR, answers={"target-year": "leave"})
    assert found.plan is not None
    assert "1 indikator tidak punya target: baris 2." in found.notes


def test_months_without_a_year_get_one_year_and_stay_months() -> None:
    rows = [["No", "Strategi", "Aksi", "Indikator", "Satuan", "Target TW I", "Target TW II", "PJ"]]
    rows += [["1.1", "1. Desa", "Melatih", "Petugas", "orang", 10, 20, "Dinsos"]]
    found = read(rows, answers={"target-year": "2026", "periods": "sum"})  # type: ignore[arg-type]
    assert targets(found) == [["2026: 30"]]


@pytest.mark.parametrize(
    ("unit", "target", "is_said"),
    [
        ("dokumen", "12 orang", True),
        ("orang", "12 orang", False),
        ("orang peserta", "12 Orang", False),
        ("orang", 12, False),
    ],
)
def test_a_target_in_another_unit_is_said(unit: str, target: object, is_said: bool) -> None:
    found = one(unit, target, 5)
    said = [
        problem.message for problem in found.problems if "satuan indikatornya" in problem.message
    ]
    assert bool(said) is is_said
    assert not is_said or "“orang”" in said[0]
