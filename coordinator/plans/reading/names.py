"""Names of agencies and pokja in a cell: which are surely known, and what the others may mean.

A name is sure when it equals a known name, letter for letter but for case, punctuation and "&";
everything else is a suggestion that a person confirms.
"""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from coordinator import screening
from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.shapes import Suggestion

LONGEST_NAME = 200
SUGGESTIONS = 3
LEAST_ALIKE = 50

HARD = re.compile(r"[\n\r;|•▪●·]+|(?:^|(?<=\s))[-–—*](?=\s)")
NUMBERED = re.compile(r"(?:^|(?<=[\s,;]))(?:\d{1,2}|[a-zA-Z])[.)](?=\s*\w{2})")
SOFT = re.compile(
    r"\s*(?:[,&+]|/(?!\s*kota\b)|\bdan\b|\bserta\b|\bbersama\b|\band\b)\s*", re.IGNORECASE
)
OUTSIDE_AND_INSIDE = re.compile(r"^(.*?)\s*\(([^()]*)\)\s*$", re.DOTALL)
# What the name of an office begins with: only before one of these is an unknown name divided.
OFFICES = frozenset(
    (
        "dinas", "badan", "biro", "kantor", "kanwil", "polda", "polres", "kejaksaan", "kejati",
        "kejari", "kementerian", "kemen", "kepolisian", "pengadilan", "rsud", "uptd", "satpol",
        "satuan", "bp3mi", "bnn", "bnnp", "bappeda", "inspektorat", "sekretariat", "lembaga",
        "balai", "pemerintah", "kodam", "lantamal", "lpsk", "komnas", "direktorat", "imigrasi",
        "opd", "asosiasi", "universitas", "forum", "yayasan", "pkk", "kelurahan", "kecamatan",
    )
)  # fmt: skip


class NameIndex:
    """Known names with what each means, and what a person decided about others."""

    def __init__(
        self,
        known: Mapping[str, Iterable[str]],
        *,
        also: Iterable[str] = (),
        choices: Mapping[str, str] | None = None,
    ) -> None:
        """`also`: keys that may be written as they are; `choices`: a name as it was shown."""
        self._known = {key: list(names) for key, names in known.items()}
        self._keys = {*self._known, *also}
        self._exact: dict[str, set[str]] = {}
        for key, names in self._known.items():
            for name in names:
                self._exact.setdefault(folded(name), set()).add(key)
        self._exact.pop("", None)
        self._choices = {folded(text): key for text, key in (choices or {}).items()}
        self._cells: dict[str, list[str]] = {}

    def sure(self, text: str) -> str | None:
        """Return the key that a name surely means, LEAVE_OUT where a person said so, or None."""
        plain = text.strip()
        if plain in self._keys:
            return plain
        fold = folded(plain)
        if fold in self._choices:
            return self._choices[fold]
        found = self._exact.get(fold, set())
        if len(found) == 1:
            return next(iter(found))
        parts = OUTSIDE_AND_INSIDE.match(plain)
        if parts and not found:
            outside, inside = self.sure(parts[1]), self.sure(parts[2])
            if outside and inside in (outside, None):
                return outside
        return None

    def label(self, key: str) -> str:
        """Return the name under which a key is written out so that it is read back as this key."""
        for name in self._known.get(key, ()):
            if self.sure(name) == key and self.split(name) == [name]:
                return name
        return key

    def split(self, text: str) -> list[str]:
        """Return the single names in a cell, as they are spelled there."""
        if text not in self._cells:
            self._cells[text] = self._split(text)
        return self._cells[text]

    def _split(self, text: str) -> list[str]:
        if self.sure(text):
            return [text.strip()]
        pieces: list[str] = []
        for chunk in HARD.split(text):
            for part in NUMBERED.split(chunk):
                if self.sure(part):
                    pieces.append(part.strip())
                else:
                    pieces.extend(self._soft(part.strip(" \t,.;:/&")))
        return [piece for piece in pieces if folded(piece)]

    def _soft(self, text: str) -> list[str]:
        """Divide at commas, slashes and "dan": the longest known name first, so that a name with
        "dan" or a comma inside stays whole."""
        bounds = [(0, 0), *(match.span() for match in SOFT.finditer(text)), (len(text), len(text))]
        starts = [end for _start, end in bounds[:-1]]
        ends = [start for start, _end in bounds[1:]]
        pieces: list[str] = []
        unknown_from: int | None = None
        at = 0
        while at < len(starts):
            reach = next(
                (
                    last
                    for last in range(len(ends) - 1, at - 1, -1)
                    if self.sure(text[starts[at] : ends[last]])
                ),
                None,
            )
            if reach is None:
                unknown_from = at if unknown_from is None else unknown_from
                at += 1
                continue
            if unknown_from is not None:
                pieces += _unknown(text[starts[unknown_from] : ends[at - 1]])
                unknown_from = None
            pieces.append(text[starts[at] : ends[reach]])
            at = reach + 1
        if unknown_from is not None:
            pieces += _unknown(text[starts[unknown_from] : ends[-1]])
        return [piece.strip() for piece in pieces]

    def suggestions(self, text: str) -> list[Suggestion]:
        """Return what a name may mean, most alike first."""
        best: dict[str, Suggestion] = {}
        names = {(key, name): folded(name) for key, names in self._known.items() for name in names}
        for _fold, score, (key, _name) in process.extract(
            folded(text), names, scorer=_alike, limit=SUGGESTIONS * 4
        ):
            if score >= LEAST_ALIKE and key not in best:
                first = self._known[key][0]
                best[key] = Suggestion(key=key, name=first, score=round(score))
        return list(best.values())[:SUGGESTIONS]


def _unknown(text: str) -> list[str]:
    """Divide unknown names: only where the next one begins as an office or is one word."""
    pieces: list[str] = []
    start = 0
    for match in SOFT.finditer(text):
        following = folded(SOFT.split(text[match.end() :], maxsplit=1)[0]).split()
        mark = match[0].strip().casefold()
        if not following:
            continue
        is_short = len(following) == 1 and mark in {",", "/", "+"}
        if following[0] in OFFICES or is_short:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def as_shown(text: str) -> str:
    """Return a name as findings and choices spell it: one line, nobody's number, not endless."""
    plain = " ".join(text.split())[:LONGEST_NAME]
    return re.sub(r"\d", "•", plain) if screening.blocks(plain) else plain


def _alike(one: str, other: str, **_options: object) -> float:
    # The first alone calls every "Dinas ..." alike, the second misses a name cut short.
    return (fuzz.WRatio(one, other) + fuzz.token_sort_ratio(one, other)) / 2
