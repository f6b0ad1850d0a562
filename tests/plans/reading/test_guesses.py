"""What plan a file is: as its title, columns and name say; else nothing is said for anybody."""

import pytest

from coordinator.plans.actions.rules import PlanKind
from coordinator.plans.reading.guesses import guessed_plan

RAN, RAD = PlanKind.RAN, PlanKind.RAD


@pytest.mark.parametrize(
    ("titles", "years", "name", "kind", "span"),
    [
        (["RENCANA AKSI DAERAH PP TPPO 2026-2027"], [2026, 2027], "a.xlsx", RAD, (2026, 2027)),
        (["MATRIKS RAD"], [2026, 2027], "a.xlsx", RAD, (2026, 2027)),
        (["Matriks"], [2026, 2027], "RAD_TPPO_2026-2027.xlsx", RAD, (2026, 2027)),
        (["Matriks"], [], "rad-tppo-2026-2027.xlsx", RAD, (2026, 2027)),
        (["RENCANA AKSI NASIONAL 2025 s.d. 2029"], [2026], "x.xlsx", RAN, (2025, 2029)),
        (["RAN TPPO tahun 2025"], [2026, 2028], "x.xlsx", RAN, (2026, 2028)),
        (["RAN dan RAD TPPO"], [], "x.xlsx", None, (None, None)),
        (["Matriks"], [], "x.xlsx", None, (None, None)),
        (["Rencana Aksi Provinsi Contoh tahun 2026"], [], "x.xlsx", RAD, (2026, 2026)),
    ],
)
def test_a_plan_is_what_its_file_says(
    titles: list[str],
    years: list[int],
    name: str,
    kind: PlanKind | None,
    span: tuple[int | None, int | None],
) -> None:
    found = guessed_plan(titles, years, name)
    assert (found.kind, (found.first_year, found.last_year)) == (kind, span)


def test_the_title_is_that_of_the_file_else_its_name() -> None:
    assert guessed_plan(["RAD Contoh"], [], "a.xlsx").title == "RAD Contoh"
    assert guessed_plan([], [], "RAD_contoh.xlsx").title == "RAD contoh"
