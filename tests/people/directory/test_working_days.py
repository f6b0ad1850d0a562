"""Working days: the arithmetic, and the table of days off of 2026."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.people.directory import queries, service
from coordinator.people.directory.rules import (
    HolidayKind,
    add_working_days,
    is_working_day,
    working_day_on_or_after,
    working_day_on_or_before,
    working_days_between,
)
from coordinator.platform.yaml_files import BadFile
from tests.engines import ROOT

NATIONAL = [
    *("01-01", "01-16", "02-17", "03-19", "03-21", "03-22", "04-03", "04-05", "05-01"),
    *("05-14", "05-27", "05-31", "06-01", "06-16", "08-17", "08-25", "12-25"),
]
JOINT_LEAVE = ["02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24"]
OFF_2026 = frozenset(date.fromisoformat(f"2026-{day}") for day in (*NATIONAL, *JOINT_LEAVE))

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
DAYS_OFF = st.frozensets(DAYS, max_size=60)
ONE = timedelta(days=1)


# --- arithmetic ----------------------------------------------------------------------------------


@given(DAYS, DAYS_OFF)
def test_on_or_before_and_after_are_the_nearest_working_days(
    day: date, off: frozenset[date]
) -> None:
    before, after = working_day_on_or_before(day, off), working_day_on_or_after(day, off)
    assert before <= day <= after
    assert is_working_day(before, off)
    assert is_working_day(after, off)
    between = [before + ONE * n for n in range(1, (after - before).days)]
    assert not any(is_working_day(one, off) for one in between)
    assert (before == day) == (after == day) == is_working_day(day, off)


@given(DAYS, st.integers(1, 40), DAYS_OFF)
def test_adding_and_counting_working_days_agree(
    day: date, count: int, off: frozenset[date]
) -> None:
    end = add_working_days(day, count, off)
    assert end > day
    assert is_working_day(end, off)
    assert working_days_between(day, end, off) == count
    assert working_days_between(day, end - ONE, off) == count - 1
    assert add_working_days(day, count + 1, off) == add_working_days(end, 1, off)


@given(DAYS, DAYS, DAYS_OFF)
def test_counting_is_never_negative_and_adds_up(
    start: date, end: date, off: frozenset[date]
) -> None:
    found = working_days_between(start, end, off)
    assert found == 0 if end <= start else 0 <= found <= (end - start).days
    if end > start:
        middle = start + (end - start) / 2
        assert found == working_days_between(start, middle, off) + working_days_between(
            middle, end, off
        )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-10-13", 3, "2026-10-16"),
        ("2026-10-16", 1, "2026-10-19"),
        ("2026-10-17", 1, "2026-10-19"),
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-03-17", 1, "2026-03-25"),
        ("2026-05-13", 1, "2026-05-18"),
        ("2026-05-26", 2, "2026-06-02"),
    ],
)
def test_n_working_days_after_a_day(start: str, count: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, OFF_2026) == date.fromisoformat(end)


# --- the table -----------------------------------------------------------------------------------


def test_2026_has_the_seventeen_holidays_and_eight_days_of_joint_leave() -> None:
    file = service.read_holidays(ROOT / "seed" / "holidays_id.yaml")
    [year] = [part for part in file.years if part.year == 2026]
    by_kind = {
        kind: [f"{day.on:%m-%d}" for day in year.days if day.kind is kind] for kind in HolidayKind
    }
    assert by_kind == {HolidayKind.NATIONAL: NATIONAL, HolidayKind.JOINT_LEAVE: JOINT_LEAVE}
    assert (len(NATIONAL), len(JOINT_LEAVE)) == (17, 8)
    assert {day.on.year for day in year.days} == {2026}
    assert year.source.startswith("SKB 3 Menteri")


def test_an_independent_table_says_the_same() -> None:
    table = holidays.country_holidays(
        "ID", years=2026, categories=(holidays.PUBLIC, holidays.GOVERNMENT)
    )
    assert set(table) == OFF_2026
    public = holidays.country_holidays("ID", years=2026, categories=(holidays.PUBLIC,))
    assert {f"{day:%m-%d}" for day in public} == set(NATIONAL)


@pytest.mark.usefixtures("in_app")
def test_loading_again_adds_nothing_and_overwrites_no_edit() -> None:
    assert queries.days_off() >= OFF_2026
    before = [(row.on, row.name) for row in queries.holidays_of(2026)]
    file = service.read_holidays(ROOT / "seed" / "holidays_id.yaml")
    assert service.load_holidays(file) == 0
    assert [(row.on, row.name) for row in queries.holidays_of(2026)] == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{on: 2026-02-30, name: "x", kind: national}', "kalender"),
        ('{on: 2026-02-20, name: "x", kind: libur}', "salah satu"),
        ('{on: 2026-02-20, name: "", kind: national}', "kosong"),
        ('{on: 2026-02-20, nama: "x", kind: national}', "tidak dikenal"),
    ],
)
def test_a_bad_day_is_found_on_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "libur.yaml"
    path.write_text(
        f'schema: 1\nyears:\n  - year: 2026\n    source: "SKB"\n    days:\n      - {line}\n'
    )
    with pytest.raises(BadFile) as refusal:
        service.read_holidays(path)
    assert all(finding.line == 6 for finding in refusal.value.findings)
    assert any(message in finding.message for finding in refusal.value.findings)
