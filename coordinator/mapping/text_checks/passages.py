"""Find the passage that a citation names ("Pasal 14 ayat (3) huruf b") in a pasted law. Pure.

Pasted texts have lost line ends and blanks, or have too many. What cannot be found is said so: a
passage names the parts of the citation that are not in the text, and is then the larger part around
them. An article's number within a sentence ("sebagaimana dimaksud dalam Pasal 52 ayat (1)") is no
beginning of an article.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coordinator.mapping.text_checks.citation_rules import CitedPlace, cited_places

# "Pasal", also as "P a s a l"; its number, with a letter next to it ("12A") or apart ("5 A").
_WORD = r"[Pp][ \t]?[Aa][ \t]?[Ss][ \t]?[Aa][ \t]?[Ll]"
_NUMBER = r"[ \t]{0,6}\n?[ \t]{0,6}(?P<number>\d{1,4})(?P<letter>[A-Za-z]{1,2}|[ \t][A-Z]{1,2})?"
_BEGIN = r"(?:(?P<line>^[ \t#*_]*)|(?P<sentence>(?<=[.;:][ \t])|(?<=[.;:])|(?<=[A-Z]{2}[ \t])))"
_HEADING = re.compile(rf"{_BEGIN}{_WORD}{_NUMBER}(?![\w/])[*_:. \t]*", re.MULTILINE)
_NUMBERED = re.compile(rf"(?<!\w){_WORD}{_NUMBER}[ \t]*\n?[ \t]*(?=\([ \t]*1[ \t]*\))")
# What follows a heading in its own line: a sentence, and no name of another law.
_SENTENCE = re.compile(
    r"(?!Undang|Kitab|Peraturan|Perpres|Permen|Konvensi|Protokol|Keputusan|KUHP|KUHAP|UU\b|PP\b)"
    r"(?:[A-Z][a-z]+\b|Ayat\b)"
)
_PARAGRAPH = re.compile(r"\([ \t]*(?P<number>\d{1,3})[ \t]?(?P<letter>[a-z]?)[ \t]*\)")
_EXPLAINED = re.compile(r"\bAyat[ \t]*\([ \t]*(?P<number>\d{1,3})[ \t]?(?P<letter>[a-z]?)[ \t]*\)")
_LETTER = re.compile(r"(?<![\w(])(?P<letter>[a-z])[ \t]?[._]*[.)][_ \t]*(?=\S)")
_EXPLAINED_LETTER = re.compile(r"\bHuruf[ \t]+(?P<letter>[a-z])\b[.:]?[ \t]*")
_EXPLANATION = re.compile(r"PENJELASAN\s+ATAS\b|\bPASAL\s+DEMI\s+PASAL\b")
# Where an article ends if none follows.
_BEHIND = re.compile(
    r"(?:^|(?<=[.;:]))\s*(?:BAB\s+[IVXLC]+\b|Bagian\s+Ke[a-z]+\b|Paragraf\s+(?:\d|Ke)|Agar setiap "
    r"orang|Disahkan di\b|Ditetapkan di\b|PENJELASAN\b|LAMPIRAN\b)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What the text says at a place. `missing` names the parts of the citation not found there: the
    passage is then what is around them. `times` counts how often the text has this article."""

    name: str
    text: str
    missing: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """The passages of a citation, and the articles that the text does not have."""

    passages: tuple[Passage, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether every part of the citation was found, each once."""
        return (
            bool(self.passages)
            and not self.missing
            and all(not one.missing and one.times == 1 for one in self.passages)
        )

    @property
    def quote(self) -> str:
        """Return the passages as one text to quote."""
        return "\n\n".join(one.text for one in self.passages)


def find_passages(text: str, citation: str) -> PassagesFound:
    """Return what a law's text says at the places that a citation names."""
    asked = cited_places(citation)
    if not asked:
        return PassagesFound(missing=(" ".join(citation.split()),))
    articles = _articles(_cleaned(text))
    passages: list[Passage] = []
    missing: list[str] = []
    for place in asked:
        found = [
            one
            for one in articles
            if one.number == place.article and one.is_explanation == place.is_explanation
        ]
        if found:
            passages.append(_passage(found[0], place, times=len(found)))
        else:
            missing.append(_name(place))
    return PassagesFound(tuple(passages), tuple(missing))


def is_quoted_from(text: str, quote: str) -> bool:
    """Return whether a law's text has these words, regardless of blanks and line ends."""
    return "".join(quote.split()).casefold() in "".join(text.split()).casefold()


# --- the text ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Article:
    number: str
    text: str
    is_explanation: bool


def _cleaned(text: str) -> str:
    """Return the text with plain blanks and line ends, and nothing else changed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00ad", "")
    return re.sub(r"[\u00a0\u2000-\u200a\u202f\u3000\f\v]", " ", plain)


def _articles(text: str) -> list[_Article]:
    begin = _EXPLANATION.search(text)
    explained_from = begin.start() if begin else len(text)
    starts: dict[int, re.Match[str]] = {}
    for match in _HEADING.finditer(text):
        if _is_heading(text, match):
            starts[match.start("number")] = match
    for match in _NUMBERED.finditer(text):
        starts.setdefault(match.start("number"), match)
    found = sorted(starts.values(), key=lambda one: one.start())
    ends = [one.start() for one in _BEHIND.finditer(text)]
    bounds = [one.start() for one in found] + [len(text)]
    articles = []
    for match, (start, following) in zip(found, pairwise(bounds), strict=True):
        at = bisect_right(ends, match.end() - 1)
        end = min([following, *ends[at : at + 1]])
        number = f"{int(match['number'])}{(match['letter'] or '').strip().lower()}"
        articles.append(_Article(number, text[start:end].strip(), start >= explained_from))
    return articles


def _is_heading(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 40]
    if match["line"] is not None and (not following or following[0] == "\n"):
        return True
    return bool(_PARAGRAPH.match(following) or _SENTENCE.match(following))


def _passage(article: _Article, place: CitedPlace, *, times: int) -> Passage:
    missing: list[str] = []
    texts: list[str] = []
    if place.paragraphs:
        own = _paragraphs(article)
        for one in place.paragraphs:
            if one in own:
                texts.append(own[one])
            else:
                missing.append(f"ayat ({one})")
    scopes = texts if texts and not missing else [article.text]
    if place.letters and not missing:
        scopes, lost = _with_letters(scopes, place)
        missing += lost
    return Passage(_name(place), "\n".join(scopes), tuple(missing), times)


def _with_letters(scopes: Sequence[str], place: CitedPlace) -> tuple[list[str], list[str]]:
    """Return each scope with its first words and the letters that are cited, and those letters that
    none of them has: the scopes are then whole."""
    parts = [_lettered(one, is_explanation=place.is_explanation) for one in scopes]
    lost = [f"huruf {one}" for one in place.letters if not any(one in own for _b, own in parts)]
    if lost:
        return list(scopes), lost
    shown = []
    for before, own in parts:
        cited = [own[one] for one in place.letters if one in own]
        if cited:
            shown.append("\n".join([before, *cited] if before else cited))
    return shown, []


def _paragraphs(article: _Article) -> dict[str, str]:
    """Return the paragraphs of an article by number, each with its own "(1)"."""
    text = article.text
    marks: list[tuple[int, str]] = []
    last = 0
    pattern = _EXPLAINED if article.is_explanation else _PARAGRAPH
    for match in pattern.finditer(text):
        number = int(match["number"])
        before = text[: match.start()]
        is_next = number in (last, last + 1) if match["letter"] else number == last + 1
        if article.is_explanation:
            is_begin = number > last
        elif before.rstrip(" \t").endswith("\n"):
            is_begin = number > last or (number == last and bool(match["letter"]))
        else:
            is_begin = is_next and _begins_here(before, is_first=not marks)
        if is_begin:
            marks.append((match.start(), f"{number}{match['letter']}"))
            last = number
    return _cut(text, marks)


def _begins_here(before: str, *, is_first: bool) -> bool:
    """Return whether a paragraph can begin behind these words: a sentence ended, or nothing but the
    article's heading is before it."""
    plain = before.rstrip()
    if is_first and re.fullmatch(rf"[#*_\s]*{_WORD}{_NUMBER}[*_:.\s]*", plain):
        return True
    return plain.endswith((".", ";", ":"))


def _lettered(text: str, *, is_explanation: bool) -> tuple[str, dict[str, str]]:
    """Return what is before the first letter, and each letter's own text."""
    marks: list[tuple[int, str]] = []
    expected = "a"
    pattern = _EXPLAINED_LETTER if is_explanation else _LETTER
    for match in pattern.finditer(text):
        before = text[: match.start()].rstrip(" \t_*")
        letter = match["letter"]
        if before.endswith("\n") or is_explanation:
            is_begin = letter >= expected
        else:
            plain = before.rstrip()
            is_begin = letter == expected and bool(
                re.search(r"(?:[:;,.]|\b(?:dan/atau|dan|atau|serta))$", plain)
            )
        if is_begin:
            marks.append((match.start(), letter))
            expected = chr(ord(letter) + 1)
    begin = text[: marks[0][0]].strip() if marks else text
    return begin, _cut(text, marks)


def _cut(text: str, marks: Sequence[tuple[int, str]]) -> dict[str, str]:
    bounds = [*(start for start, _name in marks), len(text)]
    found: dict[str, str] = {}
    for (start, name), end in zip(marks, bounds[1:], strict=True):
        found.setdefault(name, text[start:end].strip())
    return found


def _name(place: CitedPlace) -> str:
    name = f"Pasal {place.article.upper()}"
    if place.paragraphs:
        name += " ayat " + ", ".join(f"({one})" for one in place.paragraphs)
    if place.letters:
        name += " huruf " + ", ".join(place.letters)
    return f"Penjelasan {name}" if place.is_explanation else name
