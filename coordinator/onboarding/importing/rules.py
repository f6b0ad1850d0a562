"""What a list of people may look like, and what may be wrong with it. Pure."""

import re
import unicodedata
from datetime import date
from enum import StrEnum, auto

from coordinator.accounts.rules import Standing

LARGEST_FILE = 5_000_000  # bytes
MOST_ROWS = 1000
LONGEST_CELL = 200
HEADER_WITHIN = 20  # rows: a letterhead may stand above the table


class Column(StrEnum):
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
    NO_STANDING = auto()
    NO_ROLE = auto()
    REPEATED = auto()


# Folded headers as people write them. The first of each is the one of the template.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.AGENCY: (
        "opd",
        "instansi",
        "opd instansi",
        "nama opd",
        "nama instansi",
        "perangkat daerah",
        "nama perangkat daerah",
        "lembaga",
        "dinas",
        "unit kerja",
    ),
    Column.NAME: ("nama", "nama lengkap", "nama narahubung", "nama pejabat", "narahubung"),
    Column.ROLE: ("peran", "sebagai", "peran narahubung pengganti kepala", "tugas"),
    Column.POSITION: ("jabatan", "nama jabatan"),
    Column.STANDING: (
        "status jabatan",
        "status",
        "definitif plt plh",
        "status jabatan definitif plt plh",
    ),
    Column.EMAIL: ("surel", "email", "e mail", "alamat surel", "alamat email", "surat elektronik"),
    Column.TELEPHONE: (
        "telepon",
        "telp",
        "hp",
        "no hp",
        "nomor hp",
        "no telp",
        "no telepon",
        "nomor telepon",
        "telepon hp",
        "wa",
        "no wa",
        "whatsapp",
    ),
    Column.LETTER_NUMBER: (
        "nomor surat",
        "no surat",
        "nomor sk",
        "no sk",
        "nomor surat penunjukan",
        "nomor surat tugas",
    ),
    Column.LETTER_ON: ("tanggal surat", "tgl surat", "tanggal sk", "tgl sk"),
}
TITLES = {
    Column.AGENCY: "OPD",
    Column.NAME: "Nama",
    Column.ROLE: "Peran",
    Column.POSITION: "Jabatan",
    Column.STANDING: "Status jabatan",
    Column.EMAIL: "Surel",
    Column.TELEPHONE: "Telepon",
    Column.LETTER_NUMBER: "Nomor surat",
    Column.LETTER_ON: "Tanggal surat",
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


def column_of(header: str) -> Column | None:
    """Return the column that a header names, or None."""
    folded = fold(header)
    return next((column for column, names in HEADERS.items() if folded in names), None)


def role_of(text: str) -> Role | None:
    """Return the role that a cell names; an empty one is the focal point."""
    folded = fold(text)
    return next((role for role, words in ROLE_WORDS.items() if folded in words), None)


def standing_of(text: str) -> Standing | None:
    """Return the standing that a cell names, or None."""
    return STANDING_WORDS.get(fold(text))


def address_in(text: str) -> str:
    """Return the address that "mailto:x@y" or "Nama <x@y>" wraps; anything else as it is, and so
    where two addresses are named: which is meant is nobody's to guess."""
    bare = re.sub(r"^<?mailto:", "", text.strip(), flags=re.IGNORECASE).partition("?")[0]
    bare = bare[:-1] if bare.endswith(">") and "<" not in bare else bare
    named = re.fullmatch(
        r"(?P<name>[^<>@]*)<(?:mailto:)?(?P<address>[^<>\s]+)>", bare, re.IGNORECASE
    )
    return named["address"] if named else bare


def split_position(text: str) -> tuple[Standing | None, str]:
    """Return (standing, office) of "Plt. Kepala Dinas"; (None, text) where none is written."""
    found = re.match(r"\s*(plt|plh)\b\.?\s*(.+)", text, re.IGNORECASE)
    return (Standing(found[1].lower()), found[2].strip()) if found else (None, text)


def date_of(text: str) -> date | None:
    """Return the day that a cell names, as people here write it, day first; None for anything
    else: "2026-11-12", "12/11/2026", "12-11-2026", "12 Nov 2026", "12 November 2026"."""
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
