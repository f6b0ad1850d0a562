"""Take a law apart into its articles. Pure and linear.

Text that was copied from a PDF breaks its lines anywhere, so "Pasal 3", "(3)" and "c." also begin
lines within sentences. Three things tell a beginning from a reference: how the words before it end,
how the words behind it begin, and whether its number is the next one. Where they contradict each
other, the part is kept and said to be unsure: nothing is both wrong and sure.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from coordinator.mapping.text_checks.surroundings import (
    ARTICLE,
    ITEM,
    LETTERS_NAMED,
    LISTING,
    WINDOW,
    WORD,
    Before,
    behind_marks,
    how_it_ends,
    line_begin,
    tail_of,
)

# More of them are in no law. What is behind the last one that is looked at is unsure.
MOST_MENTIONS, MOST_CHAPTERS = 10_000, 2000

_UNREADABLE = re.compile(
    r"^[ #*_]{0,8}(?:[Pp] ?[Aa] ?[Ss] ?[Aa] ?[Ll] ?[\dlIOoSB|!]{1,4}(?: [\dlIOoSB|!]{1,3}){0,3}"
    r" ?[A-Z]?|[Pp] ?[Aa] ?[Ss] ?[Aa] ?[I1|!] ?[\dlIOoSB|!]{1,4} ?[A-Z]?)[ *_.:]{0,6}$",
    re.MULTILINE,
)
_READABLE = re.compile(
    rf"[ #*_]{{0,8}}{WORD} ?\d{{1,4}}(?:[A-Za-z]{{1,2}}| [A-Z]{{1,2}})?[ *_.:]{{0,6}}"
)
# Where an article ends if none follows.
_STRUCTURE = re.compile(
    r"(?:^[ #*_]{0,8}|(?<=[.;:]) ?|(?<=[A-Z]{2}) )(?P<what>BAB\s{1,2}[IVXLC]+\b"
    r"|Bagian\s{1,2}Ke[a-z]+\b|Paragraf\s{1,2}(?:\d|Ke)|Agar\s{1,2}setiap\s{1,2}orang"
    r"|Disahkan\s{1,2}di\b|Ditetapkan\s{1,2}di\b|PENJELASAN\b|LAMPIRAN\b"
    r"|(?:II\. ?)?PASAL\s{1,2}DEMI\s{1,2}PASAL\b)",
    re.MULTILINE,
)
_EXPLANATION = re.compile(r"PENJELASAN\s{1,2}ATAS\b")
_ARTICLE_BY_ARTICLE = re.compile(r"\bPASAL\s{1,2}DEMI\s{1,2}PASAL\b")
_EXPLAINS = re.compile(r"[Cc]ukup jelas|Yang dimaksud|^(?:Ayat \(|Huruf [a-z]\b)", re.MULTILINE)
_SENTENCE = re.compile(r"[\"“'(]?(?:\( ?1 ?\)|[A-Z]|\d{1,2}\.|a\. )")
# What is no beginning of an article: the name of a law, but for "Undang-Undang ini mulai berlaku".
_LAW = re.compile(
    r"(?:Undang|Kitab|Peraturan|Perpres|Permen|Perda|Konvensi|Protokol|Keputusan|KUHP|KUHAP|UU\b|PP\b)"
)
_THIS_LAW = re.compile(r"(?:Undang|Peraturan|Keputusan)[^.;]{0,60}\bini\b")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the text has it, and whether it may begin or end elsewhere."""

    number: str
    text: str
    is_explanation: bool
    is_start_unsure: bool
    is_end_unsure: bool


# --- articles ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Bound:
    """Where an article begins (`number`), or something that is none; `at` and `end` of its heading.

    `is_unsure`: it may be no beginning. `ends_unsure`: the article before it may end elsewhere.
    """

    at: int
    end: int
    number: str = ""
    is_unsure: bool = False
    ends_unsure: bool = False


def articles_of(text: str) -> list[Article]:
    """Return the articles of a cleaned text in its order."""
    explained_from = _explained_from(text)
    bounds = _bounds(text, explained_from)
    zones = Counter((one.number, one.at >= explained_from) for one in bounds if one.number)
    found = []
    for one, following in pairwise([*bounds, _Bound(len(text), len(text))]):
        if not one.number:
            continue
        is_explanation = one.at >= explained_from
        is_twice = (
            bool(following.number) and zones[following.number, following.at >= explained_from] > 1
        )
        found.append(
            Article(
                one.number,
                text[one.at : following.at].strip(),
                is_explanation,
                is_start_unsure=one.is_unsure,
                is_end_unsure=following.ends_unsure
                or is_twice
                or not text[one.end : following.at].strip(),
            )
        )
    return found


def _explained_from(text: str) -> int:
    """Return where the explanation begins; a table of contents that names it is none."""
    for pattern in (_ARTICLE_BY_ARTICLE, _EXPLANATION):
        for match in reversed(list(pattern.finditer(text))):
            behind = text[match.end() :]
            if pattern is _ARTICLE_BY_ARTICLE and _EXPLAINS.search(behind):
                return match.start()
            if pattern is _EXPLANATION and re.search(r"[Cc]ukup jelas", behind):
                return match.start()
            break  # the last one decides
    return len(text)


def _bounds(text: str, explained_from: int) -> list[_Bound]:
    structure = _structure(text)
    places: list[tuple[int, int, re.Match[str] | _Bound]] = [(one.at, 0, one) for one in structure]
    places += [(one.at, 1, one) for one in _unreadable(text)]
    mentions = list(islice(ARTICLE.finditer(text), MOST_MENTIONS + 1))
    if len(mentions) > MOST_MENTIONS:
        far = mentions.pop().start()
        places.append((far, 0, _Bound(far, far, is_unsure=True, ends_unsure=True)))
    places += [(one.start(), 2, one) for one in mentions]
    places.sort(key=lambda one: one[:2])
    found: list[_Bound] = []
    last = ""  # the number of the article before
    is_explained = False
    title_from = -1  # where a title may still be running
    for at, _order, place in places:
        if not is_explained and at >= explained_from:
            is_explained, last = True, ""
        if isinstance(place, _Bound):
            found.append(place)
            title_from = place.end
            continue
        is_title = 0 <= title_from <= at and _is_title(text[title_from:at])
        bound = _heading(text, place, last, is_title=is_title, is_explained=is_explained)
        if bound is None:
            continue
        if bound.number:
            found.append(bound)
            last = bound.number
            title_from = -1
        else:  # something here is not certain: the article around it is not
            found_article = next((one for one in reversed(found)), None)
            if found_article is not None:
                found_article.is_unsure = True
    _check_titles(text, found)
    return found


def _heading(
    text: str, match: re.Match[str], last: str, *, is_title: bool, is_explained: bool
) -> _Bound | None:
    """Return the beginning of an article, None for a reference, and a bound without a number where
    it might be a beginning."""
    at = line_begin(text, match.start())
    begins_line = at is not None
    start = match.start() if at is None else at
    number = f"{int(match['number'])}{(match['letter'] or '').strip().lower()}"
    is_next = not last or _follows(last, number)
    before = Before.FINAL if is_title and is_next else how_it_ends(text, start)
    end = behind_marks(text, match.end())
    own_line = begins_line and (end >= len(text) or text[end] == "\n")
    is_list = ":" in text[match.end() : end]  # "menurut Pasal 9:" begins a list
    is_good, is_law = _behind(text, end, is_own_line=own_line, is_explained=is_explained)
    doubtful = _Bound(start, end)
    sure = _Bound(start, end, number, ends_unsure=bool(last) and not is_next)
    unsure = _Bound(start, end, number, is_unsure=True, ends_unsure=True)
    if before is Before.FINAL:
        if is_good and is_list:
            return unsure
        if is_good:
            back = bool(last) and _value(number) < _value(last)
            return unsure if back else sure
        if own_line:
            return unsure if is_next and not is_law else doubtful
        return None
    if before is Before.REFERRING:
        return doubtful if own_line and is_good and is_next and last else None
    if not is_good or not (own_line or text.startswith("(", end)):
        return None
    if before is Before.SOFT or is_next:
        return unsure
    return doubtful


def _behind(text: str, end: int, *, is_own_line: bool, is_explained: bool) -> tuple[bool, bool]:
    """Return whether an article can begin with the words behind a heading, and whether they are the
    name of a law."""
    words = text[end : end + WINDOW].lstrip()
    if not words:
        return False, False
    if _LAW.match(words):
        return bool(is_own_line and _THIS_LAW.match(words)), True
    if words.startswith("Ayat") and not is_explained:
        return False, False
    return bool(_SENTENCE.match(words)), False


def _structure(text: str) -> list[_Bound]:
    found: list[_Bound] = []
    for match in islice(_STRUCTURE.finditer(text), MOST_CHAPTERS):
        at = match.start("what")
        before = how_it_ends(text, at)
        tail = tail_of(text, at)
        if before is Before.REFERRING or LISTING.search(tail):
            continue
        is_item = bool(ITEM.search(tail))
        if is_item and not LETTERS_NAMED.search(tail):
            continue
        is_in_title = bool(found) and _is_title(text[found[-1].end : at])
        is_doubtful = is_item or (before is Before.PLAIN and not is_in_title)
        found.append(_Bound(at, match.end(), ends_unsure=is_doubtful))
    return found


def _check_titles(text: str, found: list[_Bound]) -> None:
    """A chapter's title is short, no sentence, and an article or a smaller chapter follows: else it
    may be a reference within the article before it."""
    for one, following in pairwise([*found, _Bound(len(text), len(text))]):
        if one.number or not text.startswith(("BAB", "Bagian", "Paragraf"), one.at):
            continue
        is_followed = following.number or text.startswith(("Bagian", "Paragraf"), following.at)
        if not is_followed or not _is_title(text[one.end : following.at]):
            one.ends_unsure = True


def _is_title(between: str) -> bool:
    words = between.strip()
    return (
        len(words) <= WINDOW
        and not re.search(r"[.;:](?:\s|$)", words)
        and not ARTICLE.search(words)
    )


def _unreadable(text: str) -> Iterator[_Bound]:
    """Find lines that are an article's heading with a number nobody can read for certain."""
    for match in islice(_UNREADABLE.finditer(text), MOST_CHAPTERS):
        if _READABLE.fullmatch(match[0]) or how_it_ends(text, match.start()) is Before.REFERRING:
            continue
        yield _Bound(match.start(), match.end(), is_unsure=True, ends_unsure=True)


def _follows(last: str, number: str) -> bool:
    """Return whether an article's number comes next: 14 -> 15 or 14A, 14A -> 14B or 15."""
    if _value(number) == _value(last) + 1:
        return number.isdigit()
    if _value(number) != _value(last):
        return False
    old, new = _suffix(last), _suffix(number)
    if not old:
        return new == "a"
    return len(old) == len(new) == 1 and ord(new) == ord(old) + 1


def _value(number: str) -> int:
    return int(re.match(r"\d+", number)[0])  # type: ignore[index]


def _suffix(number: str) -> str:
    return number.lstrip("0123456789")
