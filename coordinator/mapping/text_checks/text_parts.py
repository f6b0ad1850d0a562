"""Take a law apart: its articles, their paragraphs (ayat) and letters (huruf). Pure and linear.

Text that was copied from a PDF breaks its lines anywhere, so "Pasal 3", "(3)" and "c." also begin
lines within sentences. Three things tell a beginning from a reference: how the words before it end,
how the words behind it begin, and whether its number is the next one. Where they contradict each
other, the part is kept and said to be unsure: nothing is both wrong and sure.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice, pairwise

WINDOW = 200  # characters that are looked at before and behind a place
# More of them are in no law. What is behind the last one that is looked at is unsure.
MOST_MENTIONS, MOST_CHAPTERS, MOST_PARTS = 10_000, 2000, 1000

# "Pasal", also as "P a s a l"; its number, with a letter next to it ("12A") or apart ("5 A").
_WORD = r"[Pp] ?[Aa] ?[Ss] ?[Aa] ?[Ll]"
_NUMBER = r" ?\n{0,2} ?(?P<number>\d{1,4})(?P<letter>[A-Za-z]{1,2}| [A-Z]{1,2})?"
_ARTICLE = re.compile(rf"(?<!\w){_WORD}{_NUMBER}(?![\w/])(?! \d)")
_UNREADABLE = re.compile(
    r"^[ #*_]{0,8}(?:[Pp] ?[Aa] ?[Ss] ?[Aa] ?[Ll] ?[\dlIOoSB|!]{1,4}(?: [\dlIOoSB|!]{1,3}){0,3}"
    r" ?[A-Z]?|[Pp] ?[Aa] ?[Ss] ?[Aa] ?[I1|!] ?[\dlIOoSB|!]{1,4} ?[A-Z]?)[ *_.:]{0,6}$",
    re.MULTILINE,
)
_READABLE = re.compile(
    rf"[ #*_]{{0,8}}{_WORD} ?\d{{1,4}}(?:[A-Za-z]{{1,2}}| [A-Z]{{1,2}})?[ *_.:]{{0,6}}"
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
_PARAGRAPH = re.compile(r"\( ?(?P<number>\d{1,3}) ?(?P<letter>[a-z]?) ?\)")
_EXPLAINED = re.compile(r"\bAyat ?\( ?(?P<number>\d{1,3}) ?(?P<letter>[a-z]?) ?\)")
_LETTER = re.compile(r"(?<![\w(.])(?P<letter>[a-z]) ?[._]{0,3}[.)][_ ]{0,3}(?=\S|\n)")
_EXPLAINED_LETTER = re.compile(r"\bHuruf (?P<letter>[a-z])\b[.:]? ?")

# Behind these words a number is one that is referred to.
_REFERRING = re.compile(
    r"(?:\b(?:ayat|huruf|angka|pasal|dalam|pada|dari|menurut|oleh|dengan|terhadap|atas|juncto|nomor"
    r"|hingga|sampai|ketentuan|berdasarkan|melanggar|selain|antara|kepada|untuk|bagi|karena)"
    r"|\b(?:jo|s\.? ?d|no|ps)\.?)$",
    re.IGNORECASE,
)
_LISTING = re.compile(r"(?:,|\b(?:dan|atau|dan/atau|serta|maupun)|[-–])$", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:\b(?:ayat|huruf|pasal|angka|nomor)\b[^.;:]{0,60}|\(\d{1,3}[a-z]?\)[^.;:\w]{0,8})$",
    re.IGNORECASE,
)
_FINAL = re.compile(r"(?:[.;:]|\bcukup jelas)[)\"”’'\]*_ ]{0,4}$", re.IGNORECASE)
# "b. Bagian Kedua ..." is no chapter; "menurut huruf a dan b." may end an article.
_ITEM = re.compile(r"(?:^|[.;:,]|\b(?:dan|atau)) ?(?:[a-z]|(?<![a-z] )\d{1,2})[.)]$")
_LETTERS_NAMED = re.compile(r"\bhuruf\b[^.;:]{0,40}.$")
_TITLE = re.compile(r"(?:^|\n)[^a-z\n]{0,160}[A-Z]{2}[^a-z\n]{0,40}$")
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


@dataclass(slots=True)
class Parts:
    """The paragraphs or letters of a text by their name, what is before the first, which is the
    last, and whether it may be otherwise."""

    before: str
    parts: dict[str, str] = field(default_factory=dict)
    last: str = ""
    is_unsure: bool = False


class _Before(Enum):
    """How the words before a place end."""

    FINAL = auto()  # a sentence or a title ended
    SOFT = auto()  # ";" or ":"
    REFERRING = auto()
    PLAIN = auto()


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
    mentions = list(islice(_ARTICLE.finditer(text), MOST_MENTIONS + 1))
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
    at = _line_begin(text, match.start())
    begins_line = at is not None
    start = match.start() if at is None else at
    number = f"{int(match['number'])}{(match['letter'] or '').strip().lower()}"
    is_next = not last or _follows(last, number)
    before = _Before.FINAL if is_title and is_next else _before(text, start)
    end = _behind_marks(text, match.end())
    own_line = begins_line and (end >= len(text) or text[end] == "\n")
    is_list = ":" in text[match.end() : end]  # "menurut Pasal 9:" begins a list
    is_good, is_law = _behind(text, end, is_own_line=own_line, is_explained=is_explained)
    doubtful = _Bound(start, end)
    sure = _Bound(start, end, number, ends_unsure=bool(last) and not is_next)
    unsure = _Bound(start, end, number, is_unsure=True, ends_unsure=True)
    if before is _Before.FINAL:
        if is_good and is_list:
            return unsure
        if is_good:
            back = bool(last) and _value(number) < _value(last)
            return unsure if back else sure
        if own_line:
            return unsure if is_next and not is_law else doubtful
        return None
    if before is _Before.REFERRING:
        return doubtful if own_line and is_good and is_next and last else None
    if not is_good or not (own_line or text.startswith("(", end)):
        return None
    if before is _Before.SOFT or is_next:
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
        before = _before(text, at)
        tail = _tail(text, at)
        if before is _Before.REFERRING or _LISTING.search(tail):
            continue
        is_item = bool(_ITEM.search(tail))
        if is_item and not _LETTERS_NAMED.search(tail):
            continue
        is_in_title = bool(found) and _is_title(text[found[-1].end : at])
        is_doubtful = is_item or (before is _Before.PLAIN and not is_in_title)
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
        and not _ARTICLE.search(words)
    )


def _unreadable(text: str) -> Iterator[_Bound]:
    """Find lines that are an article's heading with a number nobody can read for certain."""
    for match in islice(_UNREADABLE.finditer(text), MOST_CHAPTERS):
        if _READABLE.fullmatch(match[0]) or _before(text, match.start()) is _Before.REFERRING:
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


# --- paragraphs and letters ----------------------------------------------------------------------


def paragraphs_of(text: str, *, is_explanation: bool) -> Parts:
    """Return the paragraphs of an article by number, each with its own "(1)"."""
    marks: list[tuple[int, str]] = []
    last, is_unsure = 0, False
    heading = _ARTICLE.match(text.lstrip("#*_ "))
    body = (
        _behind_marks(text, heading.end() + len(text) - len(text.lstrip("#*_ "))) if heading else 0
    )
    found = islice((_EXPLAINED if is_explanation else _PARAGRAPH).finditer(text), MOST_PARTS)
    for seen, match in enumerate(found, start=1):
        is_unsure = is_unsure or seen == MOST_PARTS
        at, number = match.start(), int(match["number"])
        is_first_words = not text[body:at].strip() if at - body < WINDOW else False
        before = _Before.FINAL if is_first_words else _before(text, at)
        is_next = number in (last, last + 1) if match["letter"] else number == last + 1
        if match["letter"] and number == last and not last:
            is_next = False
        if before is _Before.REFERRING:
            continue
        if not is_first_words and _is_listed(text, at):
            continue
        if before in (_Before.FINAL, _Before.SOFT):
            if is_next:
                marks.append((at, f"{number}{match['letter']}"))
                last = number
            else:
                is_unsure = True
                if number > last and _line_begin(text, at) is not None:
                    marks.append((at, f"{number}{match['letter']}"))
                    last = number
        else:
            is_unsure = True
            if is_next and _line_begin(text, at) is not None:
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
        tail = _tail(text, at)
        begins_line = _line_begin(text, at) is not None
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
        return bool(_FINAL.search(tail)) or not tail
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
    if _FINAL.search(tail) and not _REFERRING.search(tail):
        return begins_line
    if re.search(r",(?: ?(?:dan/atau|dan|atau|serta))?$", tail, re.IGNORECASE):
        return True if begins_line else None
    return False if begins_line else None


def _is_listed(text: str, at: int) -> bool:
    """Return whether a number is one of a list that is referred to: "ayat (1), (2), dan (3)"."""
    tail = _tail(text, at)
    listing = _LISTING.search(tail)
    if listing:
        return bool(_REFERENCE.search(tail[: listing.start()].rstrip(" ,")))
    return bool(re.search(r"\b(?:pasal \d{1,4}[a-z]{0,2}|ayat ?\(\d{1,3}\))$", tail, re.IGNORECASE))


def _cut(text: str, marks: list[tuple[int, str]], *, is_unsure: bool) -> Parts:
    found = Parts(text[: marks[0][0]].strip() if marks else text, is_unsure=is_unsure)
    bounds = [*(start for start, _name in marks), len(text)]
    for (start, name), end in zip(marks, bounds[1:], strict=True):
        found.parts.setdefault(name, text[start:end].strip())
        found.last = name
    return found


# --- the words around a place --------------------------------------------------------------------


def _tail(text: str, at: int) -> str:
    """Return the words before a place in one line."""
    return " ".join(text[max(0, at - WINDOW) : at].split()).rstrip("#*_ ")


def _line_begin(text: str, at: int) -> int | None:
    """Return where the line begins if nothing but marks is before a place, else None."""
    begin = at
    while begin > 0 and at - begin < WINDOW and text[begin - 1] in " #*_":
        begin -= 1
    return begin if begin == 0 or text[begin - 1] == "\n" else None


def _behind_marks(text: str, at: int) -> int:
    """Return where the marks behind a heading end."""
    end = at
    while end < len(text) and end - at < WINDOW and text[end] in " *_:.":
        end += 1
    return end


def _before(text: str, at: int) -> _Before:
    tail = _tail(text, at)
    if not tail:
        return _Before.FINAL
    if _REFERRING.search(tail):
        return _Before.REFERRING
    if _ITEM.search(tail):  # "a. Pasal 3 ...", or the end of "huruf a dan b."
        is_letter = tail[-2].isalpha() and not _LETTERS_NAMED.search(tail)
        return _Before.REFERRING if is_letter else _Before.PLAIN
    if _FINAL.search(tail):
        return _Before.SOFT if re.search(r"[;:][)\"”’'\]*_ ]{0,4}$", tail) else _Before.FINAL
    if _LISTING.search(tail):
        return (
            _Before.REFERRING
            if _REFERENCE.search(tail[:-1]) or tail.endswith(",")
            else _Before.PLAIN
        )
    if _TITLE.search(text[max(0, at - WINDOW) : at].rstrip()):
        return _Before.FINAL
    return _Before.PLAIN
