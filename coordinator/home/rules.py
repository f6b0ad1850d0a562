"""How a search finds and marks words. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_QUERY = 100  # characters
MOST_WORDS = 8
FILLERS = frozenset(
    {"atau", "bagi", "dalam", "dan", "dari", "dengan", "oleh", "pada", "untuk", "yang"}
)
WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(r"([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `is_match` if it matches a search term."""

    text: str
    is_match: bool


def folded(text: str) -> str:
    """Return a text as it is compared: no case, no accents, no widths."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


def telling(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that carry meaning by themselves."""
    return tuple(word for word in words if len(word) > 2 and word not in FILLERS)


def asked(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded: at most MOST_WORDS of its first LONGEST_QUERY signs."""
    words = WORD.findall(folded(query[:LONGEST_QUERY]))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


class Finder:
    """Finds texts that contain every word of a query, in any order.

    With `any_word`, one word is enough. A query word matches the start of a word ("magang luar neg"
    finds "magang ke luar negeri"), never its middle ("gang" does not find "magang").
    """

    def __init__(self, words: Sequence[str], *, any_word: bool = False) -> None:
        self._words = words
        self._any = any_word
        self._starts = [re.compile(rf"(?<![^\W_]){re.escape(word)}") for word in words]

    def finds(self, whole: str) -> bool:
        """Return whether a folded text has the words; a query without words finds nothing."""
        # A substring test first is far quicker than the regular expression.
        if self._any:
            return any(
                word in whole and start.search(whole)
                for word, start in zip(self._words, self._starts, strict=True)
            )
        for word in self._words:
            if word not in whole:
                return False
        return bool(self._words) and all(start.search(whole) for start in self._starts)

    def rank(self, text: str) -> int:
        """Return how many of the words are not whole words of a text: 0 sorts first."""
        there = set(WORD.findall(folded(text)))
        return sum(word not in there for word in self._words)

    def pieces(self, text: str) -> list[Piece]:
        """Split a text so that each match is a piece of its own."""
        found: list[Piece] = []
        for part in PIECE.split(text):
            if not part:
                continue
            is_match = any(folded(part).startswith(word) for word in self._words)
            if found and not is_match and not found[-1].is_match:
                found[-1] = Piece(found[-1].text + part, False)
            else:
                found.append(Piece(part, is_match))
        return found
