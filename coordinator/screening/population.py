"""NIK and Kartu Keluarga numbers, in whatever spelling."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import FLAGS

_DIGITS: Final = 16

# Province, kabupaten/kota, kecamatan, day (women + 40), month, year, serial from 0001. A family
# card number has the same shape, with the day of issue and never + 40. The province list is that
# of Kemendagri, the number is for life: codes that moved to a younger province stay in use.
# A person's NPWP has been the NIK since 2024. It is blocked like one, whatever it is called: the
# secret is the same. An organisation's 16-digit NPWP begins with 0 and does not fit.
_PROVINCE: Final = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_BIRTH: Final = r"(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{2}"
_SHAPE: Final = re.compile(
    _PROVINCE + r"(?!00)[0-9]{2}(?!00)[0-9]{2}" + _BIRTH + r"(?!0000)[0-9]{4}"
)
# Kabupaten are numbered from 01 and kota from 71; no province has come near 40 or 80. Asked for
# where the digits alone are weaker evidence, it halves what chance alone would flag.
_REAL_REGENCY: Final = re.compile(r"[0-9]{2}(?:0[1-9]|[123][0-9]|7[1-9])")
# A spreadsheet keeps 15 digits of a number: the NIK ...0001 comes back as ...0000.
_ROUNDED_BY_EXCEL: Final = re.compile(_PROVINCE + r"(?!00)[0-9]{2}(?!00)[0-9]{2}" + _BIRTH + "0000")

_RUN: Final = re.compile(r"[0-9]+")
# Between two runs of one number: blanks, at most two marks, then perhaps the rest of a line break.
_MARKS: Final = ".-/_,|:;'*~+=\\"
_GAP: Final = re.compile(r"[ \t]{0,12}[.\-/_,|:;'*~+=\\]{0,2}[ \t\n]{0,14}")
_LONGEST_GAP: Final = 16

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
_PARTS: Final = frozenset({2, 4, 6, 8, 10, 12})
_MONEY: Final = (1, 3, 3, 3, 3, 3)
_SINGLES: Final = (1,) * _DIGITS
_ROW_NUMBER: Final = 3
_SMALL_GROUP: Final = 4
_LIST_MARKS: Final = frozenset("\t|,;")
_NEWLINE: Final = "\n"

_DATE_FIRST: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_DATE_GROUPS: Final = re.compile(
    r"(?:^| )(?:(?:0[1-9]|[12][0-9]|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12][0-9]|3[01]))(?= |$)"
)

# "150 KK" counts households (kepala keluarga); it does not announce a family card.
_LABEL: Final = re.compile(
    r"(?<![a-z])(?:(?P<nik>nik|nomor induk kependudukan|(?:e-?)?ktp|kartu tanda penduduk)"
    r"|(?P<kk>(?<![0-9])(?<![0-9] )kk|kartu keluarga))(?![a-z])",
    FLAGS,
)
_LABEL_BEFORE: Final = 40
_LABEL_AFTER: Final = 16
# "NIK: ", "NIK korban = ", "ktp-el no. ", "NIK_" and nothing else between label and number.
_DIRECT: Final = re.compile(
    r"[ .:=#\-_\"'(\[\n\t|]{0,6}"
    r"(?:(?:el|no|nomor|korban|saksi|anak|ibu|ayah|pelapor|ybs|adalah)[ .:=#\-_(]{1,4}){0,3}",
    FLAGS,
)
_DIRECT_LENGTH: Final = 30
_RUPIAH: Final = re.compile(r"(?<![a-z])(?:rp|idr)[. ]{0,3}\Z", FLAGS)
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


class _Labels:
    """The places of the words NIK, KTP, KK and their long forms, for questions about distance."""

    __slots__ = ("_ends", "_kinds", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._ends = array("Q"), array("Q")
        self._kinds: list[Kind] = []
        for match in _LABEL.finditer(text):
            self._starts.append(match.start())
            self._ends.append(match.end())
            self._kinds.append(Kind.KK if match["kk"] else Kind.NIK)

    def near(self, start: int, end: int) -> Kind | None:
        """The kind of the closest label before the span, else shortly after it, else None."""
        before = bisect_right(self._ends, start) - 1
        if before >= 0 and start - self._ends[before] <= _LABEL_BEFORE:
            return self._kinds[before]
        after = bisect_left(self._starts, end)
        if after < len(self._starts) and self._starts[after] - end <= _LABEL_AFTER:
            return self._kinds[after]
        return None

    def direct(self, start: int) -> bool:
        """Whether a label stands right before ``start``."""
        before = bisect_right(self._ends, start) - 1
        if before < 0 or start - self._ends[before] > _DIRECT_LENGTH:
            return False
        return _DIRECT.fullmatch(self._text, self._ends[before], start) is not None


@dataclass(frozen=True, slots=True, repr=False)
class _Chain:
    """Runs of digits with nothing but separators between them, e.g. ``64 | 72 | 01``."""

    starts: array[int]
    ends: array[int]
    gaps: list[str]  # gaps[i] follows run i; one fewer than runs


def _chains(text: str) -> Iterator[_Chain]:
    starts, ends = array("Q"), array("Q")
    gaps: list[str] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if starts:
            gap = _gap_kind(text, ends[-1], start)
            if gap is None:
                yield _Chain(starts, ends, gaps)
                starts, ends, gaps = array("Q"), array("Q"), []
            else:
                gaps.append(gap)
        starts.append(start)
        ends.append(end)
    if starts:
        yield _Chain(starts, ends, gaps)


def _gap_kind(text: str, start: int, end: int) -> str | None:
    """A comparable name for the separator between two runs, or None if it separates numbers."""
    if end - start == 1:
        gap = text[start]
        return gap if gap in " \t\n" or gap in _MARKS else None
    if end - start > _LONGEST_GAP or not _GAP.fullmatch(text, start, end):
        return None
    gap = text[start:end]
    if _NEWLINE in gap:
        return _NEWLINE
    return "\t" if "  " in gap else gap  # two blanks or more are a column, as a tab is


def population_numbers(text: str) -> Iterator[Hit]:
    labels = _Labels(text)
    for chain in _chains(text):
        yield from _solid_numbers(text, chain, labels)
        yield from _grouped_numbers(text, chain, labels)


def _solid_numbers(text: str, chain: _Chain, labels: _Labels) -> Iterator[Hit]:
    """Numbers written in one run, or two glued together. Other lengths from 17 on are something
    else: a NIP has 18."""
    for start, end in zip(chain.starts, chain.ends, strict=True):
        length = end - start
        middle = start + _DIGITS
        if length == 2 * _DIGITS and all(_SHAPE.match(text, at) for at in (start, middle)):
            yield Hit(Severity.BLOCK, Kind.NIK, start, middle)
            yield Hit(Severity.BLOCK, Kind.NIK, middle, end)
            continue
        if not _DIGITS - 2 <= length <= _DIGITS + 1:
            continue
        if _DECIMAL.search(text, max(0, start - _DECIMAL_LENGTH), start):
            continue
        if length != _DIGITS:
            # Labelled as a NIK and a digit short or long: a slip, but perhaps still a person.
            if labels.direct(start):
                yield Hit(Severity.WARN, Kind.NIK, start, end)
            continue
        label = labels.near(start, end)
        if label is None and (
            _RUPIAH.search(text, max(0, start - 6), start)
            or _POST_ID.search(text, max(0, start - _POST_ID_LENGTH), start)
        ):
            continue
        if label is not None or _SHAPE.match(text, start, end):
            yield Hit(Severity.BLOCK, label or Kind.NIK, start, end)
        elif _ROUNDED_BY_EXCEL.match(text, start, end) and _REAL_REGENCY.match(text, start):
            yield Hit(Severity.WARN, Kind.NIK, start, end)


def _grouped_numbers(text: str, chain: _Chain, labels: _Labels) -> Iterator[Hit]:
    """Numbers written in groups: each window of neighbouring runs that has 16 digits, once."""
    if not chain.gaps:
        return
    runs = zip(chain.starts, chain.ends, strict=True)
    digits = "".join([text[start:end] for start, end in runs])
    first = total = passed = 0
    for last in range(len(chain.starts)):
        total += chain.ends[last] - chain.starts[last]
        while total > _DIGITS:
            length = chain.ends[first] - chain.starts[first]
            total -= length
            passed += length
            first += 1
        if total < _DIGITS or first == last:
            continue
        start, end = chain.starts[first], chain.ends[last]
        label = labels.near(start, end)
        shaped = _SHAPE.match(digits, passed) is not None
        if (shaped or label is not None) and _is_number(text, chain, first, last, shaped, labels):
            yield Hit(Severity.BLOCK, label or Kind.NIK, start, end)


def _is_number(
    text: str, chain: _Chain, first: int, last: int, shaped: bool, labels: _Labels
) -> bool:
    """Whether runs ``first`` to ``last``, 16 digits together, are one NIK or family card number.

    Sixteen digits in a row are little evidence where a row of a table has them by chance, so the
    more freely they are grouped, the more is asked: the shape, one kind of separator, and no
    neighbour that continues the same series.
    """
    start = chain.starts[first]
    groups = [text[chain.starts[i] : chain.ends[i]] for i in range(first, last + 1)]
    lengths = tuple(len(group) for group in groups)
    real = shaped and _REAL_REGENCY.match("".join(groups)) is not None
    labelled = labels.near(start, chain.ends[last]) is not None
    gaps = chain.gaps[first:last]
    kinds = set(gaps)
    if len(kinds) > 1 and gaps.count(_NEWLINE) == 1:
        kinds.discard(_NEWLINE)  # the one place where a line ended inside the number
    before = chain.gaps[first - 1] if first else None
    after = chain.gaps[last] if last < len(chain.gaps) else None
    # A table row begins with its own number: "1 6472 ...".
    counted = first == 1 and chain.ends[0] - chain.starts[0] <= _ROW_NUMBER
    if counted and (len(groups) == 2 or lengths == _SINGLES):
        before = None
    alone = before not in kinds and after not in kinds
    uniform = len(kinds) == 1

    # Cells of a table or items of a list. Numbers have no leading zeros there, parts of a NIK do:
    # of month and serial one nearly always begins with 0.
    padded = any(group[0] == "0" for group in groups[1:])
    listed = any(_LIST_MARKS & set(kind) for kind in kinds) or (
        kinds == {_NEWLINE} and len(gaps) > 1
    )
    if listed and not (uniform and padded):
        return False

    if shaped and lengths in _NATURAL:
        alike = all(
            len({gaps[i] for i in same if gaps[i] != _NEWLINE}) <= 1 for same in _NATURAL[lengths]
        )
        small = kinds == {" "} and max(lengths) <= _SMALL_GROUP  # a row of counts, unless padded
        if alike and (alone or (real and not listed and (padded or not small))):
            return True
    if lengths == _SINGLES:  # one digit per box of a form; longer rows of single digits are counts
        return uniform and alone and (real or labelled)
    if _has_date(groups):
        return False
    if labelled and labels.direct(start) and after not in kinds:
        return shaped or lengths != _MONEY
    if lengths == _MONEY:
        return False
    # A half province code in front ("1.3.2.05...") is an account or asset code, not a habit.
    if min(lengths[:-1]) < 2 or (len(lengths) == 2 and lengths[1] < 2):
        return False
    # Three and more numbers with blanks between are mostly just that, unless they are its parts.
    if len(lengths) > 2 and (listed or kinds == {" "}) and not _PARTS.issuperset(_cuts(lengths)):
        return False
    return uniform and alone and (real or labelled)


def _cuts(lengths: tuple[int, ...]) -> Iterator[int]:
    """Where the groups end, counted in digits, but for the last."""
    return accumulate(lengths[:-1])


def _has_date(groups: list[str]) -> bool:
    """Whether some groups are a date: 08 05 2025, 20250508 or, with the time, 20250508133000."""
    if any(len(group) in (8, 14) and _DATE_FIRST.match(group) for group in groups[1:]):
        return True
    return _DATE_GROUPS.search(" ".join(groups)) is not None


# Letters that typists and text recognition put for 0 and 1, in words that are otherwise digits.
_CONFUSED: Final = re.compile(
    r"(?:(?<![0-9a-z])|(?<=nik)|(?<=ktp)|(?<=kk))(?=[oil]{0,15}[0-9])[0-9oil]{2,16}(?![0-9a-z])",
    FLAGS,
)
_CONFUSIONS: Final = str.maketrans("OoIiLl", "001111")
_FEWEST_TRUE_DIGITS: Final = 9


def confused_population_numbers(text: str) -> Iterator[Hit]:
    """Numbers with O for 0 or l for 1; the digits that are left must still be most of it."""

    def repair(match: re.Match[str]) -> str:
        return match[0].translate(_CONFUSIONS)

    repaired = _CONFUSED.sub(repair, text)
    if repaired == text:
        return
    for hit in population_numbers(repaired):
        true_digits = sum(char.isdigit() for char in text[hit.start : hit.end])
        if hit.severity is Severity.BLOCK and true_digits >= _FEWEST_TRUE_DIGITS:
            yield hit
