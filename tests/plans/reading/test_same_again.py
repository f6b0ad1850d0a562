"""The same matrix again, in any order, is the same plan."""

import random
from dataclasses import replace

import pytest

from coordinator.plans.actions.diff import compare
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import worker, writer
from coordinator.plans.reading.shapes import Choices
from tests.plans.actions.builders import sheet_plan
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row

ROWS = [
    row(1, "Desa", "Melatih petugas", "Petugas", "orang", 10, 20, "Dinsos", "Dinkes; Polda"),
    row(2, "Desa", "Menyusun modul", "Modul", "modul", 1, 2, "Dinkes"),
    row(2, "Desa", "Menyusun modul", "Naskah", "naskah", 3, 4, "Dinkes"),
    row(3, "Layanan", "Merujuk korban", "Korban", "%", 90, 95, "Polda", "Dinkes; Dinsos"),
    row(4, "Layanan", "Membina rumah", "Rumah", "unit", 1, 1, "Dinsos"),
]


def matrix(rows: list[list[object]], base: PlanFile | None) -> PlanFile:
    """Return what these rows are read to, next to what is in force."""
    known = replace(KNOWN, base=base)
    plan = worker.read(book([HEADER, *rows]), "a.xlsx", known=known, choices=DECIDED).plan
    assert plan is not None
    return plan


@pytest.mark.parametrize("seed", range(6))
def test_a_matrix_with_its_rows_in_another_order_changes_nothing(seed: int) -> None:
    base = matrix(ROWS, None)
    rows = list(ROWS)
    random.Random(seed).shuffle(rows)
    assert compare(base, matrix(rows, base)) == []


def test_neither_does_our_own_table() -> None:
    plan = sheet_plan()
    known = replace(KNOWN, base=plan)
    head, *lines = writer.csv_of(plan, KNOWN).decode("utf-8-sig").splitlines()
    data = "\r\n".join([head, *reversed(lines)]).encode()
    found = worker.read(data, "a.csv", known=known, choices=Choices())
    assert found.names_plan == plan.plan.id
    assert found.plan is not None
    assert compare(plan, found.plan) == []


def test_what_is_in_force_is_kept_for_years_without_a_column_and_not_asked_again() -> None:
    base = matrix(ROWS, None)
    head = [*HEADER[:5], "B06 2026 (target)", "B12 2026 (target)", *HEADER[7:]]
    rows = [row(1, "Desa", "Melatih petugas", "Petugas", "orang", 5, 15, "Dinsos", "Dinkes; Polda")]
    known = replace(KNOWN, base=base)
    found = worker.read(book([head, *rows]), "a.xlsx", known=known, choices=DECIDED)
    assert found.plan is not None, found.questions
    assert found.plan.actions[0].indicators[0].targets == {2025: 10, 2026: 20}
