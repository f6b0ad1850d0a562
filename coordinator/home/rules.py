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
    """A stretch of a text; `is_match` where it is a word that was asked for."""

    text: str
    is_match: bool


def folded(text: str) -> str:
    """Return a text as it is compared: no case, no accents, no widths."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


def telling(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say something by themselves."""
    return tuple(word for word in words if len(word) > 2 and word not in FILLERS)


def asked(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded: at most MOST_WORDS of its first LONGEST_QUERY signs."""
    words = WORD.findall(folded(query[:LONGEST_QUERY]))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


class Finder:
    """Finds texts that contain every word of a query, in any order; or, where `any_word` is set,
    one of them at least.

    A word is found where one begins with it ("magang luar neg" finds "magang ke luar negeri"), and
    in the middle of none ("gang" does not find "magang").
    """

    def __init__(self, words: Sequence[str], *, any_word: bool = False) -> None:
        self._words = words
        self._enough = any if any_word else all
        self._starts = [re.compile(rf"(?<![^\W_]){re.escape(word)}") for word in words]

    def finds(self, *texts: str | None) -> bool:
        """Tell whether the texts together hold the words; a query without words finds nothing."""
        if not self._words:
            return False
        whole = folded(" ".join(text for text in texts if text))
        # Looking for a plain piece first is far quicker than for a word's start.
        return self._enough(
            word in whole and bool(start.search(whole))
            for word, start in zip(self._words, self._starts, strict=True)
        )

    def rank(self, *texts: str | None) -> int:
        """Return how many of the words do not stand there whole: 0 comes first."""
        there = {found for text in texts if text for found in WORD.findall(folded(text))}
        return sum(word not in there for word in self._words)

    def pieces(self, text: str) -> list[Piece]:
        """Cut a text so that each word that was asked for stands alone."""
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
