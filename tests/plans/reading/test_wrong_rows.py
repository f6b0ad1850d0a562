"""One wrong row never hides the good ones, and never discontinues what is in force."""

from dataclasses import replace

from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import worker
from coordinator.plans.reading.shapes import Choices, PlanReading
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row

NIK = "6472015505080001"  # made up
ROWS = [
    HEADER,
    row(1, "1. Desa", "Melatih", "Petugas", "orang", "banyak", 14),
    row(2, None, "Menyusun", "Modul", "modul", 1, 2),
    row(3, None, "Merujuk", "Korban", "%", 0.5, 90),
    row(4, None, "Membina", "Desa", "desa", 3, 4, "Badan Antah"),
    row(5, None, f"Bantuan NIK {NIK}", "Orang", "orang", 3, 4),
]


def read(*, base: PlanFile | None = None, **choices: object) -> PlanReading:
    """Return how the rows are read."""
    known = replace(KNOWN, base=base)
    chosen: Choices = replace(DECIDED, **choices)
    return worker.read(book(ROWS), "a.xlsx", known=known, choices=chosen)


def test_every_row_is_shown_with_what_becomes_of_it() -> None:
    found = read()
    assert found.plan is None
    assert found.may_leave_wrong
    shown = [(one.row, one.action, one.lead, one.state.value) for one in found.table]
    assert shown == [
        (2, "Melatih", "Dinsos", "wrong"),
        (3, "Menyusun", "Dinas Sosial", "ready"),
        (4, "Merujuk", "Dinas Sosial", "asked"),
        (5, "Membina", "Badan Antah (belum dipastikan)", "asked"),
        (6, "(tidak ditampilkan)", "Dinsos", "wrong"),
    ]
    good = found.table[1]
    assert [(one.label, one.text) for one in good.targets] == [("2025", "1"), ("2026", "2")]
    assert (good.indicator, good.unit, good.measure) == ("Modul", "modul", "angka, dijumlahkan")
    assert NIK not in found.to_json()


def test_the_good_rows_are_a_plan_where_a_person_leaves_the_others_out() -> None:
    plan = read(without_wrong=True).plan
    assert plan is not None
    assert [one.title for one in plan.actions] == ["Menyusun"]


def test_a_wrong_row_keeps_what_is_in_force() -> None:
    base = worker.read(
        book([HEADER, row(1, "1. Desa", "Melatih", "Petugas", "orang", 10, 14), ROWS[2]]),
        "a.xlsx",
        known=KNOWN,
        choices=DECIDED,
    ).plan
    assert base is not None
    found = read(base=base, without_wrong=True)
    assert found.plan is not None
    assert found.plan.actions == base.actions
    assert found.table[0].state == "kept"


def test_what_is_wrong_with_the_whole_file_cannot_be_left_out() -> None:
    found = read(without_wrong=True, headings={"F": "target:2025", "G": "target:2025"})
    assert (found.plan, found.may_leave_wrong) == (None, False)
