"""Text that people or programs typed: cleaned, or read as a number or a day. Pure."""

import re
from datetime import date, datetime

LARGEST = 2**31 - 1  # what an INTEGER column of every engine holds
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, LAST_DAY.year
# Programs and browsers' own date fields send the first; people type the others, day first.
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
# What no database, XML or header can hold: control characters but tab and line ends, halves of
# surrogate pairs, and the two that Unicode says are no characters.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What nobody sees, and Word, Excel and web pages leave behind: soft hyphens, zero-width spaces and
# joiners, direction marks, marks of byte order. A family emoji falls apart into its persons.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Spaces that look like any other: no-break, figure, narrow, ideographic, and those of typesetters.
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # of mainframes and of Unicode
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛`´′ʼ", "'"))


def storable(text: str) -> str:
    """Return the text without characters that cannot be stored, else unchanged: for passwords."""
    return UNSTORABLE.sub("", text)


def clean(text: str) -> str:
    """Return text from outside as it is kept: the one cleaning of forms, sheets and YAML.

    Characters that cannot be stored or are invisible are dropped; unusual spaces and line ends are
    replaced by plain ones.
    """
    if not text.isascii():
        text = ODD_SPACES.sub(" ", INVISIBLE.sub("", LINE_ENDS.sub("\n", text)))
    return UNSTORABLE.sub("", text)


def plain_name(text: str) -> str:
    """Return the name of a person or an office in the form that is stored and compared.

    It is clean, on one line, and has the plain quotation marks and apostrophes of a keyboard
    ("Ja'far", not "Ja’far").
    """
    return " ".join(clean(text).translate(QUOTES).split())


def whole(text: object, default: int = 0, *, least: int = 0, most: int = LARGEST) -> int:
    """Return the whole number in ASCII digits from `least` to `most`; otherwise `default`."""
    found = re.fullmatch(r"-?[0-9]{1,10}", str(text if text is not None else "").strip())
    if found is None or not least <= int(found[0]) <= most:
        return default
    return int(found[0])


def is_sensible(day: date, *, first_year: int = FIRST_YEAR) -> bool:
    """Return whether a day is plausible for a task force: from 2000 (or `first_year`) to 2100."""
    return first_year <= day.year <= LAST_YEAR


def day_of(text: str) -> date | None:
    """Return the day that was typed ("2026-11-12", "12/11/2026"), of any year, or None."""
    text = text.strip()
    if not text.isascii():
        return None  # the library reads digits of every script
    for shape in DAY_FORMATS:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 a date has no zone
        except ValueError:
            continue
    return None


def sensible_day(text: str) -> date | None:
    """Return the day that was typed if it is between 2000 and 2100, else None."""
    day = day_of(text)
    return day if day is not None and is_sensible(day) else None
