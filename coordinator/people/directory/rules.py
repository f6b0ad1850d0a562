"""Kinds of task forces and agencies; working days. Pure."""

import re
from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum, auto


class TaskForceLevel(StrEnum):
    """The government a task force belongs to."""

    PROVINCE = auto()
    REGENCY = auto()
    CITY = auto()


class TaskForceState(StrEnum):
    """How far a task force is with its own mapping."""

    NOT_STARTED = auto()
    DRAFTING = auto()
    ACTIVE = auto()


class AgencyKind(StrEnum):
    """Kinds of members; legal proper terms stay Indonesian."""

    PERANGKAT_DAERAH = auto()
    INSTANSI_VERTIKAL = auto()
    PENEGAK_HUKUM = auto()
    PENGADILAN = auto()
    TNI = auto()
    LEMBAGA = auto()
    MASYARAKAT = auto()


class HolidayKind(StrEnum):
    """National holiday, or joint leave (cuti bersama)."""

    NATIONAL = auto()
    JOINT_LEAVE = auto()


HEADING_LINES = 3
LEVEL_WORDS = {
    TaskForceLevel.PROVINCE: "Provinsi",
    TaskForceLevel.REGENCY: "Kabupaten",
    TaskForceLevel.CITY: "Kota",
}
CODE = re.compile(r"[1-9][0-9](?:\.(?P<below>[0-9]{2}))?", re.ASCII)
FIRST_CITY = 71  # Kemendagri numbers kabupaten from 01 and kota from 71


def level_of_code(code: str) -> TaskForceLevel | None:
    """Return the level of a Kemendagri code, or None if it is not one.

    "64" is a province's, "64.01" a kabupaten's, "64.71" a kota's. Source: Kepmendagri on codes of
    administrative regions.
    """
    found = CODE.fullmatch(code)
    if found is None or found["below"] == "00":
        return None
    if found["below"] is None:
        return TaskForceLevel.PROVINCE
    return TaskForceLevel.CITY if int(found["below"]) >= FIRST_CITY else TaskForceLevel.REGENCY


def parent_code(code: str) -> str | None:
    """Return the code of the province that a kabupaten/kota's code names; None for a province."""
    return code.partition(".")[0] if "." in code else None


def region_name(typed: str, level: TaskForceLevel) -> str:
    """Return a region's name with the word for its level once: "Kota Banjarmasin"."""
    word = LEVEL_WORDS[level]
    parts = typed.split()
    if parts and parts[0].casefold() == word.casefold():
        parts = parts[1:]
    return " ".join([word, *parts])


def short_region(region: str) -> str:
    """Return a region's name without the word for its level: "Kalimantan Timur"."""
    return region.removeprefix("Provinsi ").removeprefix("Kabupaten ")


def usual_heading(region: str) -> tuple[str, ...]:
    """Return the letterhead that follows from a region's name ("Provinsi Kalimantan Timur")."""
    return (
        f"Pemerintah {region}",
        "Gugus Tugas Pencegahan dan Penanganan",
        "Tindak Pidana Perdagangan Orang",
    )


def is_working_day(day: date, days_off: Collection[date]) -> bool:
    """Return whether `day` is Monday to Friday and not in `days_off` (holidays, cuti bersama)."""
    return day.weekday() < 5 and day not in days_off


def working_day_on_or_before(day: date, days_off: Collection[date]) -> date:
    """Return `day`, or the last working day before it."""
    while not is_working_day(day, days_off):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date, days_off: Collection[date]) -> date:
    """Return `day`, or the first working day after it."""
    while not is_working_day(day, days_off):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, days_off: Collection[date]) -> date:
    """Return the `count`-th working day after `day` ("N hari kerja"); `count` is at least 1."""
    for _ in range(count):
        day = working_day_on_or_after(day + timedelta(days=1), days_off)
    return day


def working_days_between(start: date, end: date, days_off: Collection[date]) -> int:
    """Count the working days after `start` up to and including `end`; 0 if `end` is earlier."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, days_off) for day in days)
