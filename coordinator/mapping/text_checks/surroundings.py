"""The words around a place of a law: do they end a sentence, or refer to what follows? Pure."""

import re
from enum import Enum, auto

WINDOW = 200  # characters that are looked at before and behind a place

# "Pasal", also as "P a s a l"; its number, with a letter next to it ("12A") or apart ("5 A").
WORD = r"[Pp] ?[Aa] ?[Ss] ?[Aa] ?[Ll]"
NUMBER = r" ?\n{0,2} ?(?P<number>\d{1,4})(?P<letter>[A-Za-z]{1,2}| [A-Z]{1,2})?"
ARTICLE = re.compile(rf"(?<!\w){WORD}{NUMBER}(?![\w/])(?! \d)")

# Behind these words a number is one that is referred to.
REFERRING = re.compile(
    r"(?:\b(?:ayat|huruf|angka|pasal|dalam|pada|dari|menurut|oleh|dengan|terhadap|atas|juncto|nomor"
    r"|hingga|sampai|ketentuan|berdasarkan|melanggar|selain|antara|kepada|untuk|bagi|karena)"
    r"|\b(?:jo|s\.? ?d|no|ps)\.?)$",
    re.IGNORECASE,
)
LISTING = re.compile(r"(?:,|\b(?:dan|atau|dan/atau|serta|maupun)|[-–])$", re.IGNORECASE)
REFERENCE = re.compile(
    r"(?:\b(?:ayat|huruf|pasal|angka|nomor)\b[^.;:]{0,60}|\(\d{1,3}[a-z]?\)[^.;:\w]{0,8})$",
    re.IGNORECASE,
)
FINAL = re.compile(r"(?:[.;:]|\bcukup jelas)[)\"”’'\]*_ ]{0,4}$", re.IGNORECASE)
# "b. Bagian Kedua ..." is no chapter; "menurut huruf a dan b." may end an article.
ITEM = re.compile(r"(?:^|[.;:,]|\b(?:dan|atau)) ?(?:[a-z]|(?<![a-z] )\d{1,2})[.)]$")
LETTERS_NAMED = re.compile(r"\bhuruf\b[^.;:]{0,40}.$")
_TITLE = re.compile(r"(?:^|\n)[^a-z\n]{0,160}[A-Z]{2}[^a-z\n]{0,40}$")


class Before(Enum):
    """How the words before a place end."""

    FINAL = auto()  # a sentence or a title ended
    SOFT = auto()  # ";" or ":"
    REFERRING = auto()
    PLAIN = auto()


def tail_of(text: str, at: int) -> str:
    """Return the words before a place in one line."""
    return " ".join(text[max(0, at - WINDOW) : at].split()).rstrip("#*_ ")


def line_begin(text: str, at: int) -> int | None:
    """Return where the line begins if nothing but marks is before a place, else None."""
    begin = at
    while begin > 0 and at - begin < WINDOW and text[begin - 1] in " #*_":
        begin -= 1
    return begin if begin == 0 or text[begin - 1] == "\n" else None


def behind_marks(text: str, at: int) -> int:
    """Return where the marks behind a heading end."""
    end = at
    while end < len(text) and end - at < WINDOW and text[end] in " *_:.":
        end += 1
    return end


def how_it_ends(text: str, at: int) -> Before:
    tail = tail_of(text, at)
    if not tail:
        return Before.FINAL
    if REFERRING.search(tail):
        return Before.REFERRING
    if ITEM.search(tail):  # "a. Pasal 3 ...", or the end of "huruf a dan b."
        is_letter = tail[-2].isalpha() and not LETTERS_NAMED.search(tail)
        return Before.REFERRING if is_letter else Before.PLAIN
    if FINAL.search(tail):
        return Before.SOFT if re.search(r"[;:][)\"”’'\]*_ ]{0,4}$", tail) else Before.FINAL
    if LISTING.search(tail):
        return (
            Before.REFERRING if REFERENCE.search(tail[:-1]) or tail.endswith(",") else Before.PLAIN
        )
    if _TITLE.search(text[max(0, at - WINDOW) : at].rstrip()):
        return Before.FINAL
    return Before.PLAIN
