"""What files are taken and why one is refused. Pure."""

import re
from enum import StrEnum, auto

MEGABYTE = 1_000_000  # bytes, as people count them

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
IMAGE_TYPES = frozenset({JPEG, PNG})
EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", WORD: ".docx", SHEET: ".xlsx"}
ACCEPT = ".jpg,.jpeg,.png,.heic,.heif,.pdf,.docx,.xlsx"


class Reading(StrEnum):
    """How much of a file the detector could read. `never`: stored before files were read."""

    NEVER = auto()
    NONE = auto()  # a photo, a scan
    PARTIAL = auto()  # text, with pictures or pages that contain none
    FULL = auto()


class Removed(StrEnum):
    """What was taken out of a file before it was kept."""

    PLACE = auto()
    AUTHOR = auto()
    METADATA = auto()
    ATTACHMENTS = auto()
    LINKS = auto()
    PICTURES = auto()  # cannot be drawn here and were replaced by a blank
    SIZE = auto()  # redrawn, smaller
    SIGNATURE = auto()  # an electronic one holds for the file as it was sent, not for what is kept


class Refusal(StrEnum):
    """Why a file is not taken; each has its own words (words.py)."""

    EMPTY = auto()
    TYPE = auto()
    OLD_FORMAT = auto()
    TOO_LARGE = auto()
    DAMAGED = auto()
    PASSWORD = auto()
    PROGRAM = auto()  # macros, scripts, launch actions, embedded programs, a test virus
    COMMAND = auto()  # a formula or field that starts a program or fetches (DDE, WEBSERVICE)
    PART = auto()  # something in it that cannot be checked here; the words say what
    PACKING = auto()  # an archive packed in a way that is not read here
    TOO_COMPLEX = auto()  # more pages, parts, pixels or work than a piece of evidence has
    IDENTITY = auto()  # a NIK or Kartu Keluarga number inside


class FileKind(StrEnum):
    """Which of the readers a file is given to, by its first bytes alone."""

    PICTURE = "pictures"
    PDF = "pdf"
    OFFICE = "office"


HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What an encrypted DOCX or XLSX calls its content inside the old container.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# What a saved Outlook message calls its properties inside the same container.
MESSAGE = "__substg1.0_".encode("utf-16-le")
PDF_START = b"%PDF-"
PDF_WITHIN = 1024  # bytes: viewers look this far for the beginning of a PDF
# What a file that is something else begins with, or holds before its PDF begins.
OTHER_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"PK",
    b"\xca\xfe\xba\xbe",
)
OTHER_INSIDE = re.compile(rb"PK\x03\x04|<(?:!doctype|html|script|svg|\?(?:php|xml))", re.IGNORECASE)
# The harmless file that virus scanners are tried with, split so that they leave this one alone.
TEST_VIRUS = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"


def kind_of(data: bytes) -> FileKind | Refusal:
    """Return who reads a file, or why it is refused, by its content alone; names are ignored."""
    if not data:
        return Refusal.EMPTY
    if TEST_VIRUS in data:
        return Refusal.PROGRAM
    if data.startswith(OLE):
        if ENCRYPTED_PACKAGE in data:
            return Refusal.PASSWORD
        return Refusal.TYPE if MESSAGE in data else Refusal.OLD_FORMAT
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return FileKind.PICTURE
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return FileKind.PICTURE
    if data.startswith(b"PK\x03\x04"):
        return FileKind.OFFICE
    return FileKind.PDF if _is_pdf(data) else Refusal.TYPE


def _is_pdf(data: bytes) -> bool:
    """Tell whether a viewer would open this as a PDF. A mark of UTF-8, line ends, the head of a
    download or of a print job may come first; another file, a script or a web page may not."""
    start = data.find(PDF_START, 0, PDF_WITHIN + len(PDF_START) - 1)
    before = data[: max(start, 0)].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    return start >= 0 and not before.startswith(OTHER_STARTS) and not OTHER_INSIDE.search(before)


def clean_name(name: str, media_type: str) -> str:
    """Return a file name fit to be shown and downloaded: no path, no controls, right ending.

    Right-to-left overrides and other invisible characters are dropped: they make "gpj.exe" look
    like "exe.jpg".
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*')
    stem = base.rsplit(".", 1)[0].strip(" .") or "berkas"
    return stem[:120] + EXTENSIONS[media_type]
