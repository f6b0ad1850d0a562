"""Numbers said in words ("enam empat tujuh dua"), and words said between the parts of a number
("647201 lalu 550508", "64 kota 72 kec 01")."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import BLOCK, Hit
from coordinator.screening.folding import Reading, Rewriting, begins_word, lowered
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
# How each begins, in plain letters: quick to look for.
_BEGINS: Final = re.compile(
    r"nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas"
    r"|lalu|dan|terus|trus|kemudian|sambung|strip|setrip|titik|garis|spasi|disambung|dilanjut|lanjut"
)
_GAP: Final = re.compile(r"[^A-Za-z\n]{0,32}\n?[^A-Za-z\n]{0,8}", re.ASCII)
_MARKS: Final = re.compile(r"[ .,\-/_:;]{0,4}", re.ASCII)
_FEWEST: Final = 9  # digits, fewer than a telephone number has
_AROUND: Final = 48  # characters, for a label and digits before and behind
_TO_FIRST_PIECE: Final = 24
_IN_PIECES: Final = 160  # characters
_PIECE: Final = re.compile(r"[0-9]{1,17}")


def spoken_numbers(source: Reading) -> Iterator[Hit]:
    """Yield the NIK, Kartu Keluarga and telephone numbers of a folded text that are partly words,
    in its positions."""
    small = lowered(source.text)
    for words in _clusters(small):
        first, last = words[0].start(), words[-1].end()
        start, end = max(0, first - _AROUND), min(len(small), last + _AROUND)
        here = range(start, end)
        window = Reading(source.text[start:end], here, range(start + 1, end + 1))
        said = _written(window, words, start)
        labels = Labels(said.text)
        for hit in (*population_numbers(said.text, labels, ()), *mobiles(said.text)):
            place = Hit(hit.severity, hit.kind, said.starts[hit.start], said.ends[hit.end - 1])
            if any(map(str.isalpha, small[place.start : place.end])):
                yield place


def _clusters(small: str) -> Iterator[list[re.Match[str]]]:
    """Words with nothing but digits and marks between them, enough for a number."""
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


def _written(window: Reading, words: list[re.Match[str]], offset: int) -> Reading:
    """The window with digits for words, close together where two words follow each other."""
    out = Rewriting(window)
    for index, word in enumerate(words):
        start, end = word.start() - offset, word.end() - offset
        out.copy_to(start)
        following = words[index + 1] if index + 1 < len(words) else None
        is_joined = following is not None and bool(
            _MARKS.fullmatch(window.text, end, following.start() - offset)
        )
        if word["between"] is None:
            out.put(_digits(word), end)
            if is_joined and following is not None and following["between"] is None:
                out.skip(following.start() - offset)
        else:
            out.put(" ", end)
    return out.done()


def _digits(word: re.Match[str]) -> str:
    if word["unit"]:
        return _UNITS[word["unit"]]
    if word["tens"]:
        return _UNITS[word["tens"]] + _UNITS[word["ones"] or "nol"]
    if word["teens"]:
        return "1" + _UNITS[word["teens"]]
    return "10" if word["ten"] else "11"


def announced_in_pieces(text: str, labels: Labels) -> Iterator[Hit]:
    """Yield what follows the word NIK in pieces with any words between: together they must be a
    number as registers give it."""
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
