"""A pasted law with plain blanks, and without what is printed on every page. Pure and linear."""

import re
from collections import Counter
from itertools import pairwise

# What is surely printed on a page and no words of the law.
_PAGE_NUMBER = re.compile(
    r"(?:[-–—] ?\d{1,4} ?[-–—]|(?:Halaman|Hal\.) \d{1,4} (?:dari|/) \d{1,4}"
    r"|SK No\.? \d{4,8} ?[A-Z]?"
    r"|PRESIDEN REPUBLIK INDONESIA)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S{1,200}|[\w.-]{1,80}\.go\.id(?:/\S{0,200})?", re.IGNORECASE
)
_GAZETTE = re.compile(r"\d{4}, ?No\. ?\d{1,5}(?: -?\d{1,4}-?)?")
_ALONE = re.compile(r"\d{1,4}")
# A line of a table of contents: "Pasal 5 ........ 12".
_CONTENTS = re.compile(r".{1,160}?(?:\.{4,}|(?:\. ){4,}|…{2,}) ?\d{1,4}")
_CATCHWORD = re.compile(r"(?P<words>.{1,60}?) ?(?:\. ?\. ?\.(?: ?\.){0,3}|…)")
_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\v]")


def cleaned(text: str) -> str:
    """Return the text with one blank where it has several, at most one empty line in a row, and
    without page numbers, running heads and web addresses that are repeated page by page."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    plain = _BLANKS.sub(" ", plain.replace("\u00ad", "").replace("\u200b", ""))
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    times = Counter(line for line in lines if _is_repeatable(line))
    is_kept = [not (_is_page_mark(line) or times[line] > 1) for line in lines]
    _drop_beside_page_numbers(lines, is_kept)
    _drop_presidents_head(lines, is_kept)
    kept = [line for line, keep in zip(lines, is_kept, strict=True) if keep]
    kept = _without_catchwords(kept)
    return "\n".join(line for at, line in enumerate(kept) if line or (at and kept[at - 1]))


def squeezed(text: str) -> str:
    """Return the text without blanks and line ends, in small letters."""
    return "".join(text.replace("\u00ad", "").split()).casefold()


def looks_like_page_marks(text: str) -> bool:
    """Return whether a passage has a line that may be of the page and not of the law: a number or
    an address alone, or a catchword."""
    lines = text.split("\n")[1:]
    return any(
        _ALONE.fullmatch(line)
        or _ADDRESS.fullmatch(line)
        or _GAZETTE.fullmatch(line)
        or (line.endswith((". . .", "...", "…")) and _CATCHWORD.fullmatch(line))
        for line in lines
    )


def _is_page_mark(line: str) -> bool:
    return bool(
        _PAGE_NUMBER.fullmatch(line)
        or (len(line) < 200 and line[-1:].isdigit() and _CONTENTS.fullmatch(line))
    )


def _is_repeatable(line: str) -> bool:
    return bool(_ADDRESS.fullmatch(line) or _GAZETTE.fullmatch(line))


def _drop_beside_page_numbers(lines: list[str], is_kept: list[bool]) -> None:
    """Drop an address or a gazette's number next to a page number, if only once."""
    shown = [at for at, line in enumerate(lines) if line]
    for before, after in pairwise(shown):
        for one, other in ((before, after), (after, before)):
            if _PAGE_NUMBER.fullmatch(lines[other]) and _is_repeatable(lines[one]):
                is_kept[one] = False


def _drop_presidents_head(lines: list[str], is_kept: list[bool]) -> None:
    """Drop "PRESIDEN" with "REPUBLIK INDONESIA" below it, the head of every page of a law."""
    shown = [at for at, line in enumerate(lines) if line]
    for first, second in pairwise(shown):
        if lines[first] == "PRESIDEN" and lines[second] == "REPUBLIK INDONESIA":
            is_kept[first] = is_kept[second] = False


def _without_catchwords(lines: list[str]) -> list[str]:
    """Drop the words at a page's foot that announce the next page ("Pasal 15 . . .")."""
    kept: list[str] = []
    following = ""
    for line in reversed(lines):
        catch = _CATCHWORD.fullmatch(line) if line.endswith((".", "…")) and len(line) < 80 else None
        if catch and following and squeezed(following).startswith(squeezed(catch["words"])):
            continue
        kept.append(line)
        following = line or following
    return kept[::-1]
