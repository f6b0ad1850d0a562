"""Numbers said in words ("enam empat tujuh dua"), and words said between the parts of a number
("647201 lalu 550508", "64 kota 72 kec 01")."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import Final

from coordinator.screening.finding import BLOCK, Hit
from coordinator.screening.folding import FoldedText, begins_word, lowered
from coordinator.screening.labels import Labels
from coordinator.screening.phones import mobiles
from coordinator.screening.population import population_numbers
from coordinator.screening.shape import DIGITS, USUAL, fit

_UNITS: Final = {
    **{"nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4"},
    **{"lima": "5", "enam": "6", "tujuh": "7", "delapan": "8", "sembilan": "9"},
}
_UNIT: Final = "(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
_SAID: Final = re.compile(
    rf"(?:(?P<tens>{_UNIT}) ?puluh(?: (?P<ones>{_UNIT}))?|(?P<teens>{_UNIT}) ?belas"
    rf"|(?P<ten>sepuluh)|(?P<eleven>sebelas)|(?P<unit>nol|kosong|{_UNIT})"
    r"|(?P<between>lalu|dan|terus|trus|kemudian|sambung|strip|setrip|titik|garis(?: miring)?|spasi"
    r"|disambung|dilanjutkan|lanjut))(?![a-z])",
    re.ASCII,
)
# How each begins, as plain text: fast to search for.
_BEGINS: Final = re.compile(
    r"nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas"
    r"|lalu|dan|terus|trus|kemudian|sambung|strip|setrip|titik|garis|spasi|disambung|dilanjut|lanjut"
)
_GAP: Final = re.compile(r"[^A-Za-z\n]{0,32}\n?[^A-Za-z\n]{0,8}", re.ASCII)
_MARKS: Final = " .,-/_:;"
_LONGEST_MARK: Final = 4
_FEWEST: Final = 9  # digits, fewer than a telephone number has
_AROUND: Final = 48  # characters, for a label and digits before and behind
_TO_FIRST_PIECE: Final = 24
_IN_PIECES: Final = 160  # characters
_PIECE: Final = re.compile(r"[0-9]{1,17}")


def spoken_numbers(source: FoldedText) -> Iterator[Hit]:
    """Yield the NIK, Kartu Keluarga and telephone numbers of a folded text that are partly words.

    Positions are those of the folded text.
    """
    text = source.text
    small = lowered(text)
    for words in _clusters(small):
        first, last = words[0].start(), words[-1].end()
        said = _written(text, words, max(0, first - _AROUND), min(len(text), last + _AROUND))
        labels = Labels(said.text)
        for hit in (*population_numbers(said.text, labels, ()), *mobiles(said.text)):
            start, end = said.place(hit)
            if any(map(str.isalpha, small[start:end])):
                yield Hit(hit.severity, hit.kind, start, end)


def _clusters(small: str) -> Iterator[list[re.Match[str]]]:
    """Yield words with only digits and marks between them, enough for a number."""
    words: list[re.Match[str]] = []
    reached = 0
    for begin in map(re.Match.start, _BEGINS.finditer(small)):
        if begin < reached or not begins_word(small, begin):
            continue
        match = _SAID.match(small, begin)
        if match is None:
            continue
        if words and _GAP.fullmatch(small, reached, begin) is None:
            if _is_enough(small, words):
                yield words
            words = []
        words.append(match)
        reached = match.end()
    if words and _is_enough(small, words):
        yield words


def _is_enough(small: str, words: list[re.Match[str]]) -> bool:
    start, end = words[0].start(), words[-1].end()
    if end - start > _FEWEST * 16:  # longer than so many of the longest words
        return True
    around = small[max(0, start - 20) : end + 20]
    digits = sum(map(str.isdigit, around))
    return digits + sum(1 for word in words if word["between"] is None) >= _FEWEST


class _Written:
    """A text with number words replaced by digits, built from pieces of one or more characters."""

    def __init__(self, pieces: list[str], spans: list[int]) -> None:
        """Store the pieces and ``spans``: where each begins and ends in the original text."""
        self.text = "".join(pieces)
        self._pieces = pieces
        self._spans = spans

    @cached_property
    def _begins(self) -> list[int]:
        """Return where each piece begins; computed only when something is found."""
        return list(accumulate(map(len, self._pieces), initial=0))

    def place(self, hit: Hit) -> tuple[int, int]:
        """Return the position of a hit in the original text."""
        return self._character(hit.start)[0], self._character(hit.end - 1)[1]

    def _character(self, place: int) -> tuple[int, int]:
        """Return a character's span in the original text.

        It is an equal part of its piece's span if possible, else all of that span.
        """
        index = bisect_right(self._begins, place) - 1
        start, end = self._spans[2 * index : 2 * index + 2]
        step, rest = divmod(end - start, len(self._pieces[index]))
        if rest:
            return start, end
        start += step * (place - self._begins[index])
        return start, start + step


def _written(text: str, words: list[re.Match[str]], start: int, end: int) -> _Written:
    """Return the text from ``start`` to ``end`` with digits for words.

    Two number words that follow each other are joined without a gap.
    """
    pieces: list[str] = []
    spans: list[int] = []
    reached = start
    is_after_digit = False
    for word in words:
        begin, behind = word.span()
        digits = _digits(word)
        between = text[reached:begin]
        is_mark = len(between) <= _LONGEST_MARK and not between.strip(_MARKS)
        if not (is_mark and is_after_digit and digits) and between:
            pieces.append(between)
            spans += (reached, begin)
        pieces.append(digits or " ")
        spans += (begin, behind)
        reached = behind
        is_after_digit = digits != ""
    if end > reached:
        pieces.append(text[reached:end])
        spans += (reached, end)
    return _Written(pieces, spans)


def _digits(word: re.Match[str]) -> str:
    """Return the digits that a word names; empty for a word between two numbers."""
    if (digit := _UNITS.get(word[0])) is not None:
        return digit
    if word["between"]:
        return ""
    if word["tens"]:
        return _UNITS[word["tens"]] + _UNITS[word["ones"] or "nol"]
    if word["teens"]:
        return "1" + _UNITS[word["teens"]]
    return "10" if word["ten"] else "11"


def announced_in_pieces(text: str, labels: Labels) -> Iterator[Hit]:
    """Yield numbers in pieces after the word NIK, with any words between the pieces.

    Together the pieces must be a number in the form that registers use.
    """
    for kind, end, limit in labels.reaches(_IN_PIECES):
        pieces: list[re.Match[str]] = []
        digits = ""
        for match in _PIECE.finditer(text, end, limit):
            if not pieces and match.start() - end > _TO_FIRST_PIECE:
                break
            pieces.append(match)
            digits += match[0]
            if len(digits) >= DIGITS:
                break
        if len(digits) == DIGITS and fit(digits) is USUAL:
            yield Hit(BLOCK, kind, pieces[0].start(), pieces[-1].end())
