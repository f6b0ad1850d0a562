"""Runs of digits and what is between them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_RUN: Final = re.compile(r"[0-9]+")
# What may be inside one number: blanks, line ends and signs. Letters, money and percent signs end
# it: "12 orang, 34 %" are two numbers.
_IN_GAP: Final = frozenset(" \t\n.-/_,|:;'*~+=\\()[]{}<>\"`!?^#&")
_LONGEST_GAP: Final = 16
# Where a chain can be: looked for first, because most of a text is words.
_STRETCH: Final = re.compile(f"[0-9{re.escape(''.join(sorted(_IN_GAP)))}]+")
_SHORTEST: Final = 14  # digits

UNSEEN: Final = ""
NEWLINE: Final = "\n"
COLUMN: Final = "\t"


@dataclass(frozen=True, slots=True, repr=False)
class Chain:
    """Runs of digits with nothing but gaps between them, e.g. ``64 | 72 | 01``.

    ``gaps[i]`` names what follows run ``i`` (one fewer than runs); ``UNSEEN`` is nothing at all,
    where a tag or a zero-width character was. ``offsets[i]`` is where run ``i`` is in ``digits``.
    """

    starts: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    gaps: list[str] = field(default_factory=list)

    def digits(self, text: str) -> str:
        """Return all digits in one piece."""
        return "".join([text[a:b] for a, b in zip(self.starts, self.ends, strict=True)])


def chains(text: str, joints: Sequence[int]) -> Iterator[Chain]:
    """Yield the chains of a text with at least 14 digits; a run is cut where something unseen was
    inside it."""
    known: dict[str, str | None] = {}
    cuts = iter([*joints, len(text) + 1])
    cut = next(cuts)
    for stretch in _STRETCH.finditer(text):
        if stretch.end() - stretch.start() < _SHORTEST:
            continue
        chain = Chain()
        starts, ends, gaps = chain.starts, chain.ends, chain.gaps
        last = 0
        for match in _RUN.finditer(text, *stretch.span()):
            start, end = match.span()
            if last:
                between = text[last:start]
                gap = known[between] if between in known else _gap_kind(between, known)
                if gap is None:
                    yield chain
                    chain = Chain()
                    starts, ends, gaps = chain.starts, chain.ends, chain.gaps
                else:
                    gaps.append(gap)
            while cut < end:
                if cut > start:
                    starts.append(start)
                    ends.append(cut)
                    gaps.append(UNSEEN)
                    start = cut
                cut = next(cuts)
            starts.append(start)
            ends.append(end)
            last = end
        if chain.starts:
            yield chain


def _gap_kind(gap: str, known: dict[str, str | None]) -> str | None:
    """A comparable name for what is between two runs, or None if it separates numbers."""
    if len(gap) > _LONGEST_GAP:
        return None
    known[gap] = _named(gap)
    return known[gap]


def _named(gap: str) -> str:
    if NEWLINE in gap:
        return NEWLINE
    if gap.isspace():
        return gap if gap == " " else COLUMN  # two blanks or more are a column, as a tab is
    return gap.strip()
