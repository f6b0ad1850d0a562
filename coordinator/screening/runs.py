"""Runs of digits and what is between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from operator import sub
from typing import Final

_RUN: Final = re.compile(r"([0-9]+)")
# What may be inside one number: blanks, line ends and signs. Letters, money and percent signs end
# it: "12 orang, 34 %" are two numbers.
_IN_GAP: Final = " \t\n.-/_,|:;'*~+=\\()[]{}<>\"`!?^#&"
_WITHOUT_GAPS: Final = str.maketrans("", "", _IN_GAP)
_LONGEST_GAP: Final = 16
_SHORTEST: Final = 14  # digits
# Where a chain can be: searched first, because most of a text is words.
_STRETCH: Final = re.compile(f"[0-9][0-9{re.escape(_IN_GAP)}]{{{_SHORTEST - 1},}}")

UNSEEN: Final = ""
NEWLINE: Final = "\n"
COLUMN: Final = "\t"


@dataclass(frozen=True, slots=True, repr=False)
class Chain:
    """Runs of digits with nothing but gaps between them, e.g. ``64 | 72 | 01``.

    ``gaps[i]`` names what follows run ``i`` (one fewer than runs); ``UNSEEN`` is nothing at all,
    where a tag or a zero-width character was. ``digits`` has all digits in one piece.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    gaps: Sequence[str]
    digits: str

    def edges(self) -> dict[int, int]:
        """Return how many runs are before each place in ``digits`` where a run begins or ends."""
        lengths = map(sub, self.ends, self.starts)
        return dict(zip(accumulate(lengths, initial=0), count(), strict=False))


class _Kinds(dict[str, str | None]):
    """A comparable name for what is between two runs, or None if it separates numbers."""

    def __missing__(self, gap: str) -> str | None:
        kind = self[gap] = _named(gap) if len(gap) <= _LONGEST_GAP else None
        return kind


def chains(text: str, joints: Sequence[int]) -> Iterator[Chain]:
    """Yield the chains of a text with at least 14 digits.

    A run is split where an invisible character was inside it. A text can be one long table, so all
    runs of a stretch are taken apart at once.
    """
    kinds = _Kinds()
    for stretch in _STRETCH.finditer(text):
        begin, end = stretch.span()
        parts = _RUN.split(stretch[0])  # nothing, run, gap, run, ..., run, what is behind it
        bounds = list(accumulate(map(len, parts), initial=begin))
        starts, ends = bounds[1:-1:2], bounds[2::2]
        gaps = list(map(kinds.__getitem__, parts[2:-1:2]))
        inside = joints[bisect_right(joints, begin) : bisect_left(joints, end)] if joints else ()
        if inside:
            starts, ends, gaps = _cut(text, starts, ends, gaps, inside)
        breaks = [at for at, gap in enumerate(gaps, 1) if gap is None] if None in gaps else []
        for first, behind in pairwise((0, *breaks, len(starts))):
            digits = text[starts[first] : ends[behind - 1]].translate(_WITHOUT_GAPS)
            if len(digits) >= _SHORTEST:
                between = [gap for gap in gaps[first : behind - 1] if gap is not None]
                yield Chain(starts[first:behind], ends[first:behind], between, digits)


_Cut = tuple[list[int], list[int], list[str | None]]


def _cut(
    text: str,
    starts: list[int],
    ends: list[int],
    gaps: list[str | None],
    joints: Sequence[int],
) -> _Cut:
    """Cut the runs at the joints that have a digit on both sides."""
    cuts = [at for at in dict.fromkeys(joints) if text[at - 1].isdigit() and text[at].isdigit()]
    after = dict(zip(ends, gaps, strict=False)) | dict.fromkeys(cuts, UNSEEN)
    starts, ends = sorted([*starts, *cuts]), sorted([*ends, *cuts])
    return starts, ends, [after[end] for end in ends[:-1]]


def _named(gap: str) -> str:
    if NEWLINE in gap:
        return NEWLINE
    if gap.isspace():
        return gap if gap == " " else COLUMN  # two blanks or more are a column, as a tab is
    return gap.strip()
