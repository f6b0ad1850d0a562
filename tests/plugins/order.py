"""The longest tests begin first, so that no worker is left alone with one at the end."""

from pathlib import Path

import pytest

from tests.engines import ROOT

# By what a test of each takes, in seconds: 90, 80, 40, 40, then 10 to 35.
LONGEST = (
    "tests/journeys/test_browser_first_day.py",
    "tests/journeys/test_make_run.py",
    "tests/architecture/test_guards.py",
    "tests/architecture/test_forms_sent.py",
    "tests/journeys",
    "tests/demo",
    "tests/architecture",
    "tests/faults",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by the place of a test's file in `LONGEST`; the others come after, as collected."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    name = path.relative_to(ROOT).as_posix()
    return next(
        (place for place, long in enumerate(LONGEST) if name.startswith(long)), len(LONGEST)
    )
