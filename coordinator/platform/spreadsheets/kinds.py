"""What kind of file it is, by its content. What we do not read is refused with what to do instead.

Nothing is unpacked here: an archive is judged by its directory.
"""

import io
import re
import zipfile
from enum import StrEnum, auto

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 200 * MEGABYTE
# Sheets of numbers pack to a fortieth; a thousandth is a bomb, regardless of what it contains.
HIGHEST_RATIO = 400
RATIO_COUNTS_FROM = 5 * MEGABYTE

SAVE_AS_XLSX = "Buka di Excel atau LibreOffice, lalu simpan sebagai .xlsx."
READ = "Yang dapat dibaca: .xlsx, .ods, .csv, dan .yaml."
TOO_LARGE = "Berkas terlalu besar, paling besar 10 MB."
EMPTY = "Berkas kosong."
BOMB = "Berkas ini mengembang jauh lebih besar daripada ukurannya, jadi tidak dibuka."
DAMAGED = (
    "Berkas rusak atau tidak utuh. Buka di Excel atau LibreOffice, simpan ulang, lalu unggah lagi."
)
LOCKED = "Berkas dikunci kata sandi. Hapus kata sandinya, simpan ulang, lalu unggah lagi."
MACROS = f"Berkas memuat makro, jadi tidak dibuka. {SAVE_AS_XLSX}"
OLD_EXCEL = f"Ini berkas Excel lama (.xls). {SAVE_AS_XLSX}"
BINARY_EXCEL = f"Ini berkas Excel biner (.xlsb). {SAVE_AS_XLSX}"
HTML = f"Ini halaman web (HTML) yang diberi nama seperti lembar kerja. {SAVE_AS_XLSX}"
XML = f"Ini berkas XML, bukan lembar kerja. {SAVE_AS_XLSX}"
PDF = f"Ini berkas PDF; tabel di dalamnya tidak dapat dibaca. {READ}"
WRITTEN = f"Ini dokumen teks (Word), bukan lembar kerja. {READ}"
SLIDES = f"Ini berkas presentasi, bukan lembar kerja. {READ}"
PICTURE = f"Ini gambar. {READ}"
ARCHIVE = f"Ini arsip ZIP. Ekstrak dahulu, lalu unggah lembar kerjanya. {READ}"
UNKNOWN = f"Isi berkas ini tidak dikenali. {READ}"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
HTML_START = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|meta|table|body)", re.I)
YAML_KEY = re.compile(rb"^(?:schema|plan|strategies|actions)[ \t]*:", re.M)


class BadSheet(Exception):
    """The file cannot be read; the sentence says why and what to do."""


class BookKind(StrEnum):
    """What is read."""

    XLSX = auto()
    ODS = auto()
    CSV = auto()
    YAML = auto()


def kind_of(data: bytes) -> BookKind:
    """Return what a file is. Raises BadSheet with the sentence for what is not read."""
    if len(data) > LARGEST:
        raise BadSheet(TOO_LARGE)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise BadSheet(EMPTY)
    if data.startswith(OLE):
        raise BadSheet(LOCKED if ENCRYPTED in data else OLD_EXCEL)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _archive(data)
    return _text(data)


def _text(data: bytes) -> BookKind:
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"%PDF"):
        raise BadSheet(PDF)
    if head.startswith(b"{\\rtf"):
        raise BadSheet(WRITTEN)
    if head.startswith(PICTURES):
        raise BadSheet(PICTURE)
    if HTML_START.match(head):
        raise BadSheet(HTML)
    if head.lstrip().startswith(b"<?xml"):
        raise BadSheet(XML)
    if not head.startswith(UTF_16) and b"\0" in head:
        raise BadSheet(UNKNOWN)
    if head.lstrip().startswith(b"{") or YAML_KEY.search(data):
        return BookKind.YAML
    return BookKind.CSV


def _archive(data: bytes) -> BookKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            # Some programs on Windows write the names of parts with backslashes.
            names = {entry.filename.replace("\\", "/") for entry in entries}
            first = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                first = archive.read("mimetype")
            manifest = "META-INF/manifest.xml"
            is_locked = any(entry.flag_bits & 1 for entry in entries) or (
                manifest in names
                and archive.getinfo(manifest).file_size < MEGABYTE
                and b"encryption-data" in archive.read(manifest)
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise BadSheet(DAMAGED) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED:
        raise BadSheet(BOMB)
    if unpacked > RATIO_COUNTS_FROM and unpacked > HIGHEST_RATIO * len(data):
        raise BadSheet(BOMB)
    if is_locked:
        raise BadSheet(LOCKED)
    return _of_names(names, first)


def with_slashes(data: bytes) -> bytes:
    """Return an archive that is read here with slashes in the names of its parts, as every reader
    looks for them. Raises BadSheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not any("\\" in entry.filename for entry in archive.infolist()):
                return data
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
                for entry in archive.infolist():
                    made.writestr(entry.filename.replace("\\", "/"), archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise BadSheet(DAMAGED) from error
    return out.getvalue()


def _of_names(names: set[str], mimetype: bytes) -> BookKind:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadSheet(MACROS)
    if "xl/workbook.bin" in names:
        raise BadSheet(BINARY_EXCEL)
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return BookKind.XLSX
    if mimetype.strip() == ODS_TYPE:
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise BadSheet(MACROS)
        return BookKind.ODS
    if any(name.startswith("word/") for name in names) or b"opendocument.text" in mimetype:
        raise BadSheet(WRITTEN)
    if any(name.startswith("ppt/") for name in names) or b"presentation" in mimetype:
        raise BadSheet(SLIDES)
    raise BadSheet(ARCHIVE)
