"""Each of the spreadsheets is read to exactly what its case says: findings, questions, plan."""

import pytest

from coordinator.plans.reading import reading, worker
from coordinator.plans.reading.shapes import PlanReading
from tests.plans.actions.spreadsheets.ambiguous import AMBIGUOUS
from tests.plans.actions.spreadsheets.case import Case, Place
from tests.plans.actions.spreadsheets.hostile import HOSTILE
from tests.plans.actions.spreadsheets.layouts import LAYOUTS
from tests.plans.actions.spreadsheets.people import PEOPLE
from tests.plans.actions.spreadsheets.values import NIK, VALUES

CASES = [*LAYOUTS, *VALUES, *HOSTILE, *PEOPLE, *AMBIGUOUS]


def found(result: PlanReading, severity: str) -> list[tuple[int | None, str | None, str]]:
    """Return the problems of one severity."""
    return [(p.row, p.column, p.message) for p in result.problems if p.severity == severity]


def agree(problems: list[tuple[int | None, str | None, str]], expected: tuple[Place, ...]) -> bool:
    """Whether these are exactly the expected problems, in any order."""
    left = list(problems)
    for row, column, words in expected:
        for problem in left:
            if problem[:2] == (row, column) and words in problem[2]:
                left.remove(problem)
                break
        else:
            return False
    return not left


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_read_to_what_its_case_says(case: Case) -> None:
    data = case.make()
    read = reading.read if case.in_child or len(data) > reading.LARGEST else worker.read
    result = read(data, case.file, known=case.known, choices=case.choices)
    assert case.refused in (result.refused or "")
    assert bool(case.refused) == (result.refused is not None), result.refused
    errors, warnings = found(result, "error"), found(result, "warning")
    assert agree(errors, case.errors), errors
    assert agree(warnings, case.warnings), warnings
    assert {one.text for one in result.unknown_agencies} == set(case.agencies)
    assert {one.text for one in result.unknown_working_groups} == set(case.groups)
    unsure = "".join(h.column for h in result.headings if not h.is_sure)
    assert unsure == case.unsure, result.headings
    assert {one.group for one in result.questions if not one.answer} == set(case.asked)
    for words in case.notes:
        assert any(words in note for note in result.notes), result.notes
    asks = bool(case.refused or case.errors or case.agencies or case.groups or case.asked)
    assert (result.plan is None) == asks
    if case.holds:
        assert result.plan is not None
        assert case.holds(result.plan) == case.gives
    assert NIK not in result.to_json()


def test_there_are_sixty_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len({case.file for case in CASES}) == len(CASES)
