"""The paragraphs (ayat) and letters (huruf) of an article. Pure and linear."""

import re
from dataclasses import dataclass, field
from itertools import islice

from coordinator.mapping.text_checks.surroundings import (
    ARTICLE,
    FINAL,
    LISTING,
    REFERENCE,
    REFERRING,
    WINDOW,
    Before,
    behind_marks,
    how_it_ends,
    line_begin,
    tail_of,
)

MOST_PARTS = 1000  # more are in no article: what is behind them is unsure
_PARAGRAPH = re.compile(r"\( ?(?P<number>\d{1,3}) ?(?P<letter>[a-z]?) ?\)")
_EXPLAINED = re.compile(r"\bAyat ?\( ?(?P<number>\d{1,3}) ?(?P<letter>[a-z]?) ?\)")
_LETTER = re.compile(r"(?<![\w(.])(?P<letter>[a-z]) ?[._]{0,3}[.)][_ ]{0,3}(?=\S|\n)")
_EXPLAINED_LETTER = re.compile(r"\bHuruf (?P<letter>[a-z])\b[.:]? ?")


@dataclass(slots=True)
class Parts:
    """The paragraphs or letters of a text by their name, what is before the first, which is the
    last, and whether it may be otherwise."""

    before: str
    parts: dict[str, str] = field(default_factory=dict)
    last: str = ""
    is_unsure: bool = False


def paragraphs_of(text: str, *, is_explanation: bool) -> Parts:
    """Return the paragraphs of an article by number, each with its own "(1)"."""
    marks: list[tuple[int, str]] = []
    last, is_unsure = 0, False
    heading = ARTICLE.match(text.lstrip("#*_ "))
    body = (
        behind_marks(text, heading.end() + len(text) - len(text.lstrip("#*_ "))) if heading else 0
    )
    found = islice((_EXPLAINED if is_explanation else _PARAGRAPH).finditer(text), MOST_PARTS)
    for seen, match in enumerate(found, start=1):
        is_unsure = is_unsure or seen == MOST_PARTS
        at, number = match.start(), int(match["number"])
        is_first_words = not text[body:at].strip() if at - body < WINDOW else False
        before = Before.FINAL if is_first_words else how_it_ends(text, at)
        is_next = number in (last, last + 1) if match["letter"] else number == last + 1
        if match["letter"] and number == last and not last:
            is_next = False
        if before is Before.REFERRING:
            continue
        if not is_first_words and _is_listed(text, at):
            continue
        if before in (Before.FINAL, Before.SOFT):
            if is_next:
                marks.append((at, f"{number}{match['letter']}"))
                last = number
            else:
                is_unsure = True
                if number > last and line_begin(text, at) is not None:
                    marks.append((at, f"{number}{match['letter']}"))
                    last = number
        else:
            is_unsure = True
            if is_next and line_begin(text, at) is not None:
                marks.append((at, f"{number}{match['letter']}"))
                last = number
    return _cut(text, marks, is_unsure=is_unsure)


def letters_of(text: str, *, is_explanation: bool) -> Parts:
    """Return what is before the first letter, and each letter's own text."""
    marks: list[tuple[int, str]] = []
    expected, is_unsure = "a", False
    found = islice((_EXPLAINED_LETTER if is_explanation else _LETTER).finditer(text), MOST_PARTS)
    for seen, match in enumerate(found, start=1):
        is_unsure = is_unsure or seen == MOST_PARTS
        at, letter = match.start(), match["letter"]
        tail = tail_of(text, at)
        begins_line = line_begin(text, at) is not None
        is_next = letter == expected
        kind = _letter_kind(tail, is_explanation=is_explanation, begins_line=begins_line)
        if kind is None:
            continue
        if not kind or not is_next:
            is_unsure = is_unsure or begins_line or kind
        if (is_next and (kind or begins_line)) or (begins_line and kind and letter > expected):
            marks.append((at, letter))
            expected = chr(ord(letter) + 1)
    return _cut(text, marks, is_unsure=is_unsure)


def _letter_kind(tail: str, *, is_explanation: bool, begins_line: bool) -> bool | None:
    """Return True where a letter can begin behind these words, None where it is referred to, and
    False where neither is certain."""
    if is_explanation:
        return bool(FINAL.search(tail)) or not tail
    if re.search(r"[;:][*_ ]?(?:dan/atau|dan|atau|serta)?$", tail, re.IGNORECASE):
        return True
    if re.search(r"\b(?:huruf|dan huruf)$", tail, re.IGNORECASE):
        return None
    if re.search(
        r"\bhuruf [a-z](?: ?,? ?(?:dan |atau )?(?:huruf )?[a-z])*,? ?(?:dan|atau|s\.?d\.?)?$",
        tail,
        re.IGNORECASE,
    ):
        return False if begins_line else None
    if FINAL.search(tail) and not REFERRING.search(tail):
        return begins_line
    if re.search(r",(?: ?(?:dan/atau|dan|atau|serta))?$", tail, re.IGNORECASE):
        return True if begins_line else None
    return False if begins_line else None


def _is_listed(text: str, at: int) -> bool:
    """Return whether a number is one of a list that is referred to: "ayat (1), (2), dan (3)"."""
    tail = tail_of(text, at)
    listing = LISTING.search(tail)
    if listing:
        return bool(REFERENCE.search(tail[: listing.start()].rstrip(" ,")))
    return bool(re.search(r"\b(?:pasal \d{1,4}[a-z]{0,2}|ayat ?\(\d{1,3}\))$", tail, re.IGNORECASE))


def _cut(text: str, marks: list[tuple[int, str]], *, is_unsure: bool) -> Parts:
    found = Parts(text[: marks[0][0]].strip() if marks else text, is_unsure=is_unsure)
    bounds = [*(start for start, _name in marks), len(text)]
    for (start, name), end in zip(marks, bounds[1:], strict=True):
        found.parts.setdefault(name, text[start:end].strip())
        found.last = name
    return found
