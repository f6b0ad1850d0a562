"""No file without a test."""

from tests.cases import (
    FILES,
    LETTER,
    MAPPING,
    REPORTING_SHEET,
    bounces,
    evidence,
    people,
    plans,
)


def test_every_file_has_a_test() -> None:
    tested = {
        *(case.file for case in plans.CASES),
        plans.OWN_TEMPLATE,
        *people.CASES,
        people.MOVED,
        REPORTING_SHEET,
        *bounces.CASES,
        *evidence.CASES,
        MAPPING,
        LETTER,
    }
    assert {path.name for path in FILES.iterdir()} == tested
