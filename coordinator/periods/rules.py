"""Words of periods, the presets of a year, and what a window is worth. Pure."""

import calendar
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from coordinator.people.directory.rules import working_day_on_or_after, working_days_between

SHORT_WINDOW = 14  # days; a shorter window leaves no room for the first reminder (H-14)
MONTHS_IN_YEAR = 12
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ONE_DAY = timedelta(days=1)


class Preset(StrEnum):
    """The usual ways to divide a reporting year. B03 to B12 are the months of e-monev reporting."""

    B_MONTHS = auto()
    QUARTERS = auto()
    SEMESTERS = auto()
    MONTHLY = auto()


class PeriodState(StrEnum):
    """Where a period is. `PAST` may still be reported (late); `CLOSED` may not."""

    PLANNED = auto()
    OPEN = auto()
    PAST = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a year and what it is called."""

    label: str
    covers_from: date
    covers_until: date


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, in which a period is reported in time."""

    opens_on: date
    closes_on: date

    @property
    def days(self) -> int:
        """How many days the window is open."""
        return (self.closes_on - self.opens_on).days + 1

    @property
    def is_short(self) -> bool:
        """True where there are under 14 days to report in."""
        return self.days < SHORT_WINDOW

    def working_days(self, days_off: Collection[date]) -> int:
        """Return how many working days the window has."""
        return working_days_between(self.opens_on - ONE_DAY, self.closes_on, days_off)


def preset_spans(preset: Preset, year: int) -> list[Span]:
    """Return the parts of a year, in order: together they are the year, without gap or overlap."""
    parts = {
        Preset.B_MONTHS: [f"B{month:02d}" for month in (3, 6, 9, 12)],
        Preset.QUARTERS: [f"Triwulan {numeral}" for numeral in ("I", "II", "III", "IV")],
        Preset.SEMESTERS: [f"Semester {numeral}" for numeral in ("I", "II")],
        Preset.MONTHLY: list(MONTHS),
    }[preset]
    length = MONTHS_IN_YEAR // len(parts)
    return [
        Span(
            label,
            date(year, number * length + 1, 1),
            _month_end(year, (number + 1) * length),
        )
        for number, label in enumerate(parts)
    ]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def usual_window(covers_until: date, days_off: Collection[date]) -> Window:
    """Return the proposed window for a span.

    It opens on the first working day after the span and closes 14 days later, or on the first
    working day after that.
    """
    opens_on = working_day_on_or_after(covers_until + ONE_DAY, days_off)
    return Window(
        opens_on, working_day_on_or_after(opens_on + timedelta(days=SHORT_WINDOW), days_off)
    )


def place_in_year(covers_from: date, covers_until: date) -> tuple[int, int]:
    """Return which part of the year a span is: (position, periods in the year).

    Cumulative targets are divided by it, so it depends on the days alone: a span that is as long as
    a quarter and ends in September is the third of four, regardless of its name.
    """
    days = (covers_until - covers_from).days + 1
    months = min(max(round(days * MONTHS_IN_YEAR / 365), 1), MONTHS_IN_YEAR)
    parts = max(round(MONTHS_IN_YEAR / months), 1)
    return min(max(math.ceil(covers_until.month / months), 1), parts), parts


def gaps(year: int, spans: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the parts of a year that no span covers."""
    found = []
    expected, last = date(year, 1, 1), date(year, 12, 31)
    for start, end in sorted(spans):
        if expected < start <= last:
            found.append((expected, start - ONE_DAY))
        if start <= last:
            expected = max(expected, end + ONE_DAY)
    if expected <= last:
        found.append((expected, last))
    return found


def state_of(*, is_opened: bool, is_closed: bool, closes_on: date, on: date) -> PeriodState:
    """Return where a period is on the day `on`."""
    if not is_opened:
        return PeriodState.PLANNED
    if is_closed:
        return PeriodState.CLOSED
    return PeriodState.OPEN if closes_on >= on else PeriodState.PAST


def is_name_typed(typed: str, title: str) -> bool:
    """Return whether somebody typed a period's name: exactly, apart from spaces around it."""
    return " ".join(typed.split()) == title
