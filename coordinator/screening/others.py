"""What else a row of digits may be: a date, an amount, an account code, a telephone, a place."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from coordinator.screening.folding import FLAGS

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = r"(?=[0-9]{1,2}+[.:])(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9](?:[.:][0-5][0-9])?"
_BEGIN: Final = r"(?<![0-9])"
_END: Final = r"(?![0-9])"
_DATES: Final = re.compile(
    rf"{_BEGIN}(?:(?=[0-9]{{1,2}}+[ .\-/_]){_DAY}(?P<a>[ .\-/_]){_MONTH}(?P=a){_YEAR}"
    rf"|{_YEAR}(?P<b>[ .\-/_]){_MONTH}(?P=b){_DAY}"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9])?"
    rf"|(?=[0-9]{{8}})(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_YEAR}){_END}",
    FLAGS,
)
_CLOCKS: Final = re.compile(
    rf"{_BEGIN}(?:{_CLOCK}|(?:[01][0-9]|2[0-3])(?P<c>[ \-]|)[0-5][0-9](?P=c)[0-5][0-9]){_END}",
    FLAGS,
)
_YEARS: Final = re.compile(rf"(?:19|20)(?<![0-9]..)[0-9]{{2}}{_END}", FLAGS)
_AMOUNTS: Final = re.compile(
    rf"[1-9](?<![0-9.,].)[0-9]{{0,2}}+(?:(?:\.[0-9]{{3}}){{2,8}}|(?:,[0-9]{{3}}){{2,8}}){_END}",
    FLAGS,
)
# The codes of Permendagri 90/2019 (programme, account, unit) and of regional assets.
_ACCOUNTS: Final = re.compile(
    r"[0-9]\.(?<![0-9.]..)(?:[0-9]{2}\.[0-9]{2}\.[0-9](?:\.[0-9]{2}(?:\.[0-9]{4})?)?"
    r"|[0-9]\.[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?"
    r"|[0-9]\.[0-9]\.[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{3}(?:\.[0-9]{4})?"
    r"|[0-9]{2}\.[0-9]\.[0-9]{2}\.[0-9]\.[0-9]{2}\.[0-9]{2}(?:\.[0-9]{4})?"
    rf"|[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{3}}(?:\.[0-9]{{3,6}})?){_END}",
    FLAGS,
)
# Latitudes and longitudes of Indonesia, in a pair or a longitude alone.
_PLACES: Final = re.compile(
    r"[0-9](?<![0-9.].)(?=[0-9]{0,2}+[.,])"
    r"(?:(?:(?<=1)[0-9])?[.,][0-9]{4,16}[,;/ ]{1,3}(?:9[5-9]|1[0-4][0-9])[.,][0-9]{4,16}"
    rf"|(?:(?<=9)[5-9]|(?<=1)[0-4][0-9])[.,][0-9]{{5,16}}){_END}",
    FLAGS,
)
_PHONES: Final = re.compile(
    r"(?:62(?<![0-9]62)[ .\-/]{0,3}|0(?<![0-9]0))8[1-9](?:[ .\-/]{0,3}[0-9]){7,10}(?![0-9])",
    FLAGS,
)
_ROW_NUMBER: Final = 3  # digits


class Spans:
    """Ordered spans without overlaps, for questions about a place."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts, self._ends = array("Q"), array("Q")
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                continue
            self._starts.append(start)
            self._ends.append(end)

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._starts)

    def is_in(self, start: int, end: int) -> bool:
        """Return whether one of the spans holds this one."""
        if not self._starts:
            return False
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._ends[at] >= end

    def meets(self, start: int, end: int) -> bool:
        """Return whether one of the spans is inside this one."""
        if not self._starts:
            return False
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._ends[at] <= end

    def begins(self, start: int) -> bool:
        """Return whether a span begins here."""
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] == start

    def ends(self, end: int) -> bool:
        """Return whether a span ends here."""
        at = bisect_left(self._ends, end)
        return at < len(self._ends) and self._ends[at] == end


class Others:
    """What the runs of a text are if they are no NIK; computed once, on first use."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.dates = self._all(_DATES)
        self.clocks = self._all(_CLOCKS)
        self.years = self._all(_YEARS)
        self.amounts = self._all(_AMOUNTS)
        self.accounts = self._all(_ACCOUNTS)
        self.places = self._all(_PLACES)
        kinds = (self.amounts, self.accounts, self.places, self.dates, self.clocks, self.years)
        self._kinds = [spans for spans in kinds if spans]
        self.explain_any = bool(self._kinds)

    @cached_property
    def phones(self) -> Spans:
        """Return telephone numbers: they explain no runs, so most texts never need them."""
        return self._all(_PHONES)

    def _all(self, pattern: re.Pattern[str]) -> Spans:
        return Spans(match.span() for match in pattern.finditer(self._text))

    def is_time(self, runs: list[tuple[int, int]]) -> bool:
        """Return whether the runs are dates and times, or a short number before: 12_20250508."""
        if not self.dates.meets(runs[0][0], runs[-1][1]):
            return False
        if runs[0][1] - runs[0][0] <= _ROW_NUMBER and not self._any_time(*runs[0]):
            runs = runs[1:]
        return all(self._any_time(*run) for run in runs)

    def _any_time(self, start: int, end: int) -> bool:
        return any(spans.is_in(start, end) for spans in (self.dates, self.clocks, self.years))

    def is_explained(self, runs: list[tuple[int, int]]) -> bool:
        """Return whether every run is part of an amount, account code, coordinate or date."""
        return self.explain_any and all(
            any(spans.is_in(*run) for spans in self._kinds) for run in runs
        )

    def is_beside(self, before: int | None, after: int | None) -> bool:
        """Return whether a date or a telephone number ends at ``before`` or begins at ``after``."""
        return any(
            (before is not None and spans.ends(before))
            or (after is not None and spans.begins(after))
            for spans in (self.dates, self.phones)
        )
