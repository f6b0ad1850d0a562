"""No file without a test."""

from tests.cases import (
    FILES,
    test_bounces,
    test_evidence,
    test_letters,
    test_mapping,
    test_people,
    test_plans,
    test_reporting_sheet,
)


def test_every_file_has_a_test() -> None:
    tested = {
        *(case.file for case in test_plans.CASES),
        test_plans.OWN_TEMPLATE,
        *test_people.CASES,
        test_people.MOVED,
        test_reporting_sheet.FILE,
        *test_bounces.CASES,
        *test_evidence.CASES,
        test_mapping.FILE,
        test_letters.FILE,
    }
    assert {path.name for path in FILES.iterdir()} == tested
