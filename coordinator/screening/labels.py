"""The words that announce a NIK or a Kartu Keluarga number."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Kind
from coordinator.screening.folding import FLAGS, begins_word, lowered

# "150 KK" counts households (kepala keluarga); it does not announce a family card.
_LABEL: Final = re.compile(
    r"(?:nik|n[. ]{1,2}i[. ]{1,2}k|nomor induk kependudukan|e-?ktp|ktp|k\.t\.p"
    r"|kartu tanda penduduk|kia|no(?:mor)?[. ]{1,2}(?:kartu )?identitas"
    r"|k(?<![0-9]k)(?<![0-9] k)\.?k|kartu keluarga)(?![a-z])",
    re.ASCII,
)
_FAMILY_CARD: Final = frozenset(("kk", "k.k", "kartu keluarga"))
_BEFORE: Final = 40
_AFTER: Final = 16
# "NIK: ", "NIK korban = ", "ktp-el no. ", "NIK_", "NIK (baru): " and nothing else in between.
_DIRECT: Final = re.compile(
    r"[ .:=#\-_\"'(\[\n\t|>*~,/]{0,8}"
    r"(?:(?:el|no|nomor|korban|saksi|anak|ibu|ayah|pelapor|ybs|nya|adalah|yaitu|baru|lama)"
    r"[ .:=#\-_()\"'\n\t|>*~]{1,6}){0,3}",
    FLAGS,
)
_DIRECT_LENGTH: Final = 36


class Labels:
    """The places of the words NIK, KTP, KK and their long forms, for questions about distance."""

    __slots__ = ("_ends", "_kinds", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._ends = array("Q"), array("Q")
        self._kinds: list[Kind] = []
        small = lowered(text)
        for match in _LABEL.finditer(small):
            if not begins_word(small, match.start()):
                continue
            self._starts.append(match.start())
            self._ends.append(match.end())
            self._kinds.append(Kind.KK if match[0] in _FAMILY_CARD else Kind.NIK)

    def __iter__(self) -> Iterator[int]:
        """Yield where each label ends."""
        return iter(self._ends)

    def reaches(self, length: int) -> Iterator[tuple[Kind, int, int]]:
        """Yield each label's kind, where it ends, and how far it reaches: to the next one."""
        limits = [*self._starts, len(self._text)][1:]
        for kind, end, limit in zip(self._kinds, self._ends, limits, strict=True):
            yield kind, end, min(limit, end + length)

    def near(self, start: int, end: int) -> Kind | None:
        """Return the kind of the closest label before the span, else just after it, else None."""
        if not self._kinds:
            return None
        before = bisect_right(self._ends, start) - 1
        if before >= 0 and start - self._ends[before] <= _BEFORE:
            return self._kinds[before]
        after = bisect_left(self._starts, end)
        if after < len(self._starts) and self._starts[after] - end <= _AFTER:
            return self._kinds[after]
        return None

    def direct(self, start: int) -> bool:
        """Return whether a label is directly before ``start``."""
        before = bisect_right(self._ends, start) - 1
        if before < 0 or start - self._ends[before] > _DIRECT_LENGTH:
            return False
        return _DIRECT.fullmatch(self._text, self._ends[before], start) is not None
