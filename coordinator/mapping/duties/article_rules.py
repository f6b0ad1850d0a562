"""Which articles a citation names: "Pasal 2 ayat (1) dan Pasal 4" as places to compare. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

UNTIL = r"s\.?/?d\.?|sampai dengan|sampai|hingga|-|–"
BETWEEN = rf"\s*(?:,\s*dan|,|dan|atau|juncto|jo\.?|(?P<until>{UNTIL}))\s*(?:pasal\s+)?"
NUMBER = re.compile(r"(?P<number>\d{1,4})(?P<letter>[a-z]{0,2})(?![\w)])", re.IGNORECASE)
ARTICLE = re.compile(r"\bpasal\s+(?=\d)", re.IGNORECASE)
NEXT = re.compile(BETWEEN + r"(?=\d)", re.IGNORECASE)
ONE_PARAGRAPH = r"\(\d{1,3}[a-z]?\)"
PARAGRAPHS = re.compile(
    rf"\s*ayat\s*(?P<list>{ONE_PARAGRAPH}"
    rf"(?:[\s,–-]*(?:dan|atau|s\.d\.|sampai dengan)?\s*(?:ayat\s*)?{ONE_PARAGRAPH})*)",
    re.IGNORECASE,
)
PARAGRAPH = re.compile(r"(?P<gap>[^()]*)\((?P<number>\d{1,3})(?P<letter>[a-z]?)\)", re.IGNORECASE)
WIDEST = 500  # articles in one range; the longest law has some 600


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article, or some of its paragraphs (ayat); `paragraphs` is empty for all of it."""

    article: str
    paragraphs: frozenset[str] = frozenset()

    def covers(self, other: "ArticleRef") -> bool:
        """Return whether something in `other` is a part of this place."""
        if self.article != other.article:
            return False
        return not self.paragraphs or bool(self.paragraphs & other.paragraphs)


def places(text: str) -> list[ArticleRef]:
    """Return the articles that `text` names; what is no article ("Lampiran") is its own place."""
    found = list(_articles(text))
    return found or [ArticleRef(" ".join(text.casefold().split()))]


def _articles(text: str) -> Iterator[ArticleRef]:
    for start in ARTICLE.finditer(text):
        position, before, is_range = start.end(), 0, False
        while match := NUMBER.match(text, position):
            number = int(match["number"])
            if is_range and before < number <= before + WIDEST:
                yield from (ArticleRef(str(between)) for between in range(before + 1, number))
            paragraphs = PARAGRAPHS.match(text, match.end())
            yield ArticleRef(
                f"{number}{match['letter'].lower()}",
                _paragraphs(paragraphs["list"]) if paragraphs else frozenset(),
            )
            following = NEXT.match(text, paragraphs.end() if paragraphs else match.end())
            if following is None:
                break
            position, before = following.end(), number
            is_range = following["until"] is not None


def _paragraphs(text: str) -> frozenset[str]:
    found: list[str] = []
    before = 0
    for match in PARAGRAPH.finditer(text):
        number = int(match["number"])
        if before and re.fullmatch(rf"\s*(?:{UNTIL})\s*(?:ayat\s*)?", match["gap"]):
            found += [str(between) for between in range(before + 1, number)]
        found.append(f"{number}{match['letter'].lower()}")
        before = number
    return frozenset(found)
