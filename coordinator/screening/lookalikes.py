"""Letters in place of digits."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from coordinator.screening.finding import BLOCK, Hit
from coordinator.screening.folding import FLAGS
from coordinator.screening.labels import Labels
from coordinator.screening.population import population_numbers

# Letters that typists and text recognition put for digits, in words that are otherwise digits.
_CONFUSED: Final = re.compile(
    r"[0-9oOiIlL](?:(?<![0-9a-zA-Z].)"
    r"|(?<=[kKpP].)(?:(?<=[nN][iI][kK].)|(?<=[kK][tT][pP].)|(?<=[kK][kK].)))"
    r"(?:(?<=[0-9])(?=[0-9]{0,14}+[oOiIlL])|(?<=[oOiIlL])(?=[oOiIlL]{0,14}+[0-9]))"
    r"[0-9oOiIlL]{1,15}(?![0-9a-zA-Z])",
    re.ASCII,
)
# Right after the word NIK more of them, and groups of letters only.
_CONFUSED_AFTER_LABEL: Final = re.compile(
    r"[ .:=#\-_\"'(\[\n\t>*~,/]{0,8}"
    r"(?:(?:el|no|nomor|korban|saksi|anak|ybs|nya|adalah)[ .:=#\-_(]{1,4}){0,3}"
    r"(?P<number>(?:[0-9oil|szb]{1,16}(?![a-z])[ .\-/_,\n]{0,3}){1,16})",
    FLAGS,
)
_CONFUSIONS: Final = str.maketrans("OoIiLl|SsZzBb", "0011111552288")
_FEWEST_TRUE_DIGITS: Final = 9
_FEWEST_AFTER_LABEL: Final = 4


def repaired(text: str) -> str:
    """Return the text with letters in words of digits as digits: O812 is 0812."""
    return _CONFUSED.sub(lambda match: match[0].translate(_CONFUSIONS), text)


def confused_population_numbers(
    text: str, mended: str, labels: Labels, joints: Sequence[int]
) -> Iterator[Hit]:
    """Yield numbers with O for 0 or l for 1 that still have enough true digits.

    Fewer are enough after a NIK label. ``mended`` is the result of :func:`repaired`.
    """
    announced: list[tuple[int, int]] = []
    for end in labels:
        match = _CONFUSED_AFTER_LABEL.match(text, end)
        if match is not None and (not announced or match.start("number") >= announced[-1][1]):
            announced.append(match.span("number"))
    pieces, position = [], 0
    for start, end in announced:
        pieces += [mended[position:start], text[start:end].translate(_CONFUSIONS)]
        position = end
    mended = "".join([*pieces, mended[position:]])
    if mended == text:
        return
    starts = {start for start, _end in announced}
    for hit in population_numbers(mended, labels, joints):
        true_digits = sum(char.isdigit() for char in text[hit.start : hit.end])
        least = _FEWEST_AFTER_LABEL if hit.start in starts else _FEWEST_TRUE_DIGITS
        if hit.severity is BLOCK and true_digits >= least:
            yield hit
