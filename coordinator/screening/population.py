"""NIK and Kartu Keluarga numbers, however they are written.

The grammar: a number is 16 digits in any runs, with anything but letters, money and percent signs
between them (:mod:`.runs`). Whether such a row is a number or a table, a date, an account code is
decided by how well it fits (:mod:`.shape`), what announces it (:mod:`.labels`), what else it may
be (:mod:`.others`) and the digits next to it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from operator import sub
from typing import Final

from coordinator.screening.finding import BLOCK, WARN, Hit, Kind, Severity
from coordinator.screening.folding import FLAGS
from coordinator.screening.labels import Labels
from coordinator.screening.others import Others
from coordinator.screening.runs import NEWLINE, UNSEEN, Chain, chains
from coordinator.screening.shape import (
    DIGITS,
    REAL,
    SHAPED,
    UNFIT,
    USUAL,
    Fit,
    fit,
    is_real,
    is_rounded,
    places,
    usual_places,
)

# The groupings people use, and which of their gaps must look alike. Where the groups follow the
# parts of the number, a change of separator between parts is normal (64.72.01-550508-0001); inside
# a part it is not: 13.30-15.30 08/05/2025 is a meeting.
_NATURAL: Final[dict[tuple[int, ...], tuple[tuple[int, ...], ...]]] = {
    (4, 4, 4, 4): ((0, 1, 2),),
    (6, 6, 4): (),
    (2, 2, 2, 6, 4): ((0, 1),),
    (2, 2, 2, 2, 2, 2, 4): ((0, 1), (3, 4)),
    (6, 2, 2, 2, 4): ((1, 2),),
    (2, 4, 6, 4): (),
    (4, 2, 6, 4): (),
    (12, 4): (),
    (6, 10): (),
}
_MOST_GROUPS: Final = 7
_PARTS: Final = frozenset({2, 4, 6, 8, 10, 12})
_MONEY: Final = (1, 3, 3, 3, 3, 3)
_SINGLES: Final = (1,) * DIGITS
_PAIRS: Final = (2,) * (DIGITS // 2)  # also a row of a table whose numbers have two digits each
_SMALL_GROUP: Final = 4
_TABLE: Final = 64  # runs: so many are a table, where only what fits as usual is looked at
_BESIDE: Final = 4  # digits of an age, a row number, a year
_LIST_MARKS: Final = frozenset("\t|,;")
_NOTHING_SEEN: Final = frozenset((UNSEEN,))

_AMOUNT_AROUND: Final = (
    re.compile(r"(?<![a-z])(?:rp|idr)[. ]{0,3}\Z", FLAGS),
    re.compile(r",(?:-|00?(?![0-9]))", FLAGS),
)
# 11/18 in a spreadsheet is 0.6111111111111112, which is a well-formed NIK after the point.
# Latitudes south of the equator and longitudes of Indonesia come with up to 16 decimals too.
_DECIMAL: Final = re.compile(
    r"(?:(?<![0-9.,])0[.,]|(?<![0-9a-z.])-[0-9]{1,2}\.|(?<![0-9.])(?:9[5-9]|1[0-4][0-9])\.)\Z",
    FLAGS,
)
_DECIMAL_LENGTH: Final = 6
# Evidence is often a link to a post, whose id has 15 to 17 digits.
_POST_ID: Final = re.compile(
    r"(?:fbid=|/(?:posts|videos|photos|reel|status)/|set=[a-z]{1,4}\.)\Z", FLAGS
)
_POST_ID_LENGTH: Final = 10
# Part of a longer name, or called an id: "/p/6472...x", "?item_id=6472...".
_LINK_ID: Final = re.compile(r"(?:[a-z]|[?&;/][a-z_]{0,16}id=)\Z", FLAGS)
_LINK_ID_LENGTH: Final = 20
_LONGEST_LINK: Final = 200
# What people append to a number without a space: a date or a telephone number.
_GLUED: Final = re.compile(
    r"(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:62|0)8[1-9][0-9]{7,10})",
    FLAGS,
)
_LONGEST_GLUED: Final = 64


def population_numbers(text: str, labels: Labels, joints: Sequence[int]) -> Iterator[Hit]:
    """Yield the numbers of a text, and the rows of digits that need the user's confirmation."""
    look = _Look(text, labels)
    for chain in chains(text, joints):
        yield from look.solid(chain)
        if chain.gaps:
            yield from look.grouped(chain)


class _Look:
    """The state of one search through a text."""

    def __init__(self, text: str, labels: Labels) -> None:
        self.text = text
        self.labels = labels

    @cached_property
    def others(self) -> Others:
        """Return what else the digits may be."""
        return Others(self.text)

    # --- Numbers in one run -------------------------------------------------------------------

    def solid(self, chain: Chain) -> Iterator[Hit]:
        """Yield numbers in one run, or glued to another number. Other lengths from 17 on are
        something else: a NIP has 18."""
        for start, end in zip(chain.starts, chain.ends, strict=True):
            length = end - start
            if length < DIGITS - 2:
                continue
            if length > DIGITS:
                yield from self._glued(start, end)
            elif not _ends(_DECIMAL, self.text, start, _DECIMAL_LENGTH):
                yield from self._alone(start, end)

    def _glued(self, start: int, end: int) -> Iterator[Hit]:
        digits = self.text[start:end]
        if len(digits) % DIGITS == 0 and all(
            fit(digits, at) for at in range(0, len(digits), DIGITS)
        ):
            for at in range(start, end, DIGITS):
                yield Hit(BLOCK, Kind.NIK, at, at + DIGITS)
            return
        label = self.labels.near(start, end) or Kind.NIK
        direct = self.labels.direct(start)
        a_digit_too_many = len(digits) == DIGITS + 1
        if (
            fit(digits)
            and len(digits) <= _LONGEST_GLUED
            and ((direct and not a_digit_too_many) or _GLUED.fullmatch(digits, DIGITS))
        ):
            yield Hit(BLOCK, label, start, start + DIGITS)
        elif fit(digits, len(digits) - DIGITS) and _GLUED.fullmatch(
            digits, 0, len(digits) - DIGITS
        ):
            yield Hit(BLOCK, label, end - DIGITS, end)
        elif direct and a_digit_too_many:
            yield Hit(WARN, Kind.NIK, start, end)

    def _alone(self, start: int, end: int) -> Iterator[Hit]:
        if end - start != DIGITS:
            # Labelled as a NIK but a digit short: a typing error that may still identify a person.
            if self.labels.direct(start):
                yield Hit(WARN, Kind.NIK, start, end)
            return
        label = self.labels.near(start, end)
        if label is None and (
            _ends(_AMOUNT_AROUND[0], self.text, start, 6)
            or _ends(_POST_ID, self.text, start, _POST_ID_LENGTH)
        ):
            return
        digits = self.text[start:end]
        if label is None and fit(digits) and self._is_link_id(start, end):
            yield Hit(WARN, Kind.NIK, start, end)
        elif label is not None or fit(digits):
            yield Hit(BLOCK, label or Kind.NIK, start, end)
        elif is_rounded(digits):
            yield Hit(WARN, Kind.NIK, start, end)

    def _is_link_id(self, start: int, end: int) -> bool:
        """Return whether the digits are, or are part of, what a web address calls something by."""
        text = self.text
        scheme = text.rfind("://", max(0, start - _LONGEST_LINK), start)
        if scheme < 0 or any(map(str.isspace, text[scheme:start])):
            return False
        return text[end : end + 1].isalpha() or _ends(_LINK_ID, text, start, _LINK_ID_LENGTH)

    # --- Numbers in groups --------------------------------------------------------------------

    def grouped(self, chain: Chain) -> Iterator[Hit]:
        """Yield numbers in groups: neighbouring runs that have 16 digits together."""
        digits = chain.digits
        is_direct = self.labels.direct(chain.starts[0])
        is_table = len(chain.starts) > _TABLE
        candidates = usual_places(digits) if is_table else places(digits)
        if is_direct and (not candidates or candidates[0][0]):
            candidates.insert(0, (0, UNFIT))
        reached = -1  # the last run of the last number found
        asked: list[Hit] = []
        edges = chain.edges() if candidates else {}
        for at, found in candidates:
            first, behind = edges.get(at), edges.get(at + DIGITS)
            if first is None or behind is None or behind - first < 2 or first <= reached:
                continue
            window = _Window(self, chain, first, behind - 1, found, reached)
            severity = window.severity(at)
            if severity is BLOCK:
                reached = window.last
                yield Hit(severity, window.label or Kind.NIK, window.start, window.end)
            elif severity is WARN:
                asked.append(Hit(severity, Kind.NIK, window.start, window.end))
        yield from asked
        near_miss = len(digits) in (DIGITS - 2, DIGITS - 1, DIGITS + 1)
        if is_direct and near_miss and reached < 0:
            yield Hit(WARN, Kind.NIK, chain.starts[0], chain.ends[-1])


class _Window:
    """Neighbouring runs with 16 digits together."""

    __slots__ = (
        *("chain", "end", "ends", "first", "fit", "gaps", "goes_on_after", "goes_on_before"),
        *("kinds", "label", "last", "lengths", "look", "reached", "start", "starts"),
    )

    def __init__(
        self, look: _Look, chain: Chain, first: int, last: int, found: Fit, reached: int
    ) -> None:
        self.starts = starts = chain.starts[first : last + 1]
        self.ends = ends = chain.ends[first : last + 1]
        self.look = look
        self.chain = chain
        self.first = first
        self.last = last
        self.fit = found
        self.reached = reached
        self.start = starts[0]
        self.end = ends[-1]
        self.label = look.labels.near(self.start, self.end)
        self.lengths = tuple(map(sub, ends, starts))
        self.gaps = gaps = chain.gaps[first:last]
        self.kinds = kinds = set(gaps)
        kinds.discard(UNSEEN)
        if len(kinds) > 1 and gaps.count(NEWLINE) == 1:
            kinds.discard(NEWLINE)  # the one place where a line ended inside the number
        # Whether the chain continues in the same way.
        same = kinds or _NOTHING_SEEN
        self.goes_on_before = first > 0 and chain.gaps[first - 1] in same
        self.goes_on_after = last < len(chain.gaps) and chain.gaps[last] in same

    def severity(self, at: int) -> Severity | None:  # noqa: C901
        """Return the severity of the window that begins at digit ``at``; None to ignore it.

        A row of a table may have sixteen digits by chance, so they are weak evidence: the less they
        fit, the stricter the rules for how they are grouped.
        """
        if self.fit < USUAL and self.label is None and self._is_of_a_table():
            return None
        is_direct = self.label is not None and self.look.labels.direct(self.start)
        if self.fit is UNFIT and not is_direct:
            return None
        lengths = self.lengths
        is_open = self._is_open(at)
        if is_direct and not self._is_time():
            if self.fit or (not is_open and lengths != _MONEY):
                return BLOCK
            return None
        if self.fit is UNFIT:
            return None
        if is_open:
            return self._in_a_series()
        if not self.kinds and self.fit:  # nothing visible between the digits
            return BLOCK
        if self.lengths == _PAIRS and self.label is None and self._is_row():
            return WARN if self.fit is USUAL else None
        if self.look.others.explain_any and (
            self._is_time() or (self.label is None and self._is_something_else())
        ):
            return self._amount() if lengths == _MONEY else None
        if self._is_habit() or self.label is not None:
            return BLOCK
        if self.fit is not USUAL:
            return None
        # An unusual grouping, but any reader still sees one number.
        if (self._is_row() and not self._is_padded()) or self._has_date():
            return WARN
        return BLOCK

    def _runs(self) -> list[tuple[int, int]]:
        return list(zip(self.starts, self.ends, strict=True))

    def _begins_with_0(self, shortest: int) -> bool:
        """Return whether a group begins with 0, except the first and those with fewer digits."""
        text, starts, lengths = self.look.text, self.starts, self.lengths
        for run in range(1, len(starts)):  # mostly one of the first, which `any` is slow for
            if text[starts[run]] == "0" and lengths[run] >= shortest:
                return True
        return False

    def _is_padded(self) -> bool:
        """Return whether a group begins with 0: parts of a NIK do, numbers in a table do not."""
        return self._begins_with_0(1 if self.lengths == _SINGLES else 2)

    def _is_row(self) -> bool:
        """Return whether the digits look like a row of numbers."""
        return self.kinds == {" "} or self._is_listed()

    def _is_listed(self) -> bool:
        """Return whether the gaps are those of cells of a table or items of a list."""
        return not _LIST_MARKS.isdisjoint("".join(self.kinds)) or (
            self.kinds == {NEWLINE} and len(self.gaps) > 1
        )

    # --- What is next to it -------------------------------------------------------------------

    def _is_of_a_table(self) -> bool:
        """Return whether runs that fit except for an impossible serial belong to a longer row of
        small numbers, or are separated in more ways than people group a number."""
        gaps, kind = self.gaps, self.gaps[0]
        if gaps.count(kind) < len(gaps):  # more than one kind of gap
            return self.lengths not in _NATURAL and len({*gaps} - {UNSEEN, NEWLINE}) > 1
        around, first, last = self.chain.gaps, self.first, self.last
        goes_on = (last < len(around) and around[last] == kind) or (
            first > 1 and around[first - 1] == kind and self.reached != first - 1
        )
        if not goes_on:
            return False
        return len(gaps) >= _MOST_GROUPS or (self._is_small() and not self._begins_with_0(1))

    def _is_open(self, at: int) -> bool:
        """Return whether the chain continues in the same way, so that this is part of a series."""
        return (self.goes_on_before and not self._knows_before()) or (
            self.goes_on_after and not self._knows_after(at + DIGITS)
        )

    def _knows_before(self) -> bool:
        chain, before = self.chain, self.first - 1
        if before == self.reached:  # another number
            return True
        length = chain.ends[before] - chain.starts[before]
        if length == DIGITS or (before == 0 and length < _BESIDE):  # an age, the row's number
            return True
        return self.look.others.is_beside(chain.ends[before], None)

    def _knows_after(self, at: int) -> bool:
        chain, after = self.chain, self.last + 1
        if after == len(chain.starts) - 1 and chain.ends[after] - chain.starts[after] <= _BESIDE:
            return True
        return is_real(chain.digits, at) or self.look.others.is_beside(None, chain.starts[after])

    def _in_a_series(self) -> Severity | None:
        if len(self.lengths) > _MOST_GROUPS or self.fit is SHAPED:
            return None
        padded = self._is_padded()
        if (
            self.lengths in _NATURAL
            and self._is_alike()
            and not self._is_listed()
            and (padded or not self._is_small())
        ):
            return BLOCK
        if padded and self.fit is USUAL and not self._is_something_else():
            return WARN
        return None

    # --- What else it may be ------------------------------------------------------------------

    def _is_time(self) -> bool:
        return self._has_date() and self.look.others.is_time(self._runs())

    def _has_date(self) -> bool:
        return self.look.others.dates.meets(self.start, self.end)

    def _is_something_else(self) -> bool:
        return self.look.others.is_explained(self._runs())

    def _amount(self) -> Severity | None:
        """Warn about an amount of quadrillions without Rp: no budget is that large."""
        before, after = _AMOUNT_AROUND
        text = self.look.text
        if self.fit < REAL or _ends(before, text, self.start, 6):
            return None
        return None if after.match(text, self.end) else WARN

    # --- How it is grouped --------------------------------------------------------------------

    def _is_alike(self) -> bool:
        return len(self.kinds) < 2 or all(
            len({self.gaps[i] for i in same if self.gaps[i] not in (NEWLINE, UNSEEN)}) <= 1
            for same in _NATURAL[self.lengths]
        )

    def _is_small(self) -> bool:
        """Return whether the digits look like a row of counts."""
        return self.kinds == {" "} and max(self.lengths) <= _SMALL_GROUP

    def _is_habit(self) -> bool:
        """Return whether the digits are grouped as people group them, in one way throughout."""
        if self._is_listed() and not (len(self.kinds) == 1 and self._is_padded()):
            return False
        if self.lengths in _NATURAL and self._is_alike():
            goes_on = self.goes_on_before or self.goes_on_after
            return not (goes_on and self._is_small() and not self._is_padded())
        if len(self.kinds) > 1 or (self.fit < REAL and self.label is None):
            return False
        if self.lengths == _SINGLES:  # one digit per box of a form
            return True
        if self.lengths == _MONEY or self._has_date():
            return False
        # A half province code in front ("1.3.2.05...") is an account or asset code, not a habit.
        if min(self.lengths[:-1]) < 2 or (len(self.lengths) == 2 and self.lengths[1] < 2):
            return False
        # Three and more numbers with blanks between are mostly just that, unless they are parts.
        is_table = len(self.lengths) > 2 and (self._is_listed() or self.kinds == {" "})
        return not is_table or _PARTS.issuperset(accumulate(self.lengths[:-1]))


def _ends(pattern: re.Pattern[str], text: str, end: int, length: int) -> bool:
    """Return whether the text before ``end`` ends with the pattern."""
    return pattern.search(text, max(0, end - length), end) is not None
