"""The format of a list of people, and its possible errors. Pure."""

import re
import unicodedata
from datetime import date
from enum import StrEnum, auto

from coordinator.people.accounts.rules import Standing

LARGEST_FILE = 5_000_000  # bytes
MOST_ROWS = 1000
LONGEST_CELL = 200
HEADER_WITHIN = 20  # rows: a letterhead may be above the table
OWN_SHEETS = ("Pilihan", "Petunjuk")  # of the template, in addition to the list


class PeopleColumn(StrEnum):
    """The columns of the list."""

    AGENCY = auto()
    NAME = auto()
    ROLE = auto()
    POSITION = auto()
    STANDING = auto()
    EMAIL = auto()
    TELEPHONE = auto()
    LETTER_NUMBER = auto()
    LETTER_ON = auto()


# Columns in which a cell merged over several rows applies to all of them. A name, an address and a
# telephone number belong to one person.
OF_THE_GROUP = (
    PeopleColumn.AGENCY,
    PeopleColumn.ROLE,
    PeopleColumn.POSITION,
    PeopleColumn.STANDING,
    PeopleColumn.LETTER_NUMBER,
    PeopleColumn.LETTER_ON,
)
LONGEST = {
    PeopleColumn.NAME: 120,
    PeopleColumn.POSITION: 120,
    PeopleColumn.LETTER_NUMBER: 80,
}  # as they are kept


class Role(StrEnum):
    """What a person of the list is to be."""

    FOCAL_POINT = auto()
    ALTERNATE = auto()
    HEAD = auto()


class FileProblem(StrEnum):
    """Why a file cannot be read at all."""

    TOO_LARGE = auto()
    DAMAGED = auto()
    NO_HEADER = auto()
    NO_ROWS = auto()
    TOO_MANY_ROWS = auto()
    TOO_HEAVY = auto()


class CellProblem(StrEnum):
    """What is wrong with a cell."""

    MISSING = auto()
    TOO_LONG = auto()
    IDENTITY = auto()
    UNKNOWN_AGENCY = auto()
    NO_ADDRESS = auto()
    NO_DATE = auto()
    ODD_YEAR = auto()
    NO_STANDING = auto()
    NO_ROLE = auto()
    NO_NAME = auto()
    REPEATED = auto()
    MERGED = auto()
    FORMULA = auto()
    FAULT = auto()
    TWO_COLUMNS = auto()
    TWO_STANDINGS = auto()


TITLES = {
    PeopleColumn.AGENCY: "OPD",
    PeopleColumn.NAME: "Nama",
    PeopleColumn.ROLE: "Peran",
    PeopleColumn.POSITION: "Jabatan",
    PeopleColumn.STANDING: "Status jabatan",
    PeopleColumn.EMAIL: "Email",
    PeopleColumn.TELEPHONE: "Telepon",
    PeopleColumn.LETTER_NUMBER: "Nomor surat",
    PeopleColumn.LETTER_ON: "Tanggal surat",
}
ROLE_WORDS = {
    Role.FOCAL_POINT: ("narahubung", "narahubung utama", "utama", "focal point", "pic", ""),
    Role.ALTERNATE: ("pengganti", "narahubung pengganti", "cadangan", "alternate"),
    Role.HEAD: ("kepala", "kepala opd", "kepala dinas", "kepala instansi", "pimpinan"),
}
STANDING_WORDS = {
    "definitif": Standing.DEFINITIF,
    "tetap": Standing.DEFINITIF,
    "plt": Standing.PLT,
    "pelaksana tugas": Standing.PLT,
    "plh": Standing.PLH,
    "pelaksana harian": Standing.PLH,
}
_STANDING = r"(?P<standing>plt|plh|pelaksana (?:tugas|harian))"
STANDING_IN_OFFICE = (
    re.compile(rf"\(\s*{_STANDING}\.?\s*\)", re.IGNORECASE),
    re.compile(rf"^\s*{_STANDING}\b[.:]?", re.IGNORECASE),
    re.compile(rf"\s*[,/-]?\s*\b{_STANDING}\.?\s*$", re.IGNORECASE),
)
# Words that are written in place of an unknown name. Folded.
NOBODY = frozenset(
    [
        "nihil",
        "kosong",
        "lowong",
        "tidak ada",
        "belum ada",
        "belum ditunjuk",
        "belum diisi",
        "n a",
        "na",
        "tba",
        "tbd",
        "true",
        "false",
    ]
)
MOST_DIGITS = 5  # in a name: a telephone number and a NIP have more
MONTHS = (
    ("januari", "jan", "january"),
    ("februari", "feb", "february", "pebruari"),
    ("maret", "mar", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("agustus", "agu", "ags", "aug", "august", "agt"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "oct", "october"),
    ("november", "nov", "nopember"),
    ("desember", "des", "dec", "december"),
)


def fold(text: str) -> str:
    """Return a name or header as it is compared: no case, no accents of width, no punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


def role_of(text: str) -> Role | None:
    """Return the role that a cell names; an empty one is the focal point. "Narahubung/Pengganti"
    leaves it open."""
    if "/" in text:
        return None
    folded = fold(text)
    return next((role for role, words in ROLE_WORDS.items() if folded in words), None)


def standing_of(text: str) -> Standing | None:
    """Return the standing that a cell names, or None."""
    return STANDING_WORDS.get(fold(text))


def address_in(text: str) -> str:
    """Return the address in "mailto:x@y" or "Nama <x@y>"; anything else unchanged.

    A text with two addresses stays as it is, because it is not clear which is meant.
    """
    bare = re.sub(r"^<?mailto:", "", text.strip(), flags=re.IGNORECASE).partition("?")[0]
    bare = bare[:-1] if bare.endswith(">") and "<" not in bare else bare
    named = re.fullmatch(
        r"(?P<name>[^<>@]*)<(?:mailto:)?(?P<address>[^<>\s]+)>", bare, re.IGNORECASE
    )
    return named["address"] if named else bare


def split_position(text: str) -> tuple[Standing | None, str]:
    """Return (standing, office) of "Plt. Kepala Dinas" or "Kepala Dinas (Plt.)"; (None, text)
    where none is written."""
    for pattern in STANDING_IN_OFFICE:
        found = pattern.search(text)
        office = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()) if found else ""
        if found and office:
            return STANDING_WORDS[fold(found["standing"])], office
    return None, text


def is_name(text: str) -> bool:
    """Return whether a cell can be a person's name: letters, no long number, no "belum ada"."""
    return (
        any(sign.isalpha() for sign in text)
        and sum(sign.isdigit() for sign in text) < MOST_DIGITS
        and "@" not in text
        and fold(text) not in NOBODY
    )


def without_numbering(text: str) -> str:
    """Return a name without the number of its row: "1. Nama" is "Nama"."""
    return re.sub(r"^\(?\d{1,3}[.)]\s*(?=[^\W\d])", "", text)


def date_of(text: str) -> date | None:
    """Return the day that a cell names, written day first as usual in Indonesia, or None.

    Accepted are "2026-11-12", "12/11/2026", "12-11-2026", "12 Nov 2026", "12 November 2026".
    """
    text = text.strip().casefold()
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t].*)?", text)
    day_first = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    named = re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        if named:
            month = next((n for n, names in enumerate(MONTHS, 1) if named[2] in names), None)
            return date(int(named[3]), month, int(named[1])) if month else None
    except ValueError:
        return None
    return None
