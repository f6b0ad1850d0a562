"""Finds what could tell who a victim or witness is, in any text before it is kept.

UU 21/2007 Pasal 44 gives witnesses and victims the right to secrecy of their identity; Pasal 24
punishes whoever tells it. This product coordinates agencies and needs no victim's data at all, so
free text, file names and text taken out of files pass through :func:`findings` before a save:

* ``block``: a NIK (population number) or Kartu Keluarga (family card) number. The save is refused.
* ``warn``: a phone number, "korban berinisial ...", a victim's name or address, a police or court
  case number. The person is asked before the save goes on.

A finding says *where* and *what kind*, never *what*: it has no matched text, so that neither a log
line, a repr in an error report nor a stored row can repeat the secret. Nothing here logs.

The work is linear in the length of the text. Every quantifier in the patterns below is bounded,
except the one that takes a whole run of digits, and each window of digit runs is looked at once.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

__all__ = ["Finding", "Kind", "Severity", "blocks", "findings"]


class Severity(StrEnum):
    """What the caller does: refuse the save, or ask the person first."""

    BLOCK = "block"
    WARN = "warn"


class Kind(StrEnum):
    """What was found. ``NIK`` with ``WARN`` is a labelled number with a digit lost or added."""

    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    INITIALS = "initials"
    IDENTITY = "identity"
    CASE_NUMBER = "case_number"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text; on purpose without the text itself.

    ``start`` and ``end`` are a half-open span in code points of the original text, also where that
    holds full-width digits, zero-width characters or ``%20``.
    """

    severity: Severity
    kind: Kind
    start: int
    end: int


def findings(text: str) -> list[Finding]:
    """Return every finding in ``text``, ordered by ``start`` and without overlaps.

    Where two findings overlap, a block wins over a warning, then the earlier over the later one.
    Pure: no logging, no state, no exception for any ``str`` (lone surrogates included).
    Legal basis: UU 21/2007 Pasal 24 and 44.
    """
    folded = _fold(text)
    hits = list(_population_numbers(folded.text))
    hits += _confused_population_numbers(folded.text)
    hits += _phones(folded.text)
    hits += _identities(folded.text)
    hits += _case_numbers(folded.text)
    return [folded.finding(hit) for hit in _without_overlaps(hits)]


def blocks(text: str) -> bool:
    """Whether ``text`` holds a NIK or Kartu Keluarga number, so that a save must be refused."""
    return any(found.severity is Severity.BLOCK for found in findings(text))


# --- Folding: one plain spelling, with the way back to the original -------------------------------

# Characters that people, keyboards and PDF extraction put between digits, and NFKC leaves alone.
_FOLD_EXTRA: Final = {
    "\u2212": "-",  # minus sign
    "\u2043": "-",  # hyphen bullet
    "\u00b7": ".",  # middle dot
    "\u2022": ".",  # bullet
    "\u30fb": ".",  # katakana middle dot
    "\u3002": ".",  # ideographic full stop
    "\u2044": "/",  # fraction slash
    "\u2800": " ",  # blank braille pattern
    "\u115f": "",  # the Hangul fillers are letters to Unicode and invisible to people
    "\u1160": "",
    "\u3164": "",
    "\uffa0": "",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
}
# C0 controls one for one: line ends become "\n", the rest (NUL from a bad extraction) a space.
_FOLD_ASCII: Final = {
    **{code: " " for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A)},
    **dict.fromkeys((0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E), "\n"),
}
# Browsers save "ktp 6472....jpg" as "ktp%206472....jpg": undecoded, the 20 would glue to the NIK.
_PERCENT: Final = {
    "%20": " ",
    "%09": "\t",
    "%0A": "\n",
    "%0D": "\n",
    "%2C": ",",
    "%2D": "-",
    "%2E": ".",
    "%2F": "/",
    "%3A": ":",
    "%5F": "_",
    "%7C": "|",
}
# The longest NFKC expansion of one character is 18; none that long has a digit to look for.
_LONGEST_EXPANSION: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class _Hit:
    """A finding in folded positions."""

    severity: Severity
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class _Folded:
    """The folded text; ``starts[i]``, ``ends[i]`` bound the original of its character ``i``."""

    text: str
    starts: array[int] | None
    ends: array[int] | None

    def finding(self, hit: _Hit) -> Finding:
        if self.starts is None or self.ends is None:
            return Finding(hit.severity, hit.kind, hit.start, hit.end)
        return Finding(hit.severity, hit.kind, self.starts[hit.start], self.ends[hit.end - 1])


def _fold(text: str) -> _Folded:
    """Fold to ASCII digits and separators where Unicode has a hundred ways to write them."""
    if text.isascii() and "%" not in text:
        return _Folded(text.translate(_FOLD_ASCII), None, None)
    pieces: list[str] = []
    starts, ends = array("Q"), array("Q")
    known: dict[str, str] = {}
    skip_to = 0
    for position, char in enumerate(text):
        if position < skip_to:
            continue
        end = position + 1
        if char == "%" and (decoded := _PERCENT.get(text[position : position + 3].upper())):
            piece = decoded
            end = skip_to = position + 3
        elif (cached := known.get(char)) is not None:
            piece = cached
        else:
            piece = known[char] = _fold_char(char)
        for plain in piece:
            pieces.append(plain)
            starts.append(position)
            ends.append(end)
    return _Folded("".join(pieces), starts, ends)


def _fold_char(char: str) -> str:
    if char.isascii():
        return char.translate(_FOLD_ASCII)
    if (extra := _FOLD_EXTRA.get(char)) is not None:
        return extra
    # NFKC knows full-width digits; Arabic-Indic, Javanese and the other decimal digits it keeps.
    if (value := unicodedata.decimal(char, None)) is not None:
        return str(value)
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):  # zero-width, soft hyphen, bidi marks, keycap enclosures
        return ""
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    if category == "Cc":
        return " "
    normal = unicodedata.normalize("NFKC", char)
    if normal == char or len(normal) > _LONGEST_EXPANSION:
        return char
    return "".join(_fold_char(part) if part != char else part for part in normal)


# --- NIK and Kartu Keluarga numbers -------------------------------------------------------------

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
_GAP: Final = re.compile(r"[ \t]{0,12}[.\-/_,|:;]{0,2}[ \t\n]{0,14}")
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

_FLAGS: Final = re.ASCII | re.IGNORECASE
# "150 KK" counts households (kepala keluarga); it does not announce a family card.
_LABEL: Final = re.compile(
    r"(?<![a-z])(?:(?P<nik>nik|nomor induk kependudukan|(?:e-?)?ktp|kartu tanda penduduk)"
    r"|(?P<kk>(?<![0-9])(?<![0-9] )kk|kartu keluarga))(?![a-z])",
    _FLAGS,
)
_LABEL_BEFORE: Final = 40
_LABEL_AFTER: Final = 16
# "NIK: ", "NIK korban = ", "ktp-el no. ", "NIK_" and nothing else between label and number.
_DIRECT: Final = re.compile(
    r"[ .:=#\-_\"'(\[\n\t|]{0,6}"
    r"(?:(?:el|no|nomor|korban|saksi|anak|ibu|ayah|pelapor|ybs|adalah)[ .:=#\-_(]{1,4}){0,3}",
    _FLAGS,
)
_DIRECT_LENGTH: Final = 30
_RUPIAH: Final = re.compile(r"(?<![a-z])(?:rp|idr)[. ]{0,3}\Z", _FLAGS)
# 11/18 in a spreadsheet is 0.6111111111111112, which is a well-formed NIK after the point.
# Latitudes south of the equator and longitudes of Indonesia come with up to 16 decimals too.
_DECIMAL: Final = re.compile(
    r"(?:(?<![0-9.,])0[.,]|(?<![0-9a-z.])-[0-9]{1,2}\.|(?<![0-9.])(?:9[5-9]|1[0-4][0-9])\.)\Z",
    _FLAGS,
)
_DECIMAL_LENGTH: Final = 6
# Evidence is often a link to a post, whose id has 15 to 17 digits.
_POST_ID: Final = re.compile(
    r"(?:fbid=|/(?:posts|videos|photos|reel|status)/|set=[a-z]{1,4}\.)\Z", _FLAGS
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
        return gap if gap in " .-/_,|:;\t\n" else None
    if end - start > _LONGEST_GAP or not _GAP.fullmatch(text, start, end):
        return None
    gap = text[start:end]
    if _NEWLINE in gap:
        return _NEWLINE
    return "\t" if "  " in gap else gap  # two blanks or more are a column, as a tab is


def _population_numbers(text: str) -> Iterator[_Hit]:
    labels = _Labels(text)
    for chain in _chains(text):
        yield from _solid_numbers(text, chain, labels)
        yield from _grouped_numbers(text, chain, labels)


def _solid_numbers(text: str, chain: _Chain, labels: _Labels) -> Iterator[_Hit]:
    """Numbers written in one run. 17 digits and more are something else: a NIP has 18."""
    for start, end in zip(chain.starts, chain.ends, strict=True):
        length = end - start
        if not _DIGITS - 2 <= length <= _DIGITS + 1:
            continue
        if _DECIMAL.search(text, max(0, start - _DECIMAL_LENGTH), start):
            continue
        if length != _DIGITS:
            # Labelled as a NIK and a digit short or long: a slip, but perhaps still a person.
            if labels.direct(start):
                yield _Hit(Severity.WARN, Kind.NIK, start, end)
            continue
        label = labels.near(start, end)
        if label is None and (
            _RUPIAH.search(text, max(0, start - 6), start)
            or _POST_ID.search(text, max(0, start - _POST_ID_LENGTH), start)
        ):
            continue
        if label is not None or _SHAPE.match(text, start, end):
            yield _Hit(Severity.BLOCK, label or Kind.NIK, start, end)
        elif _ROUNDED_BY_EXCEL.match(text, start, end) and _REAL_REGENCY.match(text, start):
            yield _Hit(Severity.WARN, Kind.NIK, start, end)


def _grouped_numbers(text: str, chain: _Chain, labels: _Labels) -> Iterator[_Hit]:
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
            yield _Hit(Severity.BLOCK, label or Kind.NIK, start, end)


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
    _FLAGS,
)
_CONFUSIONS: Final = str.maketrans("OoIiLl", "001111")
_FEWEST_TRUE_DIGITS: Final = 9


def _confused_population_numbers(text: str) -> Iterator[_Hit]:
    """Numbers with O for 0 or l for 1; the digits that are left must still be most of it."""

    def repair(match: re.Match[str]) -> str:
        return match[0].translate(_CONFUSIONS)

    repaired = _CONFUSED.sub(repair, text)
    if repaired == text:
        return
    for hit in _population_numbers(repaired):
        true_digits = sum(char.isdigit() for char in text[hit.start : hit.end])
        if hit.severity is Severity.BLOCK and true_digits >= _FEWEST_TRUE_DIGITS:
            yield hit


# --- Phone numbers ------------------------------------------------------------------------------

_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.\-])"
    r"(?P<prefix>(?:\+|00)?62[ .\-]{0,2}(?:\(0\) ?)?|\(?0)"
    r"(?P<number>8[1-9](?:[ .\-)]{0,2}[0-9]){7,10})(?![0-9])",
    _FLAGS,
)
_LANDLINE: Final = re.compile(
    r"\((?:0|\+?62[ \-]?)[2-79][0-9]{1,2}\)[ .\-]{0,2}[0-9]{3,4}[ .\-]?[0-9]{2,4}(?![0-9])"
    r"|(?<![0-9./\-])0[2-79][0-9]{1,2} ?- ?[0-9]{6,8}(?![0-9/])",
    _FLAGS,
)
# Victims are often abroad, or were promised work there: any country, written with its plus.
_ABROAD: Final = re.compile(r"\+[1-9](?:[ \-()]{0,2}[0-9]){8,14}(?![0-9])", _FLAGS)
# Three digits are the emergency numbers 110, 112 and 129, which belong in every report.
_LABELLED_PHONE: Final = re.compile(
    r"(?<![a-z])(?:hp|wa|whatsapp|telp|telepon|tlp|handphone|ponsel|fax|faks)"
    r"[ .:=/\-]{1,4}(?:no(?:mor)?[ .:]{1,3})?\(?(?P<number>[0-9](?:[ .\-()]{0,2}[0-9]){6,13})"
    r"(?![0-9])",
    _FLAGS,
)
# Numbers of 10 to 13 digits that may begin with 08 and are announced as something else.
_NOT_A_PHONE: Final = re.compile(
    r"(?<![a-z])(?:nib|npwp|nip|rek|rekening|invoice|inv|resi|billing|va|rp|sn)[^0-9\n]{0,12}\Z",
    _FLAGS,
)
_MONEY_TAIL: Final = re.compile(r"[0-9]{3}(?:\.[0-9]{3}){2,4}")
# The ministry's public SAPA 129 line: quoted in every outreach report, nobody's private number.
_PUBLIC_LINES: Final = frozenset({"08111129129", "628111129129"})


def _phones(text: str) -> Iterator[_Hit]:
    for match in _MOBILE.finditer(text):
        start = match.start()
        prefix, number = match["prefix"], match["number"]
        bare = not prefix.startswith(("+", "0", "("))
        if bare and _MONEY_TAIL.fullmatch(number):  # Rp 62.812.345.678
            continue
        groups = re.split(r"[ .\-)]{1,2}", number)
        if min(len(groups[0]) + 1, *map(len, groups)) < 2 or (bare and len(groups[0]) < 3):
            continue  # single digits and pairs after a bare 62: a row of a table
        digits = "".join(char for char in match[0] if char.isdigit())
        if digits in _PUBLIC_LINES or _NOT_A_PHONE.search(text, max(0, start - 28), start):
            continue
        yield _Hit(Severity.WARN, Kind.PHONE, start, match.end())
    for pattern in (_LANDLINE, _ABROAD):
        for match in pattern.finditer(text):
            yield _Hit(Severity.WARN, Kind.PHONE, *match.span())
    for match in _LABELLED_PHONE.finditer(text):
        digits = "".join(char for char in match["number"] if char.isdigit())
        if digits not in _PUBLIC_LINES:
            yield _Hit(Severity.WARN, Kind.PHONE, *match.span("number"))


# --- Words that announce an identity ------------------------------------------------------------

_PROTECTED: Final = r"(?:korban|saksi|pelapor|penyintas)"
_PERSON: Final = (
    r"(?:korban|saksi|pelapor|penyintas|anak|perempuan|laki-laki|remaja|pmi|cpmi|tersangka|pelaku)"
)
_INITIALS: Final = re.compile(
    rf"(?<![a-z]){_PERSON}(?![a-z])[^.;:\n]{{0,24}}(?<![a-z])(?:ber)?inisial(?![a-z])"
    rf"|(?<![a-z])inisial {_PROTECTED}(?![a-z])",
    _FLAGS,
)
_INITIALS_GIVEN: Final = re.compile(
    r"(?<![a-z])berinisial[ :\"'(]{1,3}(?-i:[A-Z]{1,4}(?![A-Za-z])|[A-Z]\.)", _FLAGS
)
_IDENTITY: Final = re.compile(
    rf"(?<![a-z])(?:{_PERSON} (?:yang )?bernama(?![a-z])"
    rf"|{_PROTECTED}[ ,]{{1,2}}(?:a\.n\.?|a/n|an\.|atas nama|sdri?\.|sdri? |nn\.|ny\.)"
    rf"|(?:a\.n\.?|a/n|an\.|atas nama) {_PROTECTED}(?![a-z]))",
    _FLAGS,
)
_IDENTITY_FIELD: Final = re.compile(
    r"(?<![a-z])(?:nama|identitas|alamat|domisili|tempat tinggal|tempat lahir|tanggal lahir|"
    r"tgl\.? lahir)(?: (?:lengkap|asli|rumah|panggilan)){0,2}(?: (?:dari|anak|para)){0,2} "
    rf"{_PROTECTED}(?![a-z])(?P<given> {{0,2}}[:=]| (?:adalah|yaitu|yakni|ialah)(?![a-z]))?",
    _FLAGS,
)
# An address is an address without a colon; "nama korban" alone is what every guideline says.
_PLACE: Final = re.compile(r"(?:alamat|domisili|tempat)", _FLAGS)
# "Alamat korban dirahasiakan" is the sentence we want people to write.
_SECRECY: Final = re.compile(
    r"(?<![a-z])(?:tidak|tanpa|jangan|dilarang|bukan|hindari|menghindari|(?:di|me|ke|pe)?rahasia"
    r"(?:kan|an)?|(?:di|me|pe)?(?:ny)?samar(?:kan|an)?|(?:di|me|per)?lindung(?:i|an)|dihapus)"
    r"(?![a-z])",
    _FLAGS,
)
_SENTENCE: Final = 40


def _identities(text: str) -> Iterator[_Hit]:
    for match in _INITIALS_GIVEN.finditer(text):
        yield _Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _INITIALS.finditer(text):
        if not _kept_secret(text, *match.span()):
            yield _Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _IDENTITY.finditer(text):
        if not _kept_secret(text, *match.span()):
            yield _Hit(Severity.WARN, Kind.IDENTITY, *match.span())
    for match in _IDENTITY_FIELD.finditer(text):
        told = match["given"] is not None or (
            _PLACE.match(match[0]) is not None and not _kept_secret(text, *match.span())
        )
        if told:
            yield _Hit(Severity.WARN, Kind.IDENTITY, *match.span())


def _kept_secret(text: str, start: int, end: int) -> bool:
    """Whether the words around the span say that the identity is being kept secret."""
    return (
        _SECRECY.search(text, max(0, start - _SENTENCE), start) is not None
        or _SECRECY.search(text, start, end + _SENTENCE) is not None
    )


# --- Case numbers -------------------------------------------------------------------------------

# A police report or court docket leads to the file, and the file to the person.
_CASE: Final = re.compile(
    r"(?<![a-z])(?:LP|STTLP|STPL|SPDP|LI)(?:[./\-](?:[A-Z]|GAR))? ?[/\-.] ?[0-9]{1,5} ?/ ?"
    r"(?:[IVX]{1,4}|[0-9]{1,4}|[A-Z]{2,12})(?![a-z])[/ A-Z0-9.\-]{0,40}"
    r"|(?<![a-z])(?:SP\.? ?-?(?:sidik|lidik|kap|han)|BP)[ ./\-]{1,2}[0-9]{1,5} ?/ ?[IVX0-9]{1,4}"
    r" ?/[/ A-Z0-9.\-]{0,24}reskrim[a-z]{0,4}"
    r"|(?<![0-9])[0-9]{1,5} ?(?:P?K ?)?/ ?(?:Pen\.)?(?:Pid|Pdt|Res)[.A-Z\-]{0,16} ?/ ?"
    r"(?:19|20)[0-9]{2}(?: ?/ ?P[NT][. ]{0,2}[A-Z]{0,12})?"
    r"|(?<![a-z])PDM ?- ?[0-9]{1,5} ?/[/ A-Z0-9.\-]{3,30}"
    r"|(?<![a-z])laporan polisi (?:nomor|no)[ .:]{1,3}[A-Z/.\- ]{0,12}[0-9]{1,5}(?![0-9])",
    _FLAGS,
)


def _case_numbers(text: str) -> Iterator[_Hit]:
    for match in _CASE.finditer(text):
        tail = len(match[0]) - len(match[0].rstrip(" .-/"))
        yield _Hit(Severity.WARN, Kind.CASE_NUMBER, match.start(), match.end() - tail)


def _without_overlaps(hits: list[_Hit]) -> list[_Hit]:
    """Blocks first, then the earliest and longest; whatever touches a kept one is dropped."""
    ranked = sorted(hits, key=lambda hit: (hit.severity is Severity.WARN, hit.start, -hit.end))
    kept: list[_Hit] = []
    for severity in Severity:
        # Within one severity the hits come in order, so each looks only at its two neighbours.
        taken = sorted(kept, key=lambda hit: hit.start)
        starts = [hit.start for hit in taken]
        reached = 0
        for hit in ranked:
            if hit.severity is not severity or hit.start < reached:
                continue
            next_block = bisect_left(starts, hit.start)
            free_before = next_block == 0 or taken[next_block - 1].end <= hit.start
            free_after = next_block == len(taken) or taken[next_block].start >= hit.end
            if free_before and free_after:
                kept.append(hit)
                reached = hit.end
    return sorted(kept, key=lambda hit: hit.start)
