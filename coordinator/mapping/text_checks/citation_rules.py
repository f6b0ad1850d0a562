"""Which places of a law a citation names: "Pasal 14 ayat (3) huruf b". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coordinator.mapping.duties.article_rules import places

_LETTERS = re.compile(
    r"huruf\s+(?P<list>[a-z](?![a-z])(?:\s*(?:,\s*dan|,|dan|atau|serta|s\.?d\.?|sampai dengan|-|–)"
    r"\s*(?:huruf\s+)?[a-z](?![a-z]))*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"([a-z])\s*(?:s\.?d\.?|sampai dengan|-|–)\s*(?:huruf\s+)?([a-z])(?![a-z])")


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """One article of a citation, with the paragraphs (ayat) and letters that it names."""

    article: str
    paragraphs: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    is_explanation: bool = False


def cited_places(citation: str) -> list[CitedPlace]:
    """Return the articles that a citation names, in its order; none for "Lampiran, bidang sosial".

    "Pasal 15 ayat (1) dan penjelasannya" names the article and its explanation.
    """
    plain = " ".join(citation.split())
    plain = re.sub(r"(?i:\bpasal) ?(\d{1,4}) ([A-Z]{1,2})(?!\w)", r"Pasal \1\2", plain)
    plain = re.sub(r"(?i)\bpasal(?=\d)", "Pasal ", plain)
    plain = re.sub(r"\( ?(\d{1,3}) ?([a-z]?) ?\)", r"(\1\2)", plain)
    found: list[CitedPlace] = []
    for piece in re.split(r"(?i)(?=\bpasal \d)", plain):
        if not re.match(r"(?i)pasal \d", piece):
            continue
        letters = tuple(_letters(piece))
        for ref in places(piece):
            paragraphs = tuple(sorted(ref.paragraphs, key=lambda one: (_value(one), one)))
            found.append(CitedPlace(ref.article, paragraphs, letters))
    if re.search(r"(?i)\bpenjelasan", plain):
        found += [
            CitedPlace(one.article, one.paragraphs, one.letters, is_explanation=True)
            for one in found[-1:]
        ]
    return found


def article_order(citation: str) -> tuple[int, str]:
    """Return by what citations of one law are ordered: their first article's number."""
    first = next(iter(cited_places(citation)), None)
    return (_value(first.article), first.article) if first else (10_000, citation.casefold())


def _value(number: str) -> int:
    digits = re.match(r"\d+", number)
    return int(digits[0]) if digits else 0


def _letters(piece: str) -> Iterator[str]:
    for match in _LETTERS.finditer(piece):
        listed = match["list"].lower()
        spans = {(a, b) for a, b in _RANGE.findall(listed) if a < b}
        for letter in re.findall(r"(?<![a-z.])[a-z](?![a-z.])", listed):
            yield letter
            for first, last in spans:
                if letter == first:
                    yield from (chr(n) for n in range(ord(first) + 1, ord(last)))
