"""Numbers in powers of ten."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import BLOCK, WARN, Hit, Kind
from coordinator.screening.folding import FLAGS
from coordinator.screening.labels import Labels
from coordinator.screening.shape import DIGITS, fit, may_begin

# What a spreadsheet shows of a number too long for its cell: 6,47203E+15, 6.47203 x 10^15.
_EXPONENT: Final = re.compile(
    r"(?P<whole>[1-9](?<![0-9.,].))(?:[.,](?P<more>[0-9]{1,17}))?"
    r" ?(?:e ?\+? ?|[x*] ?10 ?\^? ?)15(?![0-9])",
    FLAGS,
)
_TO_BIRTH: Final = 12  # digits


def shown_by_spreadsheets(text: str, labels: Labels) -> Iterator[Hit]:
    """Yield numbers in powers of ten that may be a NIK.

    They are refused if the date of birth and more can be read, and warned about if the remaining
    digits may begin a NIK.
    """
    for match in _EXPONENT.finditer(text):
        digits = (match["whole"] + (match["more"] or ""))[:DIGITS]
        label = labels.near(*match.span())
        may_be = fit(digits) if len(digits) == DIGITS else len(digits) > 1 and may_begin(digits)
        if label is None and not may_be:
            continue
        severity = BLOCK if len(digits) >= _TO_BIRTH else WARN
        yield Hit(severity, label or Kind.NIK, *match.span())
